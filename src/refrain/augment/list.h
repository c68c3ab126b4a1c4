// The kinds of all operations, each defined in the file of its name.
#pragma once

#include "refrain/augment/operation.h"

namespace refrain::augment {

// series/
Kind crop();
Kind window_slice();
Kind window_warp();
Kind time_warp();
Kind resample();
Kind time_shift();
Kind reverse();
Kind permute();
Kind jitter();
Kind scale();
Kind offset();
Kind drift();
Kind magnitude_warp();
Kind flip();
Kind rotate();
Kind frequency_noise();
Kind frequency_mask();
Kind time_mask();
Kind channel_dropout();
Kind mixup();
Kind cutmix();
Kind guided_warp();
Kind dba();
Kind smote();

// text/
Kind aeda();
Kind back_translation();
Kind eda();
Kind entity_swap();
Kind random_deletion();
Kind random_insertion();
Kind random_swap();
Kind self_training();
Kind sentence_shuffle();
Kind synonym_replacement();
Kind typo();
Kind word_dropout();

// sound/
Kind time_stretch();
Kind pitch_shift();
Kind speed();
Kind add_noise();
Kind gain();
Kind shift();
Kind reverb();
Kind clipping();
Kind low_pass();
Kind high_pass();
Kind spec_augment();

}  // namespace refrain::augment

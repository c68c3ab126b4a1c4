#include "refrain/augment/list.h"

namespace refrain::augment {

namespace {

using Items = std::vector<base::RegistryItem<Kind>>;

Items series_operations() {
  return {
      {"crop", "series: keeps a window of steps, the series gets shorter (Le Guennec et al. 2016)",
       crop()},
      {"window_slice",
       "series: keeps a window and stretches it to the whole length (Le Guennec et al. 2016)",
       window_slice()},
      {"window_warp", "series: plays a window slower or faster (Le Guennec et al. 2016)",
       window_warp()},
      {"time_warp", "series: bends time by a smooth curve of speed (Um et al. 2017)", time_warp()},
      {"resample", "series: other number of steps, as measured at another rate", resample()},
      {"time_shift", "series: begins earlier or later", time_shift()},
      {"reverse", "series: runs backwards", reverse()},
      {"permute", "series: puts pieces in another order (Um et al. 2017)", permute()},
      {"jitter", "series: adds normal noise to each value (Um et al. 2017)", jitter()},
      {"scale", "series: multiplies each channel about its mean (Um et al. 2017)", scale()},
      {"offset", "series: moves each channel up or down", offset()},
      {"drift", "series: adds a smooth curve to each channel", drift()},
      {"magnitude_warp", "series: multiplies each channel by a smooth curve (Um et al. 2017)",
       magnitude_warp()},
      {"flip", "series: turns channels upside down (Um et al. 2017)", flip()},
      {"rotate", "series: turns channels of one unit into one another (Um et al. 2017)", rotate()},
      {"frequency_noise", "series: changes strength and phase of frequencies (Gao et al. 2020)",
       frequency_noise()},
      {"frequency_mask", "series: takes a band of frequencies out (Park et al. 2019)",
       frequency_mask()},
      {"time_mask", "series: replaces a window by the mean (DeVries and Taylor 2017)", time_mask()},
      {"channel_dropout", "series: replaces channels by their means", channel_dropout()},
      {"mixup", "series: mixes with another series, labels too (Zhang et al. 2018)", mixup()},
      {"cutmix", "series: takes a window from another series, labels too (Yun et al. 2019)",
       cutmix()},
      {"guided_warp",
       "series: takes the timing of another series of its label (Iwana and Uchida 2020)",
       guided_warp()},
      {"dba",
       "series: averages with others of its label under time warping (Forestier et al. 2017)",
       dba()},
      {"smote", "series: moves towards a near series of its label (Chawla et al. 2002)", smote()}};
}

Items text_operations() {
  return {
      {"eda", "text: one of the next four at random (Wei and Zou 2019)", eda()},
      {"synonym_replacement", "text: words give way to synonyms", synonym_replacement()},
      {"random_insertion", "text: puts synonyms of its words in", random_insertion()},
      {"random_swap", "text: words change places", random_swap()},
      {"random_deletion", "text: leaves words out", random_deletion()},
      {"aeda", "text: puts marks of punctuation between words (Karimi et al. 2021)", aeda()},
      {"word_dropout", "text: makes words unknown (Iyyer et al. 2015)", word_dropout()},
      {"sentence_shuffle", "text: puts its sentences in another order", sentence_shuffle()},
      {"typo", "text: slips on the keyboard", typo()},
      {"back_translation", "text: another wording, by translators of yours (Sennrich et al. 2016)",
       back_translation()},
      {"self_training", "text: with --task translate, replies of another model (He et al. 2020)",
       self_training()},
      {"entity_swap", "tagged text: an entity becomes another of its type (Dai and Adel 2020)",
       entity_swap()}};
}

Items sound_operations() {
  return {
      {"time_stretch", "sound: longer or shorter at the same pitch (Verhelst and Roelands 1993)",
       time_stretch()},
      {"pitch_shift", "sound: higher or lower at the same length", pitch_shift()},
      {"speed", "sound: faster or slower, pitch and all (Ko et al. 2015)", speed()},
      {"add_noise", "sound: white or pink noise, or recordings of noise, at a given ratio",
       add_noise()},
      {"gain", "sound: louder or softer", gain()},
      {"shift", "sound: begins later or earlier", shift()},
      {"reverb", "sound: echoes of a room (Moorer 1979)", reverb()},
      {"clipping", "sound: cuts off what is loudest", clipping()},
      {"low_pass", "sound: softens high frequencies", low_pass()},
      {"high_pass", "sound: softens low frequencies", high_pass()},
      {"spec_augment",
       "series: masks windows of steps and runs of channels, as of recordings (Park et al. "
       "2019)",
       spec_augment()}};
}

Items all_operations() {
  Items all = series_operations();
  for (auto* more : {&text_operations, &sound_operations}) {
    for (auto& item : more()) all.push_back(std::move(item));
  }
  return all;
}

}  // namespace

const base::Registry<Kind>& operations() {
  static const base::Registry<Kind> list("augmentation", all_operations());
  return list;
}

}  // namespace refrain::augment

// From texts to series: an encoder that others trained gives each text a series of states, one a
// token, [CLS] and [SEP] among them: their mean is the vector that sentence encoders are used by;
// or one a word, where words are to be tagged. What follows (networks, simple methods, folds) reads
// the series; methods for texts still find the text beside it.
#pragma once

#include <string>

#include "refrain/base/fields.h"
#include "refrain/base/log.h"
#include "refrain/data/sample.h"
#include "refrain/transformer/pretrained.h"

namespace refrain::transformer {

struct TextEncoderSpec {
  std::string encoder;    // a folder; "" = none
  int encoder_layer = 0;  // "auto"
  int encoder_tune = 0;
  double encoder_lr = 2e-4;
  double encoder_dropout = 0.1;
  std::string encoder_cache = "auto";
};
base::Fields<TextEncoderSpec> text_encoder_fields();

struct EncodingOf {
  const TextEncoderSpec& spec;
  int max_length = 0;       // tokens of a text; 0 = as many as the encoder can read
  int threads = 0;          // 0 = all cores
  std::string digest = {};  // required digest of the encoder; "" = any
  bool by_word = false;     // a state a word (reading.h)
};

// The dataset's texts become series; nothing happens without an encoder. The states do not depend
// on threads and cache. Throws usage where the data are no texts, data where the encoder is not
// the one of the digest, and as Pretrained::open.
void encode_texts(data::Dataset& dataset, const EncodingOf& how, const base::Log& log);

}  // namespace refrain::transformer

// The network of a reply: an encoder over the steps of a text or series, and above its states a
// decoder with attention, CTC, or both (Watanabe et al. 2017).
//
// A batch has two streams: the source, and the symbols of the reply behind a mark, whose rows the
// decoder reads.
#pragma once

#include <optional>
#include <vector>

#include "refrain/nn/decoder.h"
#include "refrain/nn/encoder.h"
#include "refrain/tensor/arena.h"

namespace refrain::transduce {

// The settled form of a network, as a model keeps it.
struct NetworkForm {
  nn::StreamShape source;
  nn::EncoderSpec encoder;
  nn::DecoderSpec decoder;
  bool attends = true, has_ctc = false;
  double ctc_weight = 0.3;  // where there are both
  int symbols = 2;          // of replies, the mark among them
};

class ReplyNetwork {
 public:
  explicit ReplyNetwork(const NetworkForm& form);

  const NetworkForm& form() const { return form_; }
  nn::ParamSet& params() { return params_; }
  const nn::ParamSet& params() const { return params_; }

  // The sum of the surprises of all symbols and ends over `total_weight` [1].
  tape::Var loss(nn::Context& context, double total_weight) const;

  // Throws unsupported where the encoder needs the whole source at once.
  std::unique_ptr<nn::EncoderStream> stream() const { return encoder_->stream(params_); }
  // Weights [features,symbols] and bias [symbols] of CTC.
  tensor::Tensor ctc_weights() const { return params_.value(ctc_w_); }
  tensor::Tensor ctc_bias() const { return params_.value(ctc_b_); }

  // The states of the batch's sources.
  nn::StepStates encode(nn::Context& context) const;
  // The scores of the symbols at each step, before the softmax: [N,symbols].
  tape::Var ctc_scores(nn::Context& context, const nn::StepStates& encoded) const;
  // Null where the network has CTC alone.
  const nn::Decoder* decoder() const { return decoder_ ? &*decoder_ : nullptr; }
  // Steps that an encoder makes of a source of this length.
  int steps_of(int length) const { return (length + encoder_->stride() - 1) / encoder_->stride(); }
  int stride() const { return encoder_->stride(); }

 private:
  tape::Var decoder_loss(nn::Context& context, const nn::StepStates& encoded,
                         double total_weight) const;
  tape::Var ctc_loss(nn::Context& context, const nn::StepStates& encoded,
                     double total_weight) const;

  NetworkForm form_;
  nn::ParamSet params_;
  std::unique_ptr<nn::Encoder> encoder_;
  std::optional<nn::Decoder> decoder_;
  int ctc_w_ = -1, ctc_b_ = -1;
};

// A network with CTC alone, while its source is still arriving. Nothing allocates after it is made.
// The network must stay as it is.
class CtcStream {
 public:
  // Throws unsupported where the encoder needs the whole source at once.
  explicit CtcStream(const ReplyNetwork& network);

  void reset();
  // One step of the source [inputs] -> the symbol that it adds to the likeliest path, or the mark.
  int step(const real* x);

 private:
  const ReplyNetwork& network_;
  std::unique_ptr<nn::EncoderStream> encoder_;
  tensor::Arena arena_;
  real *packed_, *scores_;
  int before_;
};

}  // namespace refrain::transduce

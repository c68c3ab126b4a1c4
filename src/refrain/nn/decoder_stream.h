// A decoder (decoder.h) that writes step by step: several hypotheses side by side from one source.
// Weights are packed once, states are kept, and a step allocates nothing. Gives the numbers of the
// whole sequence at once.
#pragma once

#include "refrain/kernels/cells.h"
#include "refrain/nn/decoder.h"
#include "refrain/tensor/arena.h"

namespace refrain::nn {

// The weights of a decoder as its products want them, for any number of sources and threads. The
// decoder and its parameters must stay as they are.
class PackedDecoder {
 public:
  PackedDecoder(const Decoder& decoder, const ParamSet& params);

  const DecoderSpec& spec() const { return *spec_; }
  int vocabulary() const { return words_.rows(); }

 private:
  friend class DecoderStream;
  struct Linear {
    int inputs, outputs;
    const real *packed, *bias;  // bias null = none
    // x [rows,inputs] -> y [rows,outputs], added to what stands there where `adds`.
    void run(const kernels::Block& x, int rows, const kernels::MutableBlock& y,
             bool adds = false) const;
  };
  struct Layer {
    Linear input;
    const real *packed_h, *b_h;
  };
  Linear pack(const ParamSet& params, int w, int b);
  Layer pack_layer(const ParamSet& params, const DecoderParams::Layer& layer);

  const DecoderSpec* spec_;
  const kernels::Cell* cell_;
  tensor::Arena arena_;
  tensor::Tensor words_;          // [vocabulary,embedding_dim]
  const real* energy_ = nullptr;  // [hidden] with additive attention
  Linear begin_, query_, key_, out_state_, out_found_, out_word_, softmax_;
  Layer first_, second_;
};

class DecoderStream {
 public:
  explicit DecoderStream(const PackedDecoder& decoder) : d_(decoder) {}

  // One hypothesis that has written nothing, from an encoder's states [steps,inputs], which must
  // stay; `most` of them are to stand side by side. Allocates what all steps need.
  void begin(const tensor::Tensor& source, int most);
  // Goes on with some hypotheses, in this order; a number may occur several times.
  void keep(const int* numbers, int count);
  // One step of every hypothesis: symbol [count].
  void step(const int* symbol);

  int count() const { return count_; }
  const real* probabilities() const { return probabilities_; }  // [count,vocabulary]
  // Of the attention: [count,heads,steps of the source].
  const real* weights() const { return weights_; }

 private:
  // A recurrent layer's gates, and its states after this step and after the one before, in turn.
  struct Layer {
    real *z, *h[2], *c[2];
  };
  Layer make_layer(int most);
  void begin_first(const tensor::Tensor& source);
  void pack_source(const tensor::Tensor& source);
  void run(const PackedDecoder::Layer& weights, const kernels::Block& x, Layer& layer) const;
  void attend(const real* query);
  // Numbers of a hypothesis that the first layer reads: a word, and with input feeding what was
  // found at the step before.
  int reads() const { return d_.first_.input.inputs; }
  real* rows(int count, int columns) {
    return arena_.array<real>(static_cast<std::size_t>(count) * static_cast<std::size_t>(columns));
  }

  const PackedDecoder& d_;
  tensor::Arena arena_;
  int count_ = 0, steps_ = 0;                               // hypotheses; steps of the source
  real* keys_ = nullptr;                                    // [steps,hidden]
  real *packed_keys_ = nullptr, *packed_values_ = nullptr;  // of each head
  std::size_t key_room_ = 0, value_room_ = 0;               // numbers of one
  Layer first_ = {}, second_ = {};
  real* read_[2] = {};  // [count, embedding_dim (+ inputs with input feeding)], and before, in turn
  real *query_ = nullptr, *out_ = nullptr;
  real* both_ = nullptr;  // [count,hidden + inputs] the first layer's states, and what was found
  real *probabilities_ = nullptr, *weights_ = nullptr;
};

}  // namespace refrain::nn

// A recurrent decoder with attention: writes a sequence of symbols, each from those before it and
// from what it reads in the states of an encoder.
//
// Two recurrent layers, after the two transitions of a step of Sennrich et al. 2017: the first
// reads the symbols so far, its states attend to the encoder's states (Bahdanau et al. 2015, Luong
// et al. 2015), and the second reads what was found there. No state enters a layer below it, so
// that all steps of a layer are computed at once while training, where every step reads the true
// symbol (teacher forcing). With input feeding (Luong et al. 2015) the first layer also reads what
// attention found at the step before, so that it knows where it stands in the source; its steps
// then run one after the other.
#pragma once

#include <string>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/tape/cross_attention.h"
#include "refrain/tape/recurrent.h"
#include "refrain/tape/word_loss.h"

namespace refrain::nn {

struct DecoderSpec {
  std::string cell = "gru";
  int hidden = 128;
  int embedding_dim = 128;
  bool additive = false;  // attention by tanh in place of dot products
  int heads = 1;          // of dot products
  bool feeds = false;     // input feeding
  double dropout = 0.3;   // of word vectors, of what the attention finds, and before the softmax
  double label_smoothing = 0.1;
};

// Sequences to be written, in the order of `steps`: row n reads symbol[n] and should give
// target[n].
struct Written {
  const int* symbol = nullptr;  // [N] a mark, then the symbols but for the last
  const int* target = nullptr;  // [N] the symbols, and a mark for the end
  const tensor::Steps* steps = nullptr;
  double total_weight = 1;     // the loss is the sum of surprises over this
  double* surprise = nullptr;  // [N] in nats, with smoothing where the context trains
};

// Where the parameters stand in their ParamSet; -1 = there is none.
struct DecoderParams {
  struct Layer {
    int w_x, w_h, b, b_h;
  };
  int words, bias;  // the table of word vectors, which the softmax shares
  int begin_w, begin_b;
  int query, key, energy = -1;
  Layer first, second;
  int out_state, out_found, out_word, out_b;
};

class Decoder {
 public:
  // Declares parameters under `name`. `inputs`: features of the encoder's states.
  Decoder(const DecoderSpec& spec, int vocabulary, int inputs, const std::string& name,
          ParamSet& params);

  const DecoderSpec& spec() const { return spec_; }
  const DecoderParams& params() const { return at_; }

  // -> loss [1]. The sequences stand in the order of the batch that `encoded` is of.
  tape::Var loss(Context& context, const StepStates& encoded, const Written& written) const;

 private:
  // What the steps of a decoder read beside their symbols.
  struct Reading {
    tape::Var keys, values;
    tape::AttendedSteps steps;
    tape::Var start;  // the first layer's states before the first step
  };
  // The first layer's states and what they find in the source, of all steps.
  struct Found {
    tape::Var states, found;
  };

  DecoderParams::Layer add_layer(int inputs, const std::string& name, ParamSet& params) const;
  tape::RecurrentLayer on_tape(Context& context, const DecoderParams::Layer& layer) const;
  tape::Var drop(Context& context, tape::Var x, const char* what, const tensor::Steps& steps) const;
  tape::Var beginning(Context& context, const StepStates& encoded) const;
  tape::CrossAttention attention(Context& context) const;
  Found at_once(Context& context, tape::Var x, const Reading& reading) const;
  Found step_by_step(Context& context, tape::Var x, const Reading& reading) const;
  tape::Var output(Context& context, const int* symbol, const Reading& reading) const;

  DecoderSpec spec_;
  const kernels::Cell* cell_;
  DecoderParams at_;
};

}  // namespace refrain::nn

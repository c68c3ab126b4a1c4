// A recurrent decoder with attention: writes a sequence of symbols, each from those before it and
// from what it reads in the states of an encoder.
//
// Two recurrent layers, after the two transitions of a step of Sennrich et al. 2017: the first
// reads the symbols so far, its states attend to the encoder's states (Bahdanau et al. 2015, Luong
// et al. 2015), and the second reads what was found there. No state enters a layer below it, so
// that all steps of a layer are computed at once while training, where every step reads the true
// symbol (teacher forcing).
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
  double dropout = 0.3;   // of word vectors, of what the attention finds, and before the softmax
  double label_smoothing = 0.1;
};

// Sequences to be written, in the order of `steps`: row n reads symbol[n] and should give
// target[n].
struct Written {
  const int* symbol = nullptr;  // [N] a mark, then the symbols but for the last
  const int* target = nullptr;  // [N] the symbols, and a mark for the end
  const tensor::Steps* steps = nullptr;
  double total_weight = 1;         // the loss is the sum of surprises over this
  double* surprise = nullptr;      // [N] in nats, with smoothing where the context trains
  const real** weights = nullptr;  // of the attention (tape/cross_attention.h)
};

// The encoder's states of one sequence, kept for all steps of writing.
struct DecoderSource {
  int steps = 0;
  std::vector<real> states, keys;  // [steps, inputs], [steps, hidden]
};

// The states of hypotheses that are written side by side from one source.
struct DecoderStates {
  int count = 0;                       // of the hypotheses
  std::vector<real> first_h, first_c;  // [count, hidden], [count, further states]
  std::vector<real> second_h, second_c;

  // Those of some hypotheses, in this order; a number may occur several times.
  DecoderStates picked(const std::vector<int>& numbers) const;
};

class Decoder {
 public:
  // Declares parameters under `name`. `inputs`: features of the encoder's states.
  Decoder(const DecoderSpec& spec, int vocabulary, int inputs, const std::string& name,
          ParamSet& params);

  const DecoderSpec& spec() const { return spec_; }
  int vocabulary() const { return vocabulary_; }

  // -> loss [1]. The sequences stand in the order of the batch that `encoded` is of.
  tape::Var loss(Context& context, const StepStates& encoded, const Written& written) const;

  // What one encoded sequence is written from. The tape of `context` holds its states.
  DecoderSource source(Context& context, const StepStates& encoded) const;
  // One hypothesis that has written nothing.
  DecoderStates start(Context& context, const StepStates& encoded) const;

  // One step of every hypothesis: symbol [count] -> log_p [count, vocabulary]; `states` go on.
  // Resets the tape of `context`. `weights` [count, heads, source.steps] gets those of the
  // attention where it is not null.
  void step(Context& context, const DecoderSource& source, const int* symbol, DecoderStates& states,
            std::vector<double>& log_p, std::vector<real>* weights = nullptr) const;

 private:
  struct Layer {
    int w_x, w_h, b, b_h;
  };
  // What a layer starts from and where its last states go.
  struct Carried {
    tape::Var h, c;
    tensor::Tensor end_h, end_c;
  };
  // What the steps of a decoder read beside their symbols.
  struct Reading {
    tape::Var keys, values;
    tape::AttendedSteps steps;
    const int* reads = nullptr;
    const real** weights = nullptr;
    Carried first, second;
  };

  Layer add_layer(int inputs, const std::string& name, ParamSet& params) const;
  tape::Var run(Context& context, const Layer& layer, tape::Var x, const Carried& carried,
                const tensor::Steps& steps) const;
  tape::Var drop(Context& context, tape::Var x, const char* what, const tensor::Steps& steps) const;
  tape::Var beginning(Context& context, const StepStates& encoded) const;
  tape::Var output(Context& context, const int* symbol, const Reading& reading) const;
  tape::WordTable table(const Context& context) const;
  Carried carried(Context& context, std::vector<real>& h, std::vector<real>& c, int count) const;
  int further() const { return cell_->states * spec_.hidden; }

  DecoderSpec spec_;
  const kernels::Cell* cell_;
  int vocabulary_, inputs_;
  int words_, bias_, begin_w_, begin_b_;
  int query_, key_, energy_ = -1;
  Layer first_, second_;
  int out_state_, out_found_, out_word_, out_b_;
};

}  // namespace refrain::nn

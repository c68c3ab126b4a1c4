// An encoder turns one stream of a batch into one vector per sample; a head turns the vector into
// what a task wants. The only virtual interfaces of the network: everything below them is plain
// structs.
#pragma once

#include <memory>
#include <string>

#include "refrain/base/fields.h"
#include "refrain/nn/context.h"
#include "refrain/nn/convolution_stem.h"
#include "refrain/nn/transformer_layers.h"

namespace refrain::nn {

// A sequence that arrives step by step: keeps the states and the pooled vector so far. After it is
// made nothing allocates. The parameters it was made from must stay as they are.
class EncoderStream {
 public:
  virtual ~EncoderStream() = default;
  virtual void reset() = 0;                // before the first step of a sequence
  virtual void step(const real* x) = 0;    // x [inputs]
  virtual const real* vector() const = 0;  // [F] of the steps so far (at least one)
};

// States step by step: row n of `states` [N,S] stands for `stride` steps of the input.
struct StepStates {
  tape::Var states;
  const tensor::Steps* steps = nullptr;  // of the states
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual tape::Var forward(Context& context, const data::StreamBatch& stream) const = 0;  // [B,F]
  virtual int features() const = 0;                                                        // F
  // For what is answered step by step. Not for batches with mixup.
  virtual StepStates steps(Context& context, const data::StreamBatch& stream) const = 0;
  virtual int step_features() const = 0;  // S
  virtual int stride() const = 0;
  // Throws unsupported where the vector needs the whole sequence at once (two directions,
  // attention).
  virtual std::unique_ptr<EncoderStream> stream(const ParamSet& params) const = 0;
};

constexpr int kAutoHidden = 0;  // EncoderSpec::hidden, to be chosen before an encoder is made

// The recurrent encoder: (word vectors, or tuned layers of a transformer ->) (convolution stem ->)
// (segments ->) stack of recurrent layers (-> self-attention) -> pooling. As an option,
// embedding_dim 0 and dropout -1 mean "chosen from the training data": a task puts its choice in
// (task/spec.h) before an encoder is made.
struct EncoderSpec {
  std::string cell = "gru";
  int hidden = 64;
  int layers = 1;
  bool bidirectional = true;
  std::string pooling = "concat";
  std::string attention = "none";
  int heads = 4;
  bool layer_norm = false;
  bool residual = false;
  int segment = 1;
  int parts = 0;
  int embedding_dim = 100;
  int spelling_dim = 60;
  std::string recompute = "auto";
  int truncate = 0;
  double dropout = 0.2;
  double input_dropout = 0;
  double recurrent_dropout = 0;
  double zoneout = 0;
  double weight_drop = 0;
  double embedding_dropout = 0;
  double ar = 0;
  double tar = 0;
  double lm_loss = 0;
  StemSpec stem = {};
};
base::Fields<EncoderSpec> encoder_fields();

struct StreamShape {
  data::StreamKind kind = data::StreamKind::kSeries;
  int inputs = 1;  // features of a series, words of a vocabulary
  int length = 0;  // steps of the longest training sequence; 0 = unknown
  // Layers of the encoder that made the series of texts; they are the network's first.
  data::TunedLayers tuned = {};
  double tuned_dropout = 0;
  // For texts whose words are also read by their spelling: the number of characters (0: they are
  // not), and whether a recurrent layer reads them.
  int letters = 0;
  bool letters_recur = false;
};

// Declares the encoder's parameters under `name`. Throws usage where the options contradict each
// other.
std::unique_ptr<Encoder> make_encoder(const EncoderSpec& spec, const StreamShape& stream,
                                      const std::string& name, ParamSet& params);

}  // namespace refrain::nn

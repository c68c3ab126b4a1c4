#include <fmt/format.h>

#include <algorithm>

#include "refrain/nn/encoder.h"
#include "refrain/nn/recurrent_stack.h"
#include "refrain/nn/recurrent_stream.h"
#include "refrain/nn/word_helper.h"
#include "refrain/nn/word_spelling.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/activity.h"
#include "refrain/tape/attention.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/mixing.h"
#include "refrain/tape/part_pooling.h"
#include "refrain/tape/pooling.h"
#include "refrain/tape/time_pooling.h"

namespace refrain::nn {
namespace {

using data::StreamBatch;
using tape::Var;

constexpr int kMostInputs = 1 << 24;
constexpr int kStepsLeft = 100;  // where the segment is chosen

int segment_steps(const EncoderSpec& spec, int length) {
  return spec.segment > 0 ? spec.segment : std::max(1, (length + kStepsLeft - 1) / kStepsLeft);
}

class RecurrentEncoder : public Encoder {
 public:
  RecurrentEncoder(const EncoderSpec& spec, const StreamShape& stream, const std::string& name,
                   ParamSet& params)
      : spec_(spec), name_(name) {
    int inputs = stream.inputs;
    if (stream.kind == data::StreamKind::kText) {
      inputs = spec.embedding_dim;
      table_ = params.add({name + ".words", {stream.inputs, inputs}, Start::kSmallNormal});
      if (stream.letters > 0) {
        const SpellingSpec own{stream.letters, spec.spelling_dim, stream.letters_recur, spec.cell};
        spelling_ = WordSpelling(own, name + ".spelling", params);
        inputs += spelling_.features();
      }
    }
    if (stream.tuned.count > 0) {
      tuned_ =
          TransformerLayers::make(stream.tuned, inputs, name + std::string(kTunedName), params);
      tuned_.dropout = stream.tuned_dropout;
    }
    if (spec.stem.stem != "none") {
      const StemInput in{inputs, stream.length, stream.kind == data::StreamKind::kText};
      stem_ = ConvolutionStem::make(spec.stem, in, name + ".stem", params);
      stem_pool_ = stem_pool(spec.stem, in);
    }
    if (below()) inputs = stem_.channels;
    segment_ = segment_steps(spec, below() ? stream.length / stem_pool_ : stream.length);
    require_inputs(inputs);
    stack_ = RecurrentStack::make(spec, segment_ * inputs, name, params);
    const int F = stack_.features();
    if (spec.lm_loss > 0) add_helper(stream, params);
    if (spec.attention == "self") add_attention(name + ".attention.", F, params);
    if (spec.pooling == "attention") {
      pool_w_ = params.add({name + ".pool.w", {F, F}, Start::kGlorot});
      pool_b_ = params.add({name + ".pool.b", {F}, Start::kZero, 1, false});
      pool_v_ = params.add({name + ".pool.v", {F, 1}, Start::kGlorot});
    }
    if (spec.pooling == "dot" || spec.pooling == "multi_head") {
      const int heads = spec.pooling == "dot" ? 1 : spec.heads;
      if (heads > 1) require_divisor(F);
      pool_w_ = params.add({name + ".pool.w", {F, heads}, Start::kGlorot});
    }
  }

  int features() const override {
    return stack_.features() * ((spec_.pooling == "concat" ? 3 : 1) + spec_.parts) +
           (beside() ? 2 * stem_.channels : 0);
  }

  int step_features() const override { return stack_.features() + (beside() ? stem_.channels : 0); }
  int stride() const override { return (below() ? stem_pool_ : 1) * segment_; }

  StepStates steps(Context& context, const StreamBatch& stream) const override {
    context.scope = name_;
    tape::Tape& tape = context.tape;
    const tensor::Steps* at = &stream.table.steps();
    Var x = input(context, stream, *at);
    show_input(context, x);
    x = dropped(context, x, spec_.input_dropout, "input", *at);
    Var stem = {};
    if (has_stem()) {
      stem = stem_.forward(context, x, *at);
      stem = dropped(context, stem, spec_.stem.stem_dropout, "stem", *at);
      if (below()) x = stem = fewer(tape, stem, stem_pool_, at);
    }
    if (segment_ > 1) {
      const tensor::Steps& shorter = tape::shortened(tape, *at, segment_);
      x = tape::side_by_side(tape, x, segment_, *at, shorter);
      if (beside()) stem = tape::average_pool(tape, stem, segment_, *at, shorter);
      at = &shorter;
    }
    x = stack_.forward(context, x, *at);
    if (spec_.ar > 0 || spec_.tar > 0) penalise(context, x, *at);
    if (w_in_ >= 0) x = attend(context, x, *at);
    if (!beside()) return {x, at};
    const Var both[] = {x, stem};
    return {tape::concatenate(tape, both, 2), at};
  }

  std::unique_ptr<EncoderStream> stream(const ParamSet& params) const override {
    const bool whole =
        spec_.bidirectional || w_in_ >= 0 || pool_w_ >= 0 || segment_ > 1 || spec_.parts > 0;
    if (whole || table_ >= 0 || has_stem() || !tuned_.layers.empty() || stack_.layers.empty()) {
      throw Error(
          Code::kUnsupported, "this model needs the whole sequence before it can answer",
          "for streaming train on series with --no-bidirectional, --attention none, --stem none, "
          "--segment 1 and --pooling last, mean, max or concat");
    }
    return std::make_unique<RecurrentStream>(stack_, params, spec_.pooling);
  }

  Var forward(Context& context, const StreamBatch& stream) const override {
    context.scope = name_;
    const bool mixed = context.batch.mixed();
    const tensor::Steps& steps = mixed ? stream.mixed.steps() : stream.table.steps();
    Var x = input(context, stream, stream.table.steps());
    if (mixed) x = mix(context, x, stream);
    show_input(context, x);
    x = dropped(context, x, spec_.input_dropout, "input", steps);
    const int* ids = stream.kind == data::StreamKind::kText ? stream.ids.data() : nullptr;
    x = has_stem() ? with_stem(context, x, steps, ids) : states(context, x, steps, ids);
    if (!context.training || spec_.dropout <= 0) return x;
    return tape::dropout_rows(context.tape, x, context.dropout(spec_.dropout, "pooled", steps),
                              steps);
  }

 private:
  bool has_stem() const { return spec_.stem.stem != "none"; }
  bool below() const { return has_stem() && spec_.stem.stem_form == "stem"; }
  bool beside() const { return has_stem() && (spec_.stem.stem_skip || !below()); }

  // Variational dropout of x [N,F], while training.
  static Var dropped(const Context& context, Var x, double p, std::string_view name,
                     const tensor::Steps& steps) {
    if (!context.training || p <= 0) return x;
    return tape::dropout_variational(context.tape, x, context.dropout(p, name, steps), steps);
  }

  // The mean of each window of steps; `at` becomes the steps that are left.
  static Var fewer(tape::Tape& tape, Var x, int window, const tensor::Steps*& at) {
    if (window <= 1) return x;
    const tensor::Steps& shorter = tape::shortened(tape, *at, window);
    x = tape::average_pool(tape, x, window, *at, shorter);
    at = &shorter;
    return x;
  }

  // x [N,I] -> the recurrent layers above or beside the stem, and the stem itself if wanted.
  Var with_stem(Context& context, Var x, const tensor::Steps& steps, const int* ids) const {
    tape::Tape& tape = context.tape;
    Var y = stem_.forward(context, x, steps);  // [N,S]
    y = dropped(context, y, spec_.stem.stem_dropout, "stem", steps);
    Var out;
    if (below() && stem_pool_ > 1) {
      const tensor::Steps& shorter = tape::shortened(tape, steps, stem_pool_);
      out = states(context, tape::average_pool(tape, y, stem_pool_, steps, shorter), shorter,
                   nullptr);
    } else {
      out = states(context, below() ? y : x, steps, ids);
    }
    if (!beside()) return out;
    const Var parts[] = {out, tape::pool_mean(tape, y, steps), tape::pool_max(tape, y, steps)};
    return tape::concatenate(tape, parts, 3);
  }

  // The recurrent layers, pooled, over segments of x.
  Var states(Context& context, Var x, const tensor::Steps& steps, const int* ids) const {
    if (segment_ <= 1) return encode(context, x, steps, ids);
    const tensor::Steps& shorter = tape::shortened(context.tape, steps, segment_);
    return encode(context, tape::side_by_side(context.tape, x, segment_, steps, shorter), shorter,
                  nullptr);
  }

  void require_inputs(int inputs) const {
    if (inputs <= kMostInputs / segment_) return;
    throw Error(Code::kUsage,
                fmt::format("--segment {} makes too many inputs of {}", segment_, inputs),
                "give a shorter segment");
  }

  void require_divisor(int F) const {
    if (F % spec_.heads == 0) return;
    throw Error(Code::kUsage,
                fmt::format("--heads {} does not divide the {} state features", spec_.heads, F),
                "choose a divisor, for example --heads 2");
  }

  // Before any attention: a state must not have seen the word that it is to tell.
  void add_helper(const StreamShape& stream, ParamSet& params) {
    if (stream.kind != data::StreamKind::kText) return;
    if (below() || segment_ > 1) {
      throw Error(Code::kUsage, "--lm-loss needs recurrent layers that read single words",
                  "leave --stem and --segment out, or --lm-loss");
    }
    helper_ = WordHelper::make(spec_.lm_loss, table_, stack_, name_ + ".lm", params);
  }

  void add_attention(const std::string& name, int F, ParamSet& params) {
    require_divisor(F);
    w_in_ = params.add({name + "w_in", {F, 3 * F}, Start::kGlorot, 3});
    b_in_ = params.add({name + "b_in", {3 * F}, Start::kZero, 1, false});
    w_out_ = params.add({name + "w_out", {F, F}, Start::kGlorot});
    b_out_ = params.add({name + "b_out", {F}, Start::kZero, 1, false});
  }

  Var input(Context& context, const StreamBatch& stream, const tensor::Steps& steps) const {
    if (stream.kind == data::StreamKind::kSeries) {
      auto* values = const_cast<real*>(stream.values.data());
      const tensor::Tensor x{{steps.N, stream.features}, values};
      return looked_at(context, tuned_.forward(context, context.tape.constant(x), steps));
    }
    const int* ids = stream.ids.data();
    Var x = looked_at(context, tape::embedding(context.tape, context.param(table_), ids, steps.N));
    if (context.training && spec_.embedding_dropout > 0) {
      const auto keys = context.dropout(spec_.embedding_dropout, "words", steps);
      x = tape::dropout_words(context.tape, x, ids, keys, steps);
    }
    if (!spelling_.present()) return x;
    const Var both[] = {x, spelling_.forward(context, stream)};
    return tape::concatenate(context.tape, both, 2);
  }

  // Marks the input as a parameter while a Look records, because the Look needs its gradient.
  static Var looked_at(Context& context, Var x) {
    if (context.look == nullptr || context.tape.wants_gradient(x)) return x;
    const tensor::Tensor value = context.tape.value(x);
    return context.tape.variable(value, context.tape.arena().zeros(value.shape));
  }

  static void show_input(const Context& context, Var x) {
    if (context.look == nullptr) return;
    if (context.look->alter) context.look->alter(context.tape.value(x));
    context.look->see(context.look->of_stream("input"), x);
  }

  static Var mix(Context& context, Var x, const StreamBatch& stream) {
    const tape::Mixing m{context.batch.partner.data(), context.batch.own.data()};
    return tape::mix(context.tape, x, m, stream.table.steps(), stream.mixed.steps());
  }

  Var encode(Context& context, Var x, const tensor::Steps& steps, const int* ids) const {
    const std::string& how = spec_.pooling;
    const bool penalised = context.share != nullptr && (spec_.ar > 0 || spec_.tar > 0);
    const bool watched = context.look != nullptr;
    const bool helped = context.share != nullptr && helper_.weight > 0;
    const bool whole =
        w_in_ >= 0 || pool_w_ >= 0 || spec_.parts > 0 || penalised || helped || watched;
    if (!whole && stack_.can_pool()) {
      const bool all = how == "concat";
      const tape::Pooled wanted{all || how == "last", all || how == "mean", all || how == "max"};
      return stack_.pooled(context, x, wanted, steps);
    }
    x = stack_.forward(context, x, steps);
    if (penalised) penalise(context, x, steps);
    if (helped) helper_.forward(context, x, ids, stack_, steps);
    if (w_in_ >= 0) x = attend(context, x, steps);
    const Var all = pool(context, x, steps);
    if (spec_.parts == 0) return all;
    const Var both[] = {all, tape::pool_parts(context.tape, x, spec_.parts, steps)};
    return tape::concatenate(context.tape, both, 2);
  }

  // AR and TAR of the top layer's states.
  void penalise(Context& context, Var states, const tensor::Steps& steps) const {
    if (context.share == nullptr) return;
    const tape::Activity a{spec_.ar, spec_.tar, context.share};
    const Var own = tape::activity(context.tape, states, a, steps);
    context.activity =
        context.activity.present() ? tape::add(context.tape, context.activity, own) : own;
  }

  // States plus what they attend to (a residual branch).
  Var attend(Context& context, Var x, const tensor::Steps& steps) const {
    tape::SelfAttention a;
    a.w_in = context.param(w_in_);
    a.b_in = context.param(b_in_);
    a.w_out = context.param(w_out_);
    a.b_out = context.param(b_out_);
    a.heads = spec_.heads;
    if (context.look != nullptr) {
      auto& look = *context.look;
      look.attention.push_back({look.of_stream("attention"), nullptr, spec_.heads, steps.T});
      a.weights = &look.attention.back().weights;
    }
    return tape::add(context.tape, x, tape::self_attention(context.tape, x, a, steps));
  }

  Var pool(Context& context, Var x, const tensor::Steps& steps) const {
    tape::Tape& tape = context.tape;
    if (spec_.pooling == "last") return tape::pool_last(tape, x, stack_.units(), steps);
    if (spec_.pooling == "mean") return tape::pool_mean(tape, x, steps);
    if (spec_.pooling == "max") return tape::pool_max(tape, x, steps);
    if (spec_.pooling == "concat") {
      const Var parts[] = {tape::pool_last(tape, x, stack_.units(), steps),
                           tape::pool_mean(tape, x, steps), tape::pool_max(tape, x, steps)};
      return tape::concatenate(tape, parts, 3);
    }
    Var weights;  // [N,heads]
    const Var pooled = pool_by_attention(context, x, steps, weights);
    if (context.look != nullptr) context.look->see(context.look->of_stream("pooling"), weights);
    return pooled;
  }

  Var pool_by_attention(Context& context, Var x, const tensor::Steps& steps, Var& weights) const {
    tape::Tape& tape = context.tape;
    const Var w = context.param(pool_w_);
    if (pool_v_ < 0) return tape::pool_dot_attention(tape, x, w, steps, &weights);
    const Var v = tape::reshape(tape, context.param(pool_v_), {stack_.features()});
    return tape::pool_attention(tape, x, {w, context.param(pool_b_), v}, steps, &weights);
  }

  EncoderSpec spec_;
  std::string name_;
  RecurrentStack stack_;
  TransformerLayers tuned_;  // none, as a rule
  ConvolutionStem stem_;
  int stem_pool_ = 1, segment_ = 1;
  WordSpelling spelling_;  // none, as a rule
  WordHelper helper_;      // none, as a rule
  int table_ = -1;
  int w_in_ = -1, b_in_ = -1, w_out_ = -1, b_out_ = -1;  // self-attention
  int pool_w_ = -1, pool_b_ = -1, pool_v_ = -1;          // attention pooling (dot: w alone)
};

}  // namespace

namespace {

void add_regularisation(base::Fields<EncoderSpec>& fields) {
  using S = EncoderSpec;
  fields.section("Regularisation")
      .field("dropout", &S::dropout, 0, 0.95, base::Word{"auto", -1},
             "dropout between layers and before the head; auto = chosen by the kind of data")
      .field("input_dropout", &S::input_dropout, 0, 0.95,
             "variational dropout of the input features: one mask for each sequence")
      .field("recurrent_dropout", &S::recurrent_dropout, 0, 0.95,
             "variational dropout of the recurrent state: one mask for each sequence")
      .field("zoneout", &S::zoneout, 0, 0.95,
             "probability that a state keeps its previous value (Krueger et al. 2017)")
      .field("weight_drop", &S::weight_drop, 0, 0.95,
             "dropout of the recurrent weights: one mask for each update (Merity et al. 2018)")
      .field("embedding_dropout", &S::embedding_dropout, 0, 0.95,
             "drop whole words of a text, each at all its places")
      .field("ar", &S::ar, 0, 1000,
             "activation regularisation: penalty on the size of the top layer's states (Merity et "
             "al. 2018)")
      .field("tar", &S::tar, 0, 1000,
             "temporal activation regularisation: penalty on the change of the states from step to "
             "step (Merity et al. 2018)")
      .field("lm_loss", &S::lm_loss, 0, 100,
             "texts: weight of an additional language-model loss, in nats per word, for which the "
             "states predict the neighbouring words (Chronopoulou et al. 2019); with --init of a "
             "language model its softmax is trained further");
}

}  // namespace

base::Fields<EncoderSpec> encoder_fields() {
  using S = EncoderSpec;
  base::Fields<S> fields;
  fields.section("Network")
      .field("cell", &S::cell, kernels::cells().names(), "recurrent cell")
      .field("hidden", &S::hidden, 1, 4096, base::Word{"auto", kAutoHidden},
             "size of the recurrent state, for each layer and direction; auto = chosen with the "
             "number of layers by cross-validation inside the training part")
      .common(
          "Size of the recurrent state; another one than the preset has gives one network alone.")
      .field("layers", &S::layers, 0, 16,
             "number of stacked recurrent layers; 0 = none, the inputs are pooled directly")
      .field("bidirectional", &S::bidirectional, "read each sequence in both directions")
      .field("pooling", &S::pooling,
             {"last", "mean", "max", "concat", "attention", "dot", "multi_head"},
             "how the states become one vector: last, mean or max; concat joins these three; "
             "attention (additive), dot (with a learnt query) and multi_head (a query for each "
             "part of the state) learn weights of the steps")
      .field("parts", &S::parts, 0, 64,
             "divide the sequence into this many equal parts and add the mean state of each to the "
             "pooled vector; 0 = none")
      .field("attention", &S::attention, {"none", "self"},
             "self = multi-head self-attention over the states before pooling")
      .field("heads", &S::heads, 1, 64,
             "number of heads, with --attention self or --pooling multi_head")
      .field("layer_norm", &S::layer_norm, "layer normalisation after each recurrent layer")
      .field("residual", &S::residual,
             "add the input of each recurrent layer, from the second on, to its output (Wu et al. "
             "2016)")
      .field("segment", &S::segment, 0, 10000,
             "join this many consecutive steps into one input of the recurrent layers (patches, "
             "Nie et al. 2023); 0 = as many as leave about 100 inputs")
      .field("embedding_dim", &S::embedding_dim, 0, 4096,
             "texts: size of the word vectors; 0 = chosen by the number of samples")
      .field("spelling_dim", &S::spelling_dim, 2, 1024,
             "with --spelling: approximate size of the vector that describes a word's characters")
      .field("recompute", &S::recompute, {"auto", "never", "always"},
             "long series: compute activations again in the backward pass and save memory (Chen et "
             "al. 2016). The result is the same and takes about a third longer; auto = if the "
             "activations would take more than 256 MB")
      .field("truncate", &S::truncate, 0, 1'000'000'000,
             "truncated back-propagation: cut the gradient after this many steps; 0 = never");
  add_regularisation(fields);
  fields.include(&S::stem, stem_fields());
  return fields;
}

std::unique_ptr<Encoder> make_encoder(const EncoderSpec& spec, const StreamShape& stream,
                                      const std::string& name, ParamSet& params) {
  return std::make_unique<RecurrentEncoder>(spec, stream, name, params);
}

}  // namespace refrain::nn

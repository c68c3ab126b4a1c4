// Every combination of the encoder's options: it builds, gives finite numbers of the right shape,
// and the gradient of the whole network agrees with finite differences, dropout included.
#include "refrain/nn/encoder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "refrain/data/mixup.h"
#include "refrain/kernels/cells.h"
#include "refrain/nn/head.h"

namespace refrain::nn {
namespace {

using data::StreamKind;
using tape::Tape;
using tape::Var;
using tensor::Tensor;

constexpr int kInputs = 3, kWords = 7, kOutputs = 3;

data::EncodedSample sample_of(StreamKind kind, int length, base::Rng rng, int index) {
  data::EncodedStream stream;
  stream.length = length;
  for (int i = 0; i < length * kInputs && kind == StreamKind::kSeries; ++i) {
    stream.values.push_back(static_cast<real>(rng.uniform(-1, 1)));
  }
  for (int i = 0; i < length && kind == StreamKind::kText; ++i) {
    stream.ids.push_back(static_cast<int>(rng.below(kWords)));
  }
  data::EncodedSample sample;
  sample.streams.push_back(std::move(stream));
  sample.index = index;
  return sample;
}

// An encoder with a head on a ragged batch of four samples; the loss is the sum of all outputs
// times fixed random numbers.
class Net {
 public:
  Net(const EncoderSpec& spec, StreamKind kind, std::vector<int> lengths = {3, 5, 1, 4})
      : lengths_(std::move(lengths)) {
    const StreamShape shape{kind, kind == StreamKind::kText ? kWords : kInputs};
    encoder_ = make_encoder(spec, shape, "encoder", params_);
    head_ = LinearHead::make(encoder_->features(), kOutputs, "head", params_);
    params_.initialise(base::Rng(3));
    const std::vector<data::StreamInfo> infos = {{"x", kind, kInputs, {}}};
    std::vector<data::EncodedSample> samples;
    std::vector<int> chosen;
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
      const int number = static_cast<int>(i);
      samples.push_back(sample_of(kind, lengths_[i], base::Rng(5).fork(i), number));
      chosen.push_back(number);
    }
    data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()), infos, batch_);
    pairs_.draw(samples, chosen.data(), static_cast<int>(chosen.size()), 1, base::Rng(19));
    gradients_.resize(params_.count());
    base::Rng rng(7);
    for (std::size_t i = 0; i < lengths_.size() * kOutputs; ++i) {
      upstream_.push_back(rng.uniform(-1, 1));
    }
  }

  Tensor encode(bool training, int epoch = 0) {
    tape_.reset(training);
    Context context = make_context(training, epoch);
    const Var y = encoder_->forward(context, batch_.streams[0]);
    return tape_.value(y);
  }

  // Returns the term that the encoder adds to the loss of these samples, -1 if none; `asked`: by a
  // training.
  double activity(bool asked) {
    tape_.reset(asked);
    Context context = make_context(asked, 0);
    const std::vector<real> share(lengths_.size(), 1 / static_cast<real>(lengths_.size()));
    if (asked) context.share = share.data();
    encoder_->forward(context, batch_.streams[0]);
    if (!context.activity.present()) return -1;
    return static_cast<double>(tape_.value(context.activity).data[0]);
  }

  double loss() {
    tape_.reset(false);
    Context context = make_context(true, 0);
    return dot(tape_.value(forward(context)));
  }

  void differentiate() {
    std::fill(gradients_.begin(), gradients_.end(), real{0});
    tape_.reset(true);
    Context context = make_context(true, 0);
    const Var y = forward(context);
    const Tensor d = tape_.gradient(y);
    for (std::size_t i = 0; i < d.count(); ++i) d.data[i] += static_cast<real>(upstream_[i]);
    tape_.backward();
  }

  // From now on each sample is mixed with another one.
  void mix() { data::mix_in(pairs_, batch_); }

  // Away from the start values: zeros lie on relu's kink.
  void shake() {
    base::Rng rng(13);
    for (real& x : params_.values()) x += static_cast<real>(rng.uniform(-0.3, 0.3));
  }

  int features() const { return encoder_->features(); }
  ParamSet& params() { return params_; }
  const std::vector<real>& gradients() const { return gradients_; }

 private:
  Context make_context(bool training, int epoch) {
    return {tape_,
            params_,
            tape_.recording() ? gradients_.data() : nullptr,
            training,
            base::Rng(11).fork(static_cast<std::uint64_t>(epoch)),
            batch_};
  }
  Var forward(Context& context) {
    return head_.forward(context, encoder_->forward(context, batch_.streams[0]));
  }
  double dot(const Tensor& y) const {
    double sum = 0;
    for (std::size_t i = 0; i < y.count(); ++i)
      sum += upstream_[i] * static_cast<double>(y.data[i]);
    return sum;
  }

  std::vector<int> lengths_;
  ParamSet params_;
  std::unique_ptr<Encoder> encoder_;
  LinearHead head_;
  data::Pairs pairs_;
  data::Batch batch_;
  Tape tape_;
  std::vector<real> gradients_;
  std::vector<double> upstream_;
};

EncoderSpec small() {
  EncoderSpec spec;
  spec.hidden = 4;
  spec.heads = 2;
  spec.embedding_dim = 5;
  spec.dropout = 0;
  return spec;
}

EncoderSpec with_every_dropout(EncoderSpec spec) {
  spec.dropout = 0.3;
  spec.input_dropout = 0.2;
  spec.recurrent_dropout = 0.3;
  spec.zoneout = 0.2;
  spec.weight_drop = 0.2;
  spec.embedding_dropout = 0.2;
  return spec;
}

std::string describe(const EncoderSpec& s, StreamKind kind) {
  return fmt::format("{} layers {} {} pooling {} attention {}{} {}", s.cell, s.layers,
                     s.bidirectional ? "both" : "forward", s.pooling, s.attention,
                     s.layer_norm ? " norm" : "", kind == StreamKind::kText ? "text" : "series");
}

const std::vector<std::string> kPoolings = {"last",      "mean", "max",       "concat",
                                            "attention", "dot",  "multi_head"};

// Calls check(spec, kind) for layers x directions x pooling x attention x norm x kind.
template <class Check>
void for_every_combination(const std::string& cell, const Check& check) {
  for (int bits = 0; bits < 32; ++bits) {
    for (const auto& pooling : kPoolings) {
      EncoderSpec spec = small();
      spec.cell = cell;
      spec.pooling = pooling;
      spec.layers = (bits & 1) != 0 ? 2 : 1;
      spec.bidirectional = (bits & 2) != 0;
      spec.attention = (bits & 4) != 0 ? "self" : "none";
      spec.layer_norm = (bits & 8) != 0;
      spec.residual = (bits & 3) != 0;
      const auto kind = (bits & 16) != 0 ? StreamKind::kText : StreamKind::kSeries;
      SCOPED_TRACE(describe(spec, kind));
      check(spec, kind);
    }
  }
}

// The derivative by the parameter at x, from four points; smaller steps forgive a kink in reach.
double numeric(Net& net, real& x, double step) {
  const real old = x;
  const auto slope = [&](double h) {
    x = old + static_cast<real>(h);
    const double up = net.loss();
    x = old - static_cast<real>(h);
    const double down = net.loss();
    x = old;
    return (up - down) / (2 * h);
  };
  return (4 * slope(step) - slope(2 * step)) / 3;
}

// The largest relative error of any parameter's derivative (small ones relative to 1e-3 of the
// largest).
double worst_derivative(Net& net) {
  net.differentiate();
  const auto gradients = net.gradients();
  double largest = 0, worst = 0;
  for (const real g : gradients) largest = std::max(largest, std::abs(static_cast<double>(g)));
  for (const auto& p : net.params().params()) {
    for (std::size_t i = p.offset; i < p.offset + p.shape.count(); ++i) {
      const double a = static_cast<double>(gradients[i]);
      double best = INFINITY;
      for (const double h : {3e-4, 3e-5, 3e-6}) {
        const double n = numeric(net, net.params().values()[i], h);
        const double floor = std::max({std::abs(a), std::abs(n), 1e-3 * largest});
        best = std::min(best, std::abs(a - n) / floor);
        if (best < 1e-8) break;
      }
      worst = std::max(worst, best);
    }
  }
  return worst;
}

// |slope along the gradient - |gradient|| / |gradient|: what float can tell. A smaller step
// forgives a kink in reach.
double error_along_gradient(Net& net) {
  net.differentiate();
  const auto gradients = net.gradients();
  double square = 0;
  for (const real g : gradients) square += static_cast<double>(g) * static_cast<double>(g);
  const double norm = std::sqrt(square);
  const auto start = net.params().values();
  const auto at = [&](double step) {
    for (std::size_t i = 0; i < start.size(); ++i) {
      net.params().values()[i] =
          start[i] + static_cast<real>(step * static_cast<double>(gradients[i]) / norm);
    }
    return net.loss();
  };
  double best = INFINITY;
  for (const double h : {4e-3, 1e-3, 2.5e-4, 6e-5}) {
    best = std::min(best, std::abs((at(h) - at(-h)) / (2 * h) - norm) / norm);
  }
  net.params().values() = start;
  return best;
}

class EncoderOfCell : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, EncoderOfCell, testing::ValuesIn(kernels::cells().names()),
                         [](const auto& p) { return p.param; });

TEST_P(EncoderOfCell, gives_finite_features_of_the_promised_shape) {
  for_every_combination(GetParam(), [](const EncoderSpec& spec, StreamKind kind) {
    Net net(spec, kind);
    const int width = 4 * (spec.bidirectional ? 2 : 1) * (spec.pooling == "concat" ? 3 : 1);
    EXPECT_EQ(net.features(), width);
    const Tensor y = net.encode(false);
    EXPECT_EQ(y.shape, (tensor::Shape{4, width}));
    EXPECT_TRUE(std::ranges::all_of(y.span(), [](real x) { return std::isfinite(x); }));
    EXPECT_TRUE(std::ranges::any_of(y.span(), [](real x) { return x != 0; }));
  });
}

TEST_P(EncoderOfCell, has_the_gradient_that_finite_differences_have_with_dropout_on) {
  for_every_combination(GetParam(), [](const EncoderSpec& spec, StreamKind kind) {
    Net net(with_every_dropout(spec), kind);
    net.shake();
    if (sizeof(real) == 8) {
      EXPECT_LT(worst_derivative(net), 1e-6);
    } else {
      EXPECT_LT(error_along_gradient(net), 0.02);
    }
  });
}

TEST_P(EncoderOfCell, gives_parameters_unique_names_and_all_but_hidden_ones_a_gradient) {
  for_every_combination(GetParam(), [](const EncoderSpec& spec, StreamKind kind) {
    Net net(spec, kind);
    net.differentiate();
    std::set<std::string> names;
    for (const auto& p : net.params().params()) {
      EXPECT_TRUE(names.insert(p.name).second) << p.name;
      const auto begin = net.gradients().begin() + static_cast<std::ptrdiff_t>(p.offset);
      const auto end = begin + static_cast<std::ptrdiff_t>(p.shape.count());
      EXPECT_TRUE(std::any_of(begin, end, [](real g) { return g != 0; })) << p.name;
    }
  });
}

TEST(ActivityPenalties, are_of_the_states_whatever_pools_them_and_in_training_alone) {
  EncoderSpec spec;
  spec.hidden = 4;
  spec.dropout = 0;
  EXPECT_EQ(Net(spec, StreamKind::kSeries).activity(true), -1) << "none wanted";
  for (const auto& [ar, tar] : {std::pair{1.0, 0.0}, {0.0, 1.0}}) {
    spec.ar = ar;
    spec.tar = tar;
    spec.pooling = "concat";
    const double expected = Net(spec, StreamKind::kSeries).activity(true);
    EXPECT_GT(expected, 0);
    EXPECT_LT(expected, 1) << "a mean of numbers below one";
    EXPECT_EQ(Net(spec, StreamKind::kSeries).activity(false), -1);
    spec.pooling = "last";
    EXPECT_EQ(Net(spec, StreamKind::kSeries).activity(true), expected);
    spec.ar *= 3;
    spec.tar *= 3;
    EXPECT_NEAR(Net(spec, StreamKind::kSeries).activity(true), 3 * expected, 1e-5);
  }
}

TEST(Encoder, dropout_depends_on_the_epoch_and_prediction_has_none) {
  for (const auto kind : {StreamKind::kSeries, StreamKind::kText}) {
    Net net(with_every_dropout(small()), kind);
    const auto copy = [](const Tensor& t) { return std::vector<real>(t.data, t.data + t.count()); };
    const auto first = copy(net.encode(true, 1)), again = copy(net.encode(true, 1));
    const auto other = copy(net.encode(true, 2)), none = copy(net.encode(false));
    EXPECT_EQ(first, again);
    EXPECT_NE(first, other);
    EXPECT_NE(first, none);
    EncoderSpec still = small();
    still.zoneout =
        0.2;  // what a state keeps in prediction is the mean of what it kept in training
    EXPECT_EQ(none, copy(Net(still, kind).encode(false)));
  }
}

TEST(Encoder, each_kind_of_dropout_has_an_effect_of_its_own) {
  const auto encode = [](double EncoderSpec::*field, StreamKind kind) {
    EncoderSpec spec = small();
    spec.layers = 2;
    if (field != nullptr) spec.*field = 0.5;
    Net net(spec, kind);
    const Tensor y = net.encode(true);
    return std::vector<real>(y.data, y.data + y.count());
  };
  std::set<std::vector<real>> results = {encode(nullptr, StreamKind::kText)};
  for (const auto field :
       {&EncoderSpec::dropout, &EncoderSpec::input_dropout, &EncoderSpec::recurrent_dropout,
        &EncoderSpec::zoneout, &EncoderSpec::weight_drop, &EncoderSpec::embedding_dropout}) {
    EXPECT_TRUE(results.insert(encode(field, StreamKind::kText)).second);
  }
}

TEST(Encoder, a_sample_does_not_depend_on_the_batch_it_is_in) {
  for (const auto& cell : kernels::cells().names()) {
    EncoderSpec spec = small();
    spec.cell = cell;
    spec.attention = "self";
    Net together(spec, StreamKind::kSeries), alone(spec, StreamKind::kSeries, {3});
    const Tensor many = together.encode(false), one = alone.encode(false);
    for (int c = 0; c < many.columns(); ++c) EXPECT_EQ(many.row(0)[c], one.row(0)[c]) << cell;
  }
}

// Calls check(spec, kind) for kind of stem x form x skip x pool x stream.
template <class Check>
void for_every_stem(const Check& check) {
  for (int bits = 0; bits < 32; ++bits) {
    EncoderSpec spec = small();
    spec.stem.stem = (bits & 1) != 0 ? "depthwise" : "full";
    spec.stem.stem_form = (bits & 2) != 0 ? "stem" : "branch";
    spec.stem.stem_skip = (bits & 4) != 0;
    spec.stem.stem_pool = (bits & 8) != 0 ? 2 : 1;
    spec.stem.stem_channels = 5;
    spec.stem.stem_layers = 2;
    spec.stem.stem_kernels = "3,2";
    spec.stem.squeeze = (bits & 12) == 0;
    spec.segment = (bits & 6) == 0 ? 2 : 1;
    const auto kind = (bits & 16) != 0 ? StreamKind::kText : StreamKind::kSeries;
    SCOPED_TRACE(fmt::format("{} {} skip {} pool {} {}", spec.stem.stem, spec.stem.stem_form,
                             spec.stem.stem_skip, spec.stem.stem_pool, describe(spec, kind)));
    check(spec, kind);
  }
}

TEST(Encoder, with_a_stem_has_the_gradient_that_finite_differences_have) {
  for_every_stem([](EncoderSpec spec, StreamKind kind) {
    spec = with_every_dropout(spec);
    spec.stem.stem_dropout = 0.3;
    Net net(spec, kind);
    net.shake();
    const bool beside = spec.stem.stem_skip || spec.stem.stem_form == "branch";
    EXPECT_EQ(net.features(), 3 * 2 * 4 + (beside ? 2 * 5 : 0));
    if (sizeof(real) == 8) {
      EXPECT_LT(worst_derivative(net), 1e-6);
    } else {
      EXPECT_LT(error_along_gradient(net), 0.02);
    }
  });
}

TEST(Encoder, with_a_stem_gives_a_sample_the_same_bits_in_any_batch) {
  for_every_stem([](const EncoderSpec& spec, StreamKind kind) {
    Net together(spec, kind), alone(spec, kind, {3});
    const Tensor many = together.encode(false), one = alone.encode(false);
    for (int c = 0; c < many.columns(); ++c) EXPECT_EQ(many.row(0)[c], one.row(0)[c]);
  });
}

TEST(Encoder, of_mixed_samples_has_the_gradient_that_finite_differences_have) {
  for (const auto kind : {StreamKind::kSeries, StreamKind::kText}) {
    for (const bool stem : {false, true}) {
      EncoderSpec spec = with_every_dropout(small());
      if (stem) spec.stem.stem = "full", spec.stem.stem_kernels = "3", spec.stem.stem_skip = true;
      Net net(spec, kind);
      net.mix();
      net.shake();
      EXPECT_LT(sizeof(real) == 8 ? 1e4 * worst_derivative(net) : error_along_gradient(net), 0.02);
    }
  }
}

TEST(Encoder, a_sample_mixed_with_itself_is_the_sample) {
  for (const auto kind : {StreamKind::kSeries, StreamKind::kText}) {
    Net mixed(small(), kind, {4}), plain(small(), kind, {4});
    mixed.mix();
    const Tensor a = mixed.encode(true), b = plain.encode(true);
    for (int c = 0; c < a.columns(); ++c) {
      EXPECT_NEAR(static_cast<double>(a.row(0)[c]), static_cast<double>(b.row(0)[c]), 1e-6);
    }
  }
}

TEST(Encoder, adds_means_of_equal_parts_to_any_pooling) {
  for (const char* pooling : {"concat", "attention"}) {
    for (const char* stem : {"none", "full"}) {
      EncoderSpec spec = small();
      spec.pooling = pooling;
      spec.stem.stem = stem;
      spec.stem.stem_kernels = "3";
      spec.stem.stem_channels = 5;
      const int without = Net(spec, StreamKind::kSeries).features();
      spec.parts = 3;
      Net net(with_every_dropout(spec), StreamKind::kSeries);
      net.shake();
      EXPECT_EQ(net.features(), without + 3 * 2 * 4);
      EXPECT_LT(sizeof(real) == 8 ? 1e4 * worst_derivative(net) : error_along_gradient(net), 0.02);
    }
  }
}

TEST(Encoder, reads_segments_as_it_would_read_wider_steps) {
  EncoderSpec spec = small();
  for (const auto kind : {StreamKind::kSeries, StreamKind::kText}) {
    for (const int segment : {2, 3, 9}) {
      spec.segment = segment;
      Net net(with_every_dropout(spec), kind);
      net.shake();
      const int inputs = kind == StreamKind::kText ? spec.embedding_dim : kInputs;
      const auto& first = net.params().params()[kind == StreamKind::kText ? 1 : 0];
      EXPECT_EQ(first.shape[0], segment * inputs) << first.name;
      EXPECT_LT(sizeof(real) == 8 ? 1e4 * worst_derivative(net) : error_along_gradient(net), 0.02);
      Net together(spec, kind), alone(spec, kind, {3});
      const Tensor many = together.encode(false), one = alone.encode(false);
      for (int c = 0; c < many.columns(); ++c) EXPECT_EQ(many.row(0)[c], one.row(0)[c]);
    }
  }
}

TEST(Encoder, heads_that_do_not_divide_the_features_are_refused_with_a_hint) {
  for (const bool pool : {false, true}) {
    EncoderSpec spec = small();
    pool ? spec.pooling = "multi_head" : spec.attention = "self";
    spec.heads = 3;
    try {
      Net(spec, StreamKind::kSeries);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUsage);
      EXPECT_STREQ(error.what(), "--heads 3 does not divide the 8 state features");
      EXPECT_EQ(error.hint(), "choose a divisor, for example --heads 2");
    }
  }
}

// Two encoders with the same parameters on the same batch; what they give while training.
std::pair<std::vector<real>, std::vector<real>> of_two_encoders(const EncoderSpec& spec,
                                                                StreamKind kind) {
  ParamSet params;
  const StreamShape shape{kind, kind == StreamKind::kText ? kWords : kInputs};
  const auto first = make_encoder(spec, shape, "encoder", params);
  const std::size_t half = params.count();
  const auto second = make_encoder(spec, shape, "encoder_other", params);
  params.initialise(base::Rng(3));
  std::copy_n(params.values().begin(), half,
              params.values().begin() + static_cast<std::ptrdiff_t>(half));
  std::vector<data::EncodedSample> samples;
  const std::vector<int> chosen = {0, 1, 2};
  for (const int i : chosen) {
    samples.push_back(sample_of(kind, 4 + i, base::Rng(5).fork(static_cast<std::uint64_t>(i)), i));
  }
  data::Batch batch;
  data::assemble(samples, chosen.data(), 3, {{"x", kind, kInputs, {}}}, batch);
  Tape tape;
  tape.reset(true);
  std::vector<real> gradients(params.count());
  Context context{tape, params, gradients.data(), true, base::Rng(2), batch};
  const auto numbers = [&](const Encoder& encoder) {
    const Tensor y = tape.value(encoder.forward(context, batch.streams[0]));
    return std::vector<real>(y.data, y.data + y.count());
  };
  return {numbers(*first), numbers(*second)};
}

TEST(Encoder, masks_of_two_equal_encoders_differ_for_each_kind_of_dropout) {
  struct Kind {
    const char* name;
    std::function<void(EncoderSpec&)> on;
    StreamKind stream = StreamKind::kSeries;
  };
  const std::vector<Kind> kinds = {
      {"pooled", [](EncoderSpec& s) { s.dropout = 0.5; }},
      {"between layers", [](EncoderSpec& s) { s.dropout = 0.5, s.layers = 2; }},
      {"input", [](EncoderSpec& s) { s.input_dropout = 0.5; }},
      {"recurrent", [](EncoderSpec& s) { s.recurrent_dropout = 0.5; }},
      {"zoneout", [](EncoderSpec& s) { s.zoneout = 0.5; }},
      {"weights", [](EncoderSpec& s) { s.weight_drop = 0.5; }},
      {"words", [](EncoderSpec& s) { s.embedding_dropout = 0.5; }, StreamKind::kText},
      {"stem", [](EncoderSpec& s) { s.stem.stem = "full", s.stem.stem_dropout = 0.5; }}};
  for (const auto& kind : kinds) {
    EncoderSpec spec = small();
    spec.stem.stem_kernels = "3";
    const auto plain = of_two_encoders(spec, kind.stream);
    EXPECT_EQ(plain.first, plain.second) << "without masks they are the same";
    kind.on(spec);
    const auto masked = of_two_encoders(spec, kind.stream);
    EXPECT_NE(masked.first, masked.second) << kind.name;
  }
}

TEST(Context, masks_of_the_first_encoder_are_keyed_without_its_name) {
  Tape tape;
  const ParamSet params;
  const data::Batch batch;
  Context context{tape, params, nullptr, true, base::Rng(2), batch};
  EXPECT_EQ(context.masks().key(), base::Rng(2).key());
  context.scope = "encoder";
  EXPECT_EQ(context.masks().key(), base::Rng(2).key());
  context.scope = "encoder_b";
  EXPECT_EQ(context.masks().key(), base::Rng(2).fork("encoder_b").key());
}

TEST(Context, frozen_parameters_have_no_gradient_and_no_rule) {
  for (const auto kind : {StreamKind::kSeries, StreamKind::kText}) {
    ParamSet params;
    EncoderSpec spec = small();
    spec.layers = 2;
    spec.weight_drop = spec.input_dropout = spec.dropout = 0.2;
    const StreamShape shape{kind, kind == StreamKind::kText ? kWords : kInputs};
    const auto encoder = make_encoder(spec, shape, "encoder", params);
    params.initialise(base::Rng(3));
    data::Batch batch;
    const int first = 0;
    data::assemble({sample_of(kind, 4, base::Rng(5), 0)}, &first, 1, {{"x", kind, kInputs, {}}},
                   batch);
    std::vector<real> gradients(params.count());
    const auto wanted = [&] {
      Tape tape;
      tape.reset(true);
      Context context{tape, params, gradients.data(), true, base::Rng(2), batch};
      return tape.wants_gradient(encoder->forward(context, batch.streams[0]));
    };
    EXPECT_TRUE(wanted());
    for (std::size_t i = 0; i < params.params().size(); ++i)
      params.at(static_cast<int>(i)).frozen = true;
    EXPECT_FALSE(wanted()) << "nothing is differentiated through a frozen encoder";
    params.at(static_cast<int>(params.params().size()) - 1).frozen = false;
    EXPECT_TRUE(wanted()) << "one that learns is enough";
  }
}

TEST(Encoder, the_forget_gate_of_every_lstm_starts_open_and_of_no_other_cell) {
  for (const auto& cell : kernels::cells().names()) {
    EncoderSpec spec = small();
    spec.cell = cell;
    Net net(spec, StreamKind::kSeries);
    for (const auto& p : net.params().params()) {
      if (!p.name.ends_with(".b") || p.name == "head.b") continue;
      const real* b = net.params().values().data() + p.offset;
      for (std::size_t i = 0; i < p.shape.count(); ++i) {
        EXPECT_EQ(b[i], cell.ends_with("lstm") && i >= 4 && i < 8 ? 1 : 0) << p.name << i;
      }
    }
  }
}

}  // namespace
}  // namespace refrain::nn

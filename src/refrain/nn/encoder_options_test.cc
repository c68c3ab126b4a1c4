// Options of an encoder one by one: what they choose, refuse and draw anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "refrain/base/error.h"
#include "refrain/data/batch.h"
#include "refrain/nn/encoder.h"

namespace refrain::nn {
namespace {

constexpr int kChannels = 3;

EncoderSpec of_four_units() {
  EncoderSpec spec;
  spec.hidden = 4;
  spec.embedding_dim = 5;
  spec.dropout = 0;
  return spec;
}

// An encoder on equal series of ones.
class OfOnes {
 public:
  OfOnes(const EncoderSpec& spec, int samples, int length)
      : encoder_(make_encoder(spec, {data::StreamKind::kSeries, kChannels}, "encoder", params_)) {
    params_.initialise(base::Rng(3));
    std::vector<data::EncodedSample> all;
    std::vector<int> chosen;
    for (int i = 0; i < samples; ++i) {
      data::EncodedStream ones;
      ones.length = length;
      ones.values.assign(static_cast<std::size_t>(length * kChannels), real{1});
      all.emplace_back().streams.push_back(std::move(ones));
      all.back().index = i;
      chosen.push_back(i);
    }
    data::assemble(all, chosen.data(), samples, {{"x", data::StreamKind::kSeries, kChannels, {}}},
                   batch_);
  }

  // f(name of the parameter, row, column, its value)
  template <class F>
  void fill(const F& f) {
    for (std::size_t i = 0; i < params_.params().size(); ++i) {
      const tensor::Tensor value = params_.value(static_cast<int>(i));
      for (int r = 0; r < value.rows(); ++r) {
        for (int c = 0; c < value.columns(); ++c) {
          real& x = value.row(r)[c];
          x = static_cast<real>(f(params_.params()[i].name, r, c, static_cast<double>(x)));
        }
      }
    }
  }
  // Returns the output while training, after this many updates.
  std::vector<real> encode(std::uint64_t updates = 0) {
    const auto y = forward(updates);
    const tensor::Tensor value = tape_.value(y);
    return {value.data, value.data + value.count()};
  }
  // Differentiates the sum of the output.
  const std::vector<real>& differentiate() {
    const tensor::Tensor d = tape_.gradient(forward(0));
    std::fill_n(d.data, d.count(), real{1});
    tape_.backward();
    return gradients_;
  }
  std::size_t bytes() { return tape_.arena().capacity(); }

 private:
  tape::Var forward(std::uint64_t updates) {
    tape_.reset(true);
    gradients_.assign(params_.count(), real{0});
    Context context{tape_, params_, gradients_.data(), true, base::Rng(2), batch_, updates};
    return encoder_->forward(context, batch_.streams[0]);
  }

  ParamSet params_;
  std::unique_ptr<Encoder> encoder_;
  data::Batch batch_;
  tape::Tape tape_;
  std::vector<real> gradients_;
};

TEST(EncoderOptions, without_recurrent_layers_what_is_read_is_pooled) {
  for (const char* pooling : {"mean", "max", "last", "attention", "concat"}) {
    EncoderSpec spec = of_four_units();
    spec.layers = 0;
    spec.pooling = pooling;
    OfOnes net(spec, 2, 5);
    const bool concat = spec.pooling == "concat";
    EXPECT_EQ(net.encode(), std::vector<real>(2 * kChannels * (concat ? 3 : 1), real{1}));
    ParamSet params;
    const auto encoder = make_encoder(spec, {data::StreamKind::kSeries, kChannels}, "e", params);
    EXPECT_EQ(encoder->features(), kChannels * (concat ? 3 : 1));
    EXPECT_EQ(params.params().size(), spec.pooling == "attention" ? 3U : 0U);
    EXPECT_THROW(encoder->stream(params), Error);
  }
}

TEST(EncoderOptions, a_segment_that_is_chosen_leaves_about_a_hundred_steps) {
  EncoderSpec spec = of_four_units();
  spec.segment = 0;
  for (const auto& [length, segment] :
       {std::pair{0, 1}, {1, 1}, {100, 1}, {101, 2}, {200, 2}, {3000, 30}}) {
    ParamSet params;
    make_encoder(spec, {data::StreamKind::kSeries, kChannels, length}, "encoder", params);
    EXPECT_EQ(params.params()[0].shape[0], segment * kChannels) << length;
  }
}

TEST(EncoderOptions, a_segment_of_too_many_inputs_is_refused) {
  EncoderSpec spec = of_four_units();
  spec.segment = 10000;
  spec.embedding_dim = 4096;
  ParamSet params;
  try {
    make_encoder(spec, {data::StreamKind::kText, 7}, "encoder", params);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUsage);
    EXPECT_STREQ(error.what(), "--segment 10000 makes too many inputs of 4096");
  }
}

TEST(EncoderOptions, a_second_layer_of_the_stem_that_says_nothing_changes_nothing) {
  EncoderSpec spec = of_four_units();
  spec.stem.stem = "full";
  spec.stem.stem_channels = 5;
  spec.stem.stem_kernels = "3,2";
  spec.stem.stem_layers = 1;
  OfOnes one(spec, 2, 4);
  spec.stem.stem_layers = 2;
  OfOnes two(spec, 2, 4);
  two.fill([](const std::string& name, int, int, double x) {
    return name == "encoder.stem.1.gain" ? 0.0 : x;
  });
  EXPECT_EQ(one.encode(), two.encode());
}

TEST(EncoderOptions, gradients_pass_all_steps_or_as_many_as_truncate_says) {
  const auto gradients = [](int truncate) {
    EncoderSpec spec = of_four_units();
    spec.truncate = truncate;
    return OfOnes(spec, 2, 6).differentiate();
  };
  EXPECT_EQ(gradients(0), gradients(100)) << "longer than any sequence";
  EXPECT_NE(gradients(0), gradients(1));
}

TEST(EncoderOptions, activations_are_computed_again_where_that_is_asked_for) {
  const auto bytes = [](const char* recompute) {
    EncoderSpec spec = of_four_units();
    spec.recompute = recompute;
    OfOnes net(spec, 1, 40000);
    net.differentiate();
    return static_cast<double>(net.bytes());
  };
  EXPECT_LT(3 * bytes("always"), bytes("never"));
  EXPECT_EQ(bytes("auto"), bytes("never")) << "so little is kept";
}

TEST(EncoderOptions, weights_are_dropped_anew_in_each_update) {
  EncoderSpec spec = of_four_units();
  OfOnes whole(spec, 3, 4);
  EXPECT_EQ(whole.encode(1), whole.encode(2));
  spec.weight_drop = 0.5;
  OfOnes dropped(spec, 3, 4);
  EXPECT_EQ(dropped.encode(1), dropped.encode(1));
  EXPECT_NE(dropped.encode(1), dropped.encode(2));
}

TEST(EncoderOptions, each_direction_has_masks_of_its_own) {
  for (const auto field : {&EncoderSpec::recurrent_dropout, &EncoderSpec::zoneout}) {
    for (const double p : {0.0, 0.5}) {
      EncoderSpec spec = of_four_units();
      spec.pooling = "last";  // a series of ones is the same from either end
      spec.*field = p;
      OfOnes net(spec, 1, 5);
      net.fill([](const std::string& name, int row, int column, double) {
        return name.ends_with("b") ? 0.1
                                   : 0.3 * std::sin(7.0 * row + column);  // in both directions
      });
      const auto y = net.encode();
      ASSERT_EQ(y.size(), 8u);
      const std::vector<real> forward(y.begin(), y.begin() + 4), reverse(y.begin() + 4, y.end());
      EXPECT_EQ(forward == reverse, p == 0);
    }
  }
}

// Layers that hand on what they read, so that a number is left where all masks leave it.
TEST(EncoderOptions, masks_between_layers_differ_from_layer_to_layer) {
  EncoderSpec spec = of_four_units();
  spec.cell = "rnn_relu";
  spec.bidirectional = false;
  spec.pooling = "last";
  spec.hidden = 8;
  spec.layers = 3;
  spec.dropout = 0.5;
  OfOnes net(spec, 64, 1);
  net.fill([](const std::string& name, int row, int column, double) {
    if (!name.ends_with("w_x")) return 0.0;
    return name.starts_with("encoder.0.") ? 1.0 / kChannels : row == column ? 1.0 : 0.0;
  });
  int left = 0;
  for (const real x : net.encode()) left += x > 0 ? 1 : 0;
  EXPECT_NEAR(left, 512 / 8.0, 38) << "two masks between layers, one before the head";
}

TEST(EncoderOptions, what_several_encoders_add_to_the_loss_is_summed) {
  EncoderSpec spec = of_four_units();
  spec.ar = 1;
  ParamSet params;
  const auto encoder =
      make_encoder(spec, {data::StreamKind::kSeries, kChannels}, "encoder", params);
  params.initialise(base::Rng(3));
  data::EncodedSample sample;
  sample.streams.push_back({2, {1, 2, 3, 4, 5, 6}, {}});
  data::Batch batch;
  const int first = 0;
  data::assemble({sample}, &first, 1, {{"x", data::StreamKind::kSeries, kChannels, {}}}, batch);
  std::vector<real> gradients(params.count());
  tape::Tape tape;
  tape.reset(true);
  Context context{tape, params, gradients.data(), true, base::Rng(2), batch};
  const real share = 1;
  context.share = &share;
  encoder->forward(context, batch.streams[0]);
  const real once = tape.value(context.activity).data[0];
  encoder->forward(context, batch.streams[0]);
  EXPECT_EQ(tape.value(context.activity).data[0], 2 * once);
}

}  // namespace
}  // namespace refrain::nn

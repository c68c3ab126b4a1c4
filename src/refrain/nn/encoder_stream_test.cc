// A stream gives step by step what the whole series gives.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "refrain/base/error.h"
#include "refrain/data/batch.h"
#include "refrain/kernels/cells.h"
#include "refrain/nn/encoder.h"

namespace refrain::nn {
namespace {

constexpr int kRead = 3;  // values of a step

data::EncodedStream random_series(int length) {
  base::Rng rng(5);
  data::EncodedStream out;
  out.length = length;
  for (int i = 0; i < length * kRead; ++i) out.values.push_back(static_cast<real>(rng.normal()));
  return out;
}

EncoderSpec one_way() {
  EncoderSpec spec;
  spec.hidden = 4;
  spec.heads = 2;
  spec.embedding_dim = 5;
  spec.dropout = 0;
  spec.bidirectional = false;
  return spec;
}

TEST(EncoderStream, gives_after_each_step_what_the_series_so_far_gives) {
  for (const auto& cell : kernels::cells().names()) {
    for (const char* pooling : {"last", "mean", "max", "concat"}) {
      EncoderSpec spec = one_way();
      spec.cell = cell;
      spec.pooling = pooling;
      spec.layers = 2;
      spec.layer_norm = spec.residual = true;
      spec.zoneout = 0.2;
      ParamSet params;
      const auto encoder =
          make_encoder(spec, {data::StreamKind::kSeries, kRead}, "encoder", params);
      params.initialise(base::Rng(3));
      data::EncodedSample sample;
      sample.streams.push_back(random_series(6));
      const auto& values = sample.streams[0].values;
      const auto stream = encoder->stream(params);
      for (int round = 0; round < 2; ++round) {  // the second one after a reset
        stream->reset();
        for (int t = 1; t <= 6; ++t) {
          stream->step(values.data() + (t - 1) * kRead);
          data::EncodedSample so_far = sample;
          so_far.streams[0].length = t;
          so_far.streams[0].values.resize(static_cast<std::size_t>(t * kRead));
          data::Batch batch;
          const int first = 0;
          data::assemble({so_far}, &first, 1, {{"x", data::StreamKind::kSeries, kRead, {}}}, batch);
          tape::Tape tape;
          tape.reset(false);
          Context context{tape, params, nullptr, false, base::Rng(2), batch};
          const tensor::Tensor whole = tape.value(encoder->forward(context, batch.streams[0]));
          for (int f = 0; f < whole.columns(); ++f) {
            ASSERT_NEAR(static_cast<double>(stream->vector()[f]),
                        static_cast<double>(whole.data[f]), 1e-5)
                << cell << " " << pooling << " step " << t << " of round " << round;
          }
        }
      }
    }
  }
}

TEST(EncoderStream, is_refused_where_the_whole_sequence_is_needed) {
  const std::vector<std::pair<const char*, std::function<void(EncoderSpec&)>>> changes = {
      {"two directions", [](EncoderSpec& s) { s.bidirectional = true; }},
      {"attention", [](EncoderSpec& s) { s.attention = "self"; }},
      {"pooling", [](EncoderSpec& s) { s.pooling = "attention"; }},
      {"heads", [](EncoderSpec& s) { s.pooling = "multi_head"; }},
      {"segment", [](EncoderSpec& s) { s.segment = 2; }},
      {"parts", [](EncoderSpec& s) { s.parts = 3; }}};
  const auto refused = [](const EncoderSpec& spec, data::StreamKind kind) {
    ParamSet params;
    const auto encoder = make_encoder(spec, {kind, kRead}, "encoder", params);
    params.initialise(base::Rng(3));
    try {
      encoder->stream(params);
      return false;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUnsupported);
      return true;
    }
  };
  EXPECT_FALSE(refused(one_way(), data::StreamKind::kSeries));
  EXPECT_TRUE(refused(one_way(), data::StreamKind::kText));
  for (const auto& [name, change] : changes) {
    EncoderSpec spec = one_way();
    change(spec);
    EXPECT_TRUE(refused(spec, data::StreamKind::kSeries)) << name;
  }
}

}  // namespace
}  // namespace refrain::nn

// After its first two epochs a training on one thread asks the system for no memory: every batch,
// every update and every epoch's end is looked at.
#include <gtest/gtest.h>

#include "refrain/kernels/cells.h"
#include "refrain/task/made_up_data.h"
#include "tests/suites/allocation_counter.h"

namespace refrain::suites {
namespace {

using task::Network;
using task::Spec;

// How often memory was asked for in each epoch of a training, counted from the end of the one
// before.
std::vector<long> allocations_by_epoch(const Spec& spec, const data::Dataset& d) {
  Network model = task::make_network(spec, d);
  const auto samples = model.encode(d, task::all_of(d));
  std::vector<long> at_end;
  at_end.reserve(static_cast<std::size_t>(spec.train.epochs) + 1);
  at_end.push_back(allocations());
  train::Hooks hooks;
  hooks.progress = [&at_end](const train::Progress& p) {
    if (p.epoch_done) at_end.push_back(allocations());
  };
  model.fit(samples, static_cast<int>(samples.size()), hooks, nullptr);
  std::vector<long> out;
  for (std::size_t i = 1; i < at_end.size(); ++i) out.push_back(at_end[i] - at_end[i - 1]);
  return out;
}

Spec spec_of(const std::string& cell) {
  Spec spec = task::small_spec();
  spec.train.epochs = 8;
  spec.encoder.cell = cell;
  spec.encoder.layers = 2;
  spec.encoder.attention = "self";
  spec.encoder.layer_norm = true;
  spec.encoder.input_dropout = 0.1;
  spec.encoder.recurrent_dropout = 0.1;
  spec.encoder.embedding_dropout = 0.1;
  spec.encoder.ar = spec.encoder.tar = 0.1;
  spec.classify.class_weight = "balanced";
  spec.train.l1 = spec.train.l2 = 1e-4;
  spec.train.average = "ema";
  spec.train.max_norm = 3;
  spec.train.mixup = 0.4;
  spec.train.gradient_noise = 1e-4;
  spec.optim.clip_value = 1;
  return spec;
}

// Series of one length: every batch needs the same memory.
data::Dataset even_series() {
  const auto draw = [](base::Rng& rng) {
    std::vector<float> values(20);
    for (float& x : values) x = static_cast<float>(rng.normal());
    return values;
  };
  return task::series_set(70, 1, draw, [](const auto& v) { return v[0] > 0 ? "up" : "down"; });
}

// Texts of six words.
data::Dataset even_texts() {
  data::Dataset d = task::empty_set({"text", data::StreamKind::kText, 0, {}});
  for (int i = 0; i < 70; ++i) {
    const bool good = i % 3 == 0;
    task::add_sample(d,
                     std::string(good ? "this was a very good film" : "it is an awful long tale"),
                     good ? "good" : "bad");
  }
  return d;
}

TEST(TrainingAllocation, a_steady_epoch_of_any_cell_allocates_nothing) {
  for (const auto& cell : kernels::cells().names()) {
    for (const auto& d : {even_series(), even_texts()}) {
      const auto epochs = allocations_by_epoch(spec_of(cell), d);
      ASSERT_EQ(epochs.size(), 8u);
      EXPECT_GT(epochs[0], 0) << "the counter does not count";
      for (std::size_t e = 2; e < epochs.size(); ++e) {
        EXPECT_EQ(epochs[e], 0) << cell << " " << d.streams[0].name << " epoch " << e + 1;
      }
    }
  }
}

TEST(SlowTrainingAllocation, neither_does_one_with_any_optimiser_pooling_or_schedule) {
  for (const auto& optimiser : optim::optimisers().names()) {
    for (const std::string pooling : {"last", "mean", "max", "concat", "attention"}) {
      Spec spec = spec_of("gru");
      spec.optim.optimiser = optimiser;
      spec.encoder.pooling = pooling;
      const auto epochs = allocations_by_epoch(spec, even_series());
      for (std::size_t e = 2; e < epochs.size(); ++e) {
        EXPECT_EQ(epochs[e], 0) << optimiser << " " << pooling << " epoch " << e + 1;
      }
    }
  }
}

}  // namespace
}  // namespace refrain::suites

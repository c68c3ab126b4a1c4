// What a batch of augmented samples costs beside a training step: for each operation the time to
// derive B = 32 samples of T = 100 steps (3 channels; texts of 100 words) and to encode them anew,
// and its share of a step of an LSTM of 64 units. Every sample is changed (p = 1). ninja
// bench_augment_cost
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "bench/training_step.h"
#include "refrain/augment/derive.h"
#include "refrain/data/features.h"

namespace refrain::bench {
namespace {

constexpr int kBatch = 32, kSteps = 100, kChannels = 3, kSamples = 100;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds of the fastest of some runs.
template <class Work>
double fastest(Work work) {
  double best = 1e9;
  for (int i = 0; i < 15; ++i) {
    const double begin = now();
    work();
    best = std::min(best, now() - begin);
  }
  return best;
}

data::Dataset made_up(data::StreamKind kind) {
  data::Dataset d;
  const bool text = kind == data::StreamKind::kText;
  d.streams = {{text ? "text" : "series", kind, text ? 0 : kChannels, {}}};
  base::Rng rng(1);
  for (int i = 0; i < kSamples; ++i) {
    data::Sample sample;
    sample.label = i % 2 == 0 ? "a" : "b";
    data::Series series{kSteps, kChannels, {}};
    std::string words;
    for (int t = 0; t < kSteps; ++t) {
      words += fmt::format("{}{}", t > 0 ? " " : "", rng.uniform() < 0.5 ? "good" : "story");
      for (int c = 0; c < kChannels; ++c) {
        series.values.push_back(static_cast<float>(std::sin(0.1 * t + c) + 0.1 * rng.normal()));
      }
    }
    sample.streams.emplace_back(text ? data::Value(words) : data::Value(series));
    d.samples.push_back(std::move(sample));
  }
  return d;
}

void measure(data::StreamKind kind, double step) {
  const data::Dataset d = made_up(kind);
  std::vector<int> all;
  for (int i = 0; i < kSamples; ++i) all.push_back(i);
  const augment::Pool pool(d, all);
  const auto features = data::Features::fit(d, all, {});
  for (const auto& item : augment::operations().items()) {
    if (item.value.input != kind) continue;
    augment::Pipeline pipeline;
    try {
      pipeline = augment::Pipeline::from(item.name + "(p=1)");
      pipeline.prepare(pool);
    } catch (const Error&) {
      continue;  // it needs an option
    }
    int epoch = 0;
    const double seconds = fastest([&] {
      const auto rng = augment::epoch_rng(1, ++epoch);
      for (int i = 0; i < kBatch; ++i) {
        features.encode(augment::derive(pipeline, pool, i, rng), i);
      }
    });
    fmt::print("{:<22} {:8.3f} ms  {:5.1f} % of a step\n", item.name, 1e3 * seconds,
               100 * seconds / step);
  }
}

int run() {
  StepCase c;
  c.cell = "lstm";
  c.B = kBatch;
  c.T = kSteps;
  c.I = kChannels;
  c.H = 64;
  TrainingStep training(c);
  const double step = fastest([&] { training.run(); });
  fmt::print("a step of an LSTM of 64 units: {:.2f} ms (B = {}, T = {})\n", 1e3 * step, kBatch,
             kSteps);
  measure(data::StreamKind::kSeries, step);
  measure(data::StreamKind::kText, step);
  return 0;
}

}  // namespace
}  // namespace refrain::bench

int main() { return refrain::bench::run(); }

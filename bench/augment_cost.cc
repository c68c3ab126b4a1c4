// What a batch of augmented samples costs beside a training step: for each operation the time to
// derive B = 32 samples of T = 100 steps (3 channels; texts of 100 words) and to encode them anew,
// and its share of a step of an LSTM of 64 units, with the operation's own options and with p = 1.
// usage: bench_augment_cost [OPERATION...]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
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

// Seconds of a run: the median of those that fit into a fifth of a second.
template <class Work>
double typical(Work work) {
  std::vector<double> runs;
  for (const double first = now(); now() - first < 0.2;) {
    const double begin = now();
    work();
    runs.push_back(now() - begin);
  }
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end());
  return *middle;
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

void measure(data::StreamKind kind, double step, const std::vector<std::string>& names) {
  const data::Dataset d = made_up(kind);
  std::vector<int> all;
  for (int i = 0; i < kSamples; ++i) all.push_back(i);
  const augment::Pool pool(d, all);
  const auto features = data::Features::fit(d, all, {});
  for (const auto& item : augment::operations().items()) {
    if (item.value.input != kind) continue;
    const bool wanted = std::find(names.begin(), names.end(), item.name) != names.end();
    if (!names.empty() && !wanted) continue;
    if (!augment::can_be_done(item.name, pool)) continue;  // it needs an option
    const auto seconds = [&](const std::string& spec) {
      augment::Pipeline pipeline = augment::Pipeline::from(spec);
      pipeline.prepare(pool);
      int epoch = 0;
      return typical([&] {
        const auto rng = augment::epoch_rng(1, ++epoch);
        for (int i = 0; i < kBatch; ++i) {
          features.encode(augment::derive(pipeline, pool, i, rng), i);
        }
      });
    };
    const double own = seconds(item.name), every = seconds(item.name + "(p=1)");
    fmt::print("{:<22} {:6.1f} % of a step; {:6.1f} % where every sample is changed\n", item.name,
               100 * own / step, 100 * every / step);
  }
}

int run(const std::vector<std::string>& names) {
  StepCase c;
  c.cell = "lstm";
  c.B = kBatch;
  c.T = kSteps;
  c.I = kChannels;
  c.H = 64;
  TrainingStep training(c);
  const double step = typical([&] { training.run(); });
  fmt::print("a step of an LSTM of 64 units: {:.2f} ms (B = {}, T = {})\n", 1e3 * step, kBatch,
             kSteps);
  measure(data::StreamKind::kSeries, step, names);
  measure(data::StreamKind::kText, step, names);
  return 0;
}

}  // namespace
}  // namespace refrain::bench

int main(int argc, char** argv) { return refrain::bench::run({argv + 1, argv + argc}); }

// For tests: small files' worth of series, and an objective's network on them.
#pragma once

#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "refrain/pretext/rule.h"

namespace refrain::pretext {

// Waves of two kinds with noise, of different lengths.
inline data::Dataset made_up_series(int n, int channels, const std::string& path = "a.csv",
                                    std::vector<std::string> names = {}) {
  data::Dataset d;
  d.path = path;
  d.has_labels = true;
  data::StreamInfo info{"series", data::StreamKind::kSeries, channels, std::move(names)};
  d.streams = {info};
  base::Rng rng = base::Rng(4).fork(path);
  for (int i = 0; i < n; ++i) {
    data::Series s;
    s.steps = 14 + i % 5;
    s.channels = channels;
    for (int t = 0; t < s.steps; ++t) {
      for (int c = 0; c < channels; ++c) {
        const double wave = std::sin((i % 2 == 0 ? 0.5 : 1.1) * t + i + c);
        s.values.push_back(static_cast<float>(wave + 0.1 * rng.normal()));
      }
    }
    data::Sample sample;
    sample.id = std::to_string(i + 1);
    sample.label = i % 2 == 0 ? "slow" : "quick";
    sample.streams = {std::move(s)};
    d.samples.push_back(std::move(sample));
  }
  return d;
}

inline PretextSpec small_spec(const std::string& objective) {
  PretextSpec spec;
  spec.objective.objective = objective;
  spec.encoder.hidden = 4;
  spec.encoder.stem.stem_channels = 6;
  spec.encoder.stem.stem_kernels = "2,3";
  spec.encoder.stem.stem_pool = 2;
  spec.train.threads = 1;
  spec.train.batch_size = 8;
  return spec;
}

// All that a rule needs, on some samples.
struct MadeUpCourse {
  explicit MadeUpCourse(const PretextSpec& spec, int n = 40)
      : dataset(made_up_series(n, 2)),
        pipeline(augment::Pipeline::from("window_slice(keep=0.8, p=1) | jitter(sigma=0.1, p=1)")) {
    std::vector<int> every(static_cast<std::size_t>(n));
    std::iota(every.begin(), every.end(), 0);
    for (int i = 0; i < n; ++i) label.push_back(i % 2);
    features = data::Features::fit(dataset, every, spec.features);
    pool = std::make_unique<augment::Pool>(dataset, every);
    network = std::make_unique<PretextNetwork>(spec, features, 2);
    samples = std::make_unique<Samples>(Samples{dataset, features, *pool, &pipeline, &label});
  }
  Course course(int batch_size, int threads = 1) const {
    return {*network, *samples, batch_size, threads, 1};
  }

  data::Dataset dataset;
  augment::Pipeline pipeline;
  std::vector<int> label;
  data::Features features;
  std::unique_ptr<augment::Pool> pool;
  std::unique_ptr<PretextNetwork> network;
  std::unique_ptr<Samples> samples;
};

}  // namespace refrain::pretext

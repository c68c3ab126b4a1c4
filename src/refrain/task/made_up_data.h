// For tests: small made-up datasets that a network can learn.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/task/classify/goal.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/network.h"

namespace refrain::task {

inline std::vector<int> all_of(const data::Dataset& d) {
  std::vector<int> numbers(d.samples.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

inline data::Dataset empty_set(data::StreamInfo stream) {
  data::Dataset d;
  d.path = "made-up.csv";
  d.format = "made-up";
  d.has_labels = true;
  d.streams = {std::move(stream)};
  return d;
}

inline void add_sample(data::Dataset& d, data::Value value, std::string label) {
  data::Sample sample;
  sample.line = static_cast<std::int64_t>(d.samples.size()) + 2;
  sample.id = std::to_string(d.samples.size() + 1);
  sample.label = std::move(label);
  sample.streams.push_back(std::move(value));
  d.samples.push_back(std::move(sample));
}

// n series whose label `name` tells from the values, which `draw` makes from a generator.
inline data::Dataset series_set(int n, int channels,
                                const std::function<std::vector<float>(base::Rng&)>& draw,
                                const std::function<std::string(const std::vector<float>&)>& name) {
  data::Dataset d = empty_set({"series", data::StreamKind::kSeries, channels, {}});
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(23).fork(static_cast<std::uint64_t>(i));
    data::Series series;
    series.channels = channels;
    series.values = draw(rng);
    series.steps = static_cast<int>(series.values.size()) / channels;
    std::string label = name(series.values);
    add_sample(d, std::move(series), std::move(label));
  }
  return d;
}

// Two channels of noise, 5 to 12 steps, one value in twenty missing; the first channel goes up or
// down.
inline data::Dataset trends(int n) {
  bool up = false;
  const auto draw = [&up](base::Rng& rng) {
    up = rng.uniform() < 0.5;
    const auto steps = 5 + rng.below(8);
    std::vector<float> values;
    for (std::size_t t = 0; t < steps; ++t) {
      const double slope = (up ? 1.0 : -1.0) * static_cast<double>(t);
      values.push_back(static_cast<float>(slope + rng.normal()));
      values.push_back(rng.uniform() < 0.1 ? NAN : static_cast<float>(rng.normal()));
    }
    return values;
  };
  return series_set(n, 2, draw, [&up](const auto&) { return up ? "up" : "down"; });
}

// Texts of 3 to 8 words of which one tells the class: "good", "bad" or neither.
inline data::Dataset opinions(int n) {
  const std::vector<std::string> words = {"the", "film", "was", "a", "long", "story", "of", "it"};
  const std::vector<std::pair<std::string, std::string>> tellers = {
      {"fine", "good"}, {"awful", "bad"}, {"seen", "neutral"}};
  data::Dataset d = empty_set({"text", data::StreamKind::kText, 0, {}});
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(29).fork(static_cast<std::uint64_t>(i));
    const auto& [word, label] = tellers[rng.below(3)];
    const auto length = 3 + rng.below(6), place = rng.below(length);
    std::string text;
    for (std::size_t k = 0; k < length; ++k) {
      text += (k > 0 ? " " : "") + (k == place ? word : words[rng.below(words.size())]);
    }
    add_sample(d, text, label);
  }
  return d;
}

// Options of a network small enough for tests, all choices made.
inline Spec small_spec() {
  Spec spec;
  spec.preset = "none";
  spec.encoder.hidden = 8;
  spec.encoder.embedding_dim = 8;
  spec.encoder.dropout = 0.2;
  spec.classify.label_smoothing = 0;
  spec.train.epochs = 3;
  spec.train.batch_size = 32;
  spec.train.threads = 1;
  spec.optim.lr = 0.01;
  return spec;
}

inline Network make_network(const Spec& spec, const data::Dataset& d) {
  auto goal = std::make_shared<ClassifyGoal>(labels_of({d, all_of(d)}));
  return {spec, data::Features::fit(d, all_of(d), spec.features), std::move(goal)};
}

inline std::vector<data::EncodedTarget> truths_of(const std::vector<data::EncodedSample>& samples) {
  return {samples.begin(), samples.end()};
}

inline double accuracy(const Network& model, const data::Dataset& d) {
  const auto samples = model.encode(d, all_of(d));
  return model.goal().judge().score(truths_of(samples), model.predict(samples, 1)).score;
}

}  // namespace refrain::task

#include "refrain/task/test_variants.h"

#include <numeric>

#include "refrain/augment/derive.h"
#include "refrain/base/threads.h"

namespace refrain::task {
namespace {

// The header of a dataset, with room for so many samples.
data::Dataset without_samples(const data::Dataset& dataset, std::size_t count) {
  data::Dataset out;
  out.path = dataset.path;
  out.format = dataset.format;
  out.series_layout = dataset.series_layout;
  out.has_labels = dataset.has_labels;
  out.front = dataset.front;
  out.streams = dataset.streams;
  out.samples.resize(count);
  return out;
}

}  // namespace

bool varies_tests(const Spec& spec) {
  return spec.augment.tta > 0 && !spec.augment.augment.empty() && spec.augment.augment != "auto";
}

std::vector<double> predict_with_variants(
    const Spec& spec, const data::Subset& view, int threads,
    const std::function<std::vector<double>(const data::Subset&)>& predict) {
  auto out = predict(view);
  if (!varies_tests(spec) || out.empty()) return out;
  const auto pipeline = augment::Pipeline::from(spec.augment.augment);
  const auto seed = base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork("tests");
  auto varied = without_samples(view.dataset, view.chosen.size());
  std::vector<int> all(view.chosen.size());
  std::iota(all.begin(), all.end(), 0);
  const int rounds = spec.augment.tta;
  for (double& p : out) p /= 2;
  for (int round = 0; round < rounds; ++round) {
    const auto rng = seed.fork(static_cast<std::uint64_t>(round));
    base::parallel_for(view.size(), threads, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      const augment::Pool alone(view.dataset, {view.chosen[at]});
      varied.samples[at] = augment::vary(pipeline, alone, 0, rng);
    });
    const auto p = predict({varied, all});
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += p[i] / (2.0 * rounds);
  }
  return out;
}

}  // namespace refrain::task

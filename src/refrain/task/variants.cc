#include "refrain/task/variants.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "refrain/augment/derive.h"

namespace refrain::task {
namespace {

constexpr int kMostSamples = 4500;

}  // namespace

Variants with_variants(const data::Dataset& dataset, const std::vector<int>& numbers,
                       const std::string& specification, std::int64_t seed, int threads) {
  auto pipeline = augment::Pipeline::from(specification);
  pipeline.check(dataset);
  const augment::Pool pool(dataset, numbers);
  Variants out;
  out.dataset = dataset;
  out.dataset.samples.clear();
  std::unordered_map<std::int64_t, int> place;
  for (const int i : numbers) place.emplace(i, static_cast<int>(place.size()));
  for (const int i : numbers) {
    auto sample = dataset.samples[static_cast<std::size_t>(i)];
    const auto found = place.find(sample.source);
    sample.source = found != place.end() ? found->second : -1;
    out.source.push_back(found != place.end() ? found->second : place.at(i));
    out.dataset.samples.push_back(std::move(sample));
  }
  const int n = pool.size();
  const int rounds = n == 0 || pipeline.mixes() ? 0 : std::min(kMostRounds, kMostSamples / n - 1);
  if (rounds > 0) pipeline.prepare(pool);
  for (int round = 0; round < rounds; ++round) {
    auto made = augment::derive_all(pipeline, pool, augment::epoch_rng(seed, round), threads);
    for (int i = 0; i < n; ++i) {
      const int source = out.source[static_cast<std::size_t>(i)];
      auto& sample = made[static_cast<std::size_t>(i)];
      sample.source = source;
      out.dataset.samples.push_back(std::move(sample));
      out.source.push_back(source);
    }
  }
  out.chosen.resize(out.source.size());
  std::iota(out.chosen.begin(), out.chosen.end(), 0);
  return out;
}

}  // namespace refrain::task

#include "refrain/task/variants.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "refrain/augment/derive.h"

namespace refrain::task {
namespace {

constexpr int kMostSamples = 4500;

// Replaces each source by its original. The search is bounded, because a file may contain a cycle.
void follow_to_the_first(std::vector<int>& source) {
  constexpr int kLongestChain = 100;
  for (std::size_t i = 0; i < source.size(); ++i) {
    int root = static_cast<int>(i);
    const auto next = [&] { return source[static_cast<std::size_t>(root)]; };
    for (int step = 0; step < kLongestChain && next() != root; ++step) root = next();
    source[i] = next() == root ? root : static_cast<int>(i);
  }
}

}  // namespace

int variant_rounds(int samples) {
  return samples == 0 ? 0 : std::clamp(kMostSamples / samples - 1, 0, kMostRounds);
}

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
    const auto found = place.find(dataset.samples[static_cast<std::size_t>(i)].source);
    out.source.push_back(found != place.end() ? found->second : place.at(i));
  }
  follow_to_the_first(out.source);
  for (const int i : numbers) {
    out.dataset.samples.push_back(dataset.samples[static_cast<std::size_t>(i)]);
    const int at = place.at(i), source = out.source[static_cast<std::size_t>(at)];
    out.dataset.samples.back().source = source != at ? source : -1;
  }
  const int n = pool.size();
  const int rounds = pipeline.mixes() ? 0 : variant_rounds(n);
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

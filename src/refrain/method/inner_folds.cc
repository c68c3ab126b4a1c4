#include "refrain/method/inner_folds.h"

#include <algorithm>
#include <unordered_map>

#include "refrain/data/split.h"

namespace refrain::method {
namespace {

std::vector<std::vector<int>> parts_of(const Training& training, const std::vector<int>& pool,
                                       int k, const base::Rng& rng) {
  k = std::min(k, data::unit_count(training.samples.dataset, pool));
  if (k < 2) return {};
  return data::folds(training.samples.dataset, pool, k, rng);
}

}  // namespace

std::vector<InnerFold> inner_folds(const Training& training, int k, int most) {
  const base::Rng rng = base::Rng(training.seed).fork("inner_folds");
  std::vector<int> pool = training.samples.chosen;
  if (static_cast<int>(pool.size()) > most) {
    base::Rng draw = rng.fork("pool");
    draw.shuffle(pool);
    pool.resize(static_cast<std::size_t>(most));
  }
  std::unordered_map<int, int> place;
  for (int i = 0; i < training.samples.size(); ++i) {
    place.emplace(training.samples.chosen[static_cast<std::size_t>(i)], i);
  }
  const auto parts = parts_of(training, pool, k, rng);
  std::vector<InnerFold> folds(parts.size());
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (std::size_t fold = 0; fold < folds.size(); ++fold) {
      auto& side = part == fold ? folds[fold].held_out : folds[fold].train;
      for (const int sample : parts[part]) side.push_back(place.at(sample));
    }
  }
  return folds;
}

std::vector<int> at_places(const std::vector<int>& all, const std::vector<int>& places) {
  std::vector<int> out;
  out.reserve(places.size());
  for (const int place : places) out.push_back(all[static_cast<std::size_t>(place)]);
  return out;
}

}  // namespace refrain::method

#include "refrain/data/folds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_set>

#include "refrain/base/error.h"
#include "refrain/data/content.h"

namespace refrain::data {
namespace {

using Parts = std::vector<std::vector<int>>;

Parts time_blocks(const std::vector<int>& pool, int k) {
  if (k < 2 || static_cast<std::size_t>(k) > pool.size()) {
    throw Error(Code::kUsage, fmt::format("cannot make {} folds of {} samples", k, pool.size()),
                "choose --folds 5");
  }
  Parts parts(static_cast<std::size_t>(k));
  for (std::size_t i = 0; i < pool.size(); ++i) {
    parts[i * static_cast<std::size_t>(k) / pool.size()].push_back(pool[i]);
  }
  return parts;
}

// Samples without a group are groups of their own.
Parts group_parts(const Dataset& dataset, const std::vector<int>& pool) {
  std::map<std::string, std::vector<int>> groups;
  Parts parts;
  for (const int i : pool) {
    const std::string& group = dataset.samples[static_cast<std::size_t>(i)].group;
    group.empty() ? parts.push_back({i}) : groups[group].push_back(i);
  }
  if (groups.empty()) {
    throw Error(Code::kUsage, "to leave one group out there must be groups, and no sample has one",
                "name the column with --group");
  }
  for (auto& [name, members] : groups) parts.push_back(std::move(members));
  if (parts.size() < 2) {
    throw Error(Code::kUsage,
                fmt::format("to leave one group out there must be at least two, and all samples "
                            "are of group '{}'",
                            groups.begin()->first),
                "is it the right column? choose --folds instead where groups do not matter");
  }
  return parts;
}

// Finds the samples that must not be trained on because a tested sample is related to them.
class Related {
 public:
  Related(const Dataset& dataset, const std::vector<int>& test) : dataset_(dataset) {
    for (const int i : test) {
      const Sample& s = at(i);
      if (!s.group.empty()) groups_.insert(s.group);
      contents_.insert(content_hash(s));
      origins_.insert(origin(dataset, i));
    }
  }
  bool operator()(int i) const {
    const Sample& s = at(i);
    return (!s.group.empty() && groups_.count(s.group) > 0) ||
           contents_.count(content_hash(s)) > 0 || origins_.count(origin(dataset_, i)) > 0;
  }

 private:
  const Sample& at(int i) const { return dataset_.samples[static_cast<std::size_t>(i)]; }
  const Dataset& dataset_;
  std::unordered_set<std::string> groups_;
  std::unordered_set<std::uint64_t> contents_;
  std::unordered_set<std::int64_t> origins_;
};

// True if a tested sample stands within `purge` places of place i.
bool near_block(const std::vector<int>& pool, std::size_t i, int purge,
                const std::unordered_set<int>& tested) {
  const auto reach = static_cast<std::size_t>(purge);
  const std::size_t first = i > reach ? i - reach : 0;
  const std::size_t end = std::min(pool.size(), i + reach + 1);
  return std::any_of(pool.begin() + static_cast<std::ptrdiff_t>(first),
                     pool.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](int n) { return tested.count(n) > 0; });
}

}  // namespace

std::vector<Fold> make_folds(const Dataset& dataset, const std::vector<int>& pool,
                             const FoldSpec& spec, base::Rng rng) {
  const bool time = spec.fold_by == "time";
  const Parts parts = time ? time_blocks(pool, spec.folds)
                      : spec.fold_by == "leave_one_group_out"
                          ? group_parts(dataset, pool)
                          : folds(dataset, pool, spec.folds, rng);
  std::vector<Fold> out;
  for (const auto& test : parts) {
    const Related related(dataset, test);
    const std::unordered_set<int> tested(test.begin(), test.end());
    Fold fold;
    fold.test = test;
    for (std::size_t i = 0; i < pool.size(); ++i) {
      if (tested.count(pool[i]) > 0) continue;
      if (time && near_block(pool, i, spec.purge, tested)) continue;
      if (!related(pool[i])) fold.train.push_back(pool[i]);
    }
    if (fold.train.empty()) {
      throw Error(Code::kUsage, "a fold leaves nothing to train on",
                  "choose fewer folds or a smaller --purge");
    }
    out.push_back(std::move(fold));
  }
  return out;
}

}  // namespace refrain::data

#include "refrain/transduce/simple/ibm_model1.h"

#include <algorithm>
#include <cmath>

namespace refrain::transduce {
namespace {

constexpr std::size_t kMostUnitPairs = 20'000'000;

std::uint64_t unit_key(int source, int target) {
  return (static_cast<std::uint64_t>(source) << 32) | static_cast<std::uint64_t>(target);
}

}  // namespace

// Each target unit of each sentence with all its source units, the empty one in front: places in
// the table. The sources of target unit i stand at [begin[i], begin[i + 1]).
struct IbmModel1::Cells {
  std::vector<std::uint64_t> key;
  std::vector<std::uint32_t> place;
  std::vector<std::size_t> begin = {0};

  void add(const std::vector<int>& sources, int target) {
    for (const int source : sources) key.push_back(unit_key(source, target));
    begin.push_back(key.size());
  }
};

int IbmModel1::number_of(std::unordered_map<std::string, int>& numbers, const std::string& unit) {
  return numbers.emplace(unit, static_cast<int>(numbers.size())).first->second;
}

void IbmModel1::fit(const std::vector<UnitPair>& pairs, int iterations) {
  *this = IbmModel1();
  Cells cells;
  number_of(sources_, "");
  for (const auto& pair : pairs) {
    if (cells.key.size() + (pair.source.size() + 1) * pair.target.size() > kMostUnitPairs) break;
    std::vector<int> sources = {0};
    for (const auto& unit : pair.source) sources.push_back(number_of(sources_, unit));
    for (const auto& unit : pair.target) {
      const int target = number_of(targets_, unit);
      if (static_cast<std::size_t>(target) == target_names_.size()) target_names_.push_back(unit);
      cells.add(sources, target);
    }
  }
  std::vector<std::uint64_t> keys = cells.key;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  begin_.assign(sources_.size() + 1, 0);
  for (const auto key : keys) {
    target_.push_back(static_cast<int>(key & 0xffffffffU));
    ++begin_[(key >> 32) + 1];
  }
  for (std::size_t s = 1; s < begin_.size(); ++s) begin_[s] += begin_[s - 1];
  for (const auto key : cells.key) {
    const auto found = std::lower_bound(keys.begin(), keys.end(), key);
    cells.place.push_back(static_cast<std::uint32_t>(found - keys.begin()));
  }
  const double uniform = 1.0 / static_cast<double>(std::max<std::size_t>(1, target_names_.size()));
  probability_.assign(keys.size(), uniform);
  for (int i = 0; i < iterations; ++i) count(cells);
  find_best();
}

// One iteration: each target unit is shared among its source units, then each row adds up to 1.
void IbmModel1::count(const Cells& cells) {
  std::vector<double> counts(probability_.size());
  double likelihood = 0;
  for (std::size_t i = 0; i + 1 < cells.begin.size(); ++i) {
    double sum = 0;
    for (std::size_t k = cells.begin[i]; k < cells.begin[i + 1]; ++k) {
      sum += probability_[cells.place[k]];
    }
    likelihood += std::log(sum);
    for (std::size_t k = cells.begin[i]; k < cells.begin[i + 1]; ++k) {
      counts[cells.place[k]] += probability_[cells.place[k]] / sum;
    }
  }
  likelihoods_.push_back(likelihood);
  for (std::size_t s = 0; s + 1 < begin_.size(); ++s) {
    double total = 0;
    for (std::size_t k = begin_[s]; k < begin_[s + 1]; ++k) total += counts[k];
    for (std::size_t k = begin_[s]; k < begin_[s + 1]; ++k) probability_[k] = counts[k] / total;
  }
}

void IbmModel1::find_best() {
  for (std::size_t s = 0; s + 1 < begin_.size(); ++s) {
    std::size_t best = begin_[s];
    for (std::size_t k = begin_[s]; k < begin_[s + 1]; ++k) {
      if (probability_[k] > probability_[best]) best = k;
    }
    best_.push_back(best < begin_[s + 1] ? target_[best] : -1);
  }
}

double IbmModel1::probability(const std::string& target, const std::string& source) const {
  const auto s = sources_.find(source);
  const auto t = targets_.find(target);
  if (s == sources_.end() || t == targets_.end()) return 0;
  const auto row = static_cast<std::size_t>(s->second);
  const auto from = target_.begin() + static_cast<std::ptrdiff_t>(begin_[row]);
  const auto to = target_.begin() + static_cast<std::ptrdiff_t>(begin_[row + 1]);
  const auto found = std::lower_bound(from, to, t->second);
  if (found == to || *found != t->second) return 0;
  return probability_[static_cast<std::size_t>(found - target_.begin())];
}

const std::string* IbmModel1::best(const std::string& source) const {
  const auto found = sources_.find(source);
  if (found == sources_.end()) return nullptr;
  const int target = best_[static_cast<std::size_t>(found->second)];
  return target < 0 ? nullptr : &target_names_[static_cast<std::size_t>(target)];
}

}  // namespace refrain::transduce

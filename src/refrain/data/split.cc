#include "refrain/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/data/units.h"

namespace refrain::data {
namespace {

constexpr int kAttempts = 16;  // random orders of units tried for the best match

// Samples that stay together.
struct Unit {
  std::vector<int> places;                     // in the pool
  std::vector<std::pair<int, int>> per_class;  // class, number of samples; by class
};

// The pool as the algorithms see it.
struct Pool {
  std::vector<int> label;                // class of each place
  std::vector<std::string> class_names;  // sorted
  std::vector<int> class_size;
  std::vector<Unit> units;
};

const Sample& sample_at(const Dataset& dataset, int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.samples.size()) {
    throw Error(Code::kInternal, fmt::format("sample {} of the pool does not exist", index));
  }
  return dataset.samples[static_cast<std::size_t>(index)];
}

// Returns the strata of a split: the label of each sample or, if that is a number, its fifth of the
// pool.
std::vector<std::string> strata(const Dataset& dataset, const std::vector<int>& pool) {
  constexpr std::size_t kParts = 5;
  std::vector<std::string> out;
  std::vector<double> sorted;
  for (const int i : pool) {
    const Sample& sample = sample_at(dataset, i);
    out.push_back(dataset.has_labels ? sample.label : std::string());
    if (!sample.numbers.empty()) sorted.push_back(sample.numbers.front());
  }
  if (sorted.size() != pool.size()) return out;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < pool.size(); ++k) {
    const double number = sample_at(dataset, pool[k]).numbers.front();
    const auto rank = static_cast<std::size_t>(
        std::lower_bound(sorted.begin(), sorted.end(), number) - sorted.begin());
    out[k] = std::to_string(rank * kParts / pool.size());
  }
  return out;
}

void find_classes(const Dataset& dataset, const std::vector<int>& pool, Pool& out) {
  const auto labels = strata(dataset, pool);
  out.class_names = labels;
  std::sort(out.class_names.begin(), out.class_names.end());
  out.class_names.erase(std::unique(out.class_names.begin(), out.class_names.end()),
                        out.class_names.end());
  out.class_size.assign(out.class_names.size(), 0);
  for (const auto& label : labels) {
    const auto found = std::lower_bound(out.class_names.begin(), out.class_names.end(), label);
    out.label.push_back(static_cast<int>(found - out.class_names.begin()));
    ++out.class_size[static_cast<std::size_t>(out.label.back())];
  }
}

Pool make_pool(const Dataset& dataset, const std::vector<int>& pool) {
  Pool out;
  find_classes(dataset, pool, out);
  const Units units = find_units(dataset, pool);
  out.units.resize(static_cast<std::size_t>(units.count));
  for (std::size_t i = 0; i < pool.size(); ++i) {
    out.units[static_cast<std::size_t>(units.of[i])].places.push_back(static_cast<int>(i));
  }
  for (auto& unit : out.units) {
    std::vector<int> labels;
    for (const int place : unit.places)
      labels.push_back(out.label[static_cast<std::size_t>(place)]);
    std::sort(labels.begin(), labels.end());
    for (const int c : labels) {
      if (unit.per_class.empty() || unit.per_class.back().first != c) {
        unit.per_class.emplace_back(c, 0);
      }
      ++unit.per_class.back().second;
    }
  }
  return out;
}

// How many samples of each class should be held out.
std::vector<int> wanted_counts(const Pool& pool, double fraction, base::Rng rng) {
  const auto share = [fraction](std::size_t n) {
    return static_cast<int>(std::floor(static_cast<double>(n) * fraction + 0.5));
  };
  std::vector<int> wanted, empty;
  int sum = 0;
  for (std::size_t c = 0; c < pool.class_size.size(); ++c) {
    const int size = pool.class_size[c];
    wanted.push_back(std::min(share(static_cast<std::size_t>(size)), size - 1));
    sum += wanted.back();
    if (wanted.back() == 0 && size > 1) empty.push_back(static_cast<int>(c));
  }
  const int total = std::max(share(pool.label.size()), 1);
  if (2 * sum >= total) return wanted;
  rng.shuffle(empty);  // equal sizes in random order
  std::stable_sort(empty.begin(), empty.end(), [&](int a, int b) {
    return pool.class_size[static_cast<std::size_t>(a)] >
           pool.class_size[static_cast<std::size_t>(b)];
  });
  for (std::size_t i = 0; i < empty.size() && sum < total; ++i, ++sum) {
    wanted[static_cast<std::size_t>(empty[i])] = 1;
  }
  return wanted;
}

// One attempt: which units to hold out, and how far the classes are from what is wanted.
struct Choice {
  std::vector<int> units;
  std::vector<int> held;  // per class
  int distance = 0;
};

class Chooser {
 public:
  Chooser(const Pool& pool, std::vector<int> wanted) : pool_(pool), wanted_(std::move(wanted)) {}

  // Takes units in this order while that brings the classes closer to what is wanted.
  Choice choose(const std::vector<int>& order) const {
    Choice out;
    out.held.assign(wanted_.size(), 0);
    out.distance = std::accumulate(wanted_.begin(), wanted_.end(), 0);
    for (const int u : order) {
      const int change = change_by(u, out.held);
      if (change < 0 && leaves_some(u, out.held)) take(u, change, out);
    }
    if (out.units.empty()) take_smallest_harm(order, out);
    return out;
  }

 private:
  const Unit& unit(int u) const { return pool_.units[static_cast<std::size_t>(u)]; }

  int change_by(int u, const std::vector<int>& held) const {
    int change = 0;
    for (const auto& [c, count] : unit(u).per_class) {
      const int gap = held[static_cast<std::size_t>(c)] - wanted_[static_cast<std::size_t>(c)];
      change += std::abs(gap + count) - std::abs(gap);
    }
    return change;
  }

  bool leaves_some(int u, const std::vector<int>& held) const {
    const auto& classes = unit(u).per_class;
    return std::all_of(classes.begin(), classes.end(), [&](const auto& entry) {
      const auto c = static_cast<std::size_t>(entry.first);
      return held[c] + entry.second < pool_.class_size[c];
    });
  }

  void take(int u, int change, Choice& out) const {
    out.units.push_back(u);
    out.distance += change;
    for (const auto& [c, count] : unit(u).per_class) out.held[static_cast<std::size_t>(c)] += count;
  }

  // Every unit is larger than wanted: the one that misses by least, if any may be taken.
  void take_smallest_harm(const std::vector<int>& order, Choice& out) const {
    int best = -1, least = 0;
    for (const int u : order) {
      const int change = change_by(u, out.held);
      if ((best < 0 || change < least) && leaves_some(u, out.held)) {
        best = u;
        least = change;
      }
    }
    if (best >= 0) take(best, least, out);
  }

  const Pool& pool_;
  std::vector<int> wanted_;
};

Choice best_choice(const Pool& pool, double fraction, base::Rng rng) {
  const Chooser chooser(pool, wanted_counts(pool, fraction, rng.fork("small classes")));
  std::vector<int> order(pool.units.size());
  std::iota(order.begin(), order.end(), 0);
  Choice best;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    rng.shuffle(order);
    Choice choice = chooser.choose(order);
    if (attempt == 0 || choice.distance < best.distance) best = std::move(choice);
    if (best.distance == 0) break;
  }
  return best;
}

// The fold with the fewest samples of the unit's classes, then the smallest.
std::size_t best_fold(const Unit& unit, const Pool& pool, const std::vector<std::vector<int>>& held,
                      const std::vector<std::size_t>& size) {
  std::size_t best = 0;
  double best_score = 0;
  for (std::size_t f = 0; f < held.size(); ++f) {
    double score = 0;
    for (const auto& [c, count] : unit.per_class) {
      const auto i = static_cast<std::size_t>(c);
      score += static_cast<double>(count) * held[f][i] / pool.class_size[i];
    }
    if (f == 0 || score < best_score || (score == best_score && size[f] < size[best])) {
      best = f;
      best_score = score;
    }
  }
  return best;
}

void check_folds(const Pool& pool, std::size_t samples, int k) {
  if (k < 2) {
    throw Error(Code::kUsage, fmt::format("--folds must be at least 2, got {}", k));
  }
  if (static_cast<std::size_t>(k) <= pool.units.size()) return;
  const std::size_t units = pool.units.size();
  const std::string what =
      units == samples
          ? fmt::format("{} samples", units)
          : fmt::format("{} group{} (samples of one group and duplicates stay together)", units,
                        units == 1 ? "" : "s");
  throw Error(Code::kUsage, fmt::format("cannot make {} folds of {}", k, what),
              units < 2 ? "more data is needed" : fmt::format("choose --folds {}", units));
}

}  // namespace

Split split_off(const Dataset& dataset, const std::vector<int>& pool, double fraction,
                base::Rng rng) {
  const bool inside = fraction >= 0 && fraction < 1;  // false for NaN
  if (!inside) {
    throw Error(Code::kUsage,
                fmt::format("the fraction to hold out must be in [0, 1), got {}", fraction),
                "choose 0.2");
  }
  Split out;
  if (fraction == 0 || pool.empty()) {
    out.train = pool;
    return out;
  }
  const Pool view = make_pool(dataset, pool);
  const Choice choice = best_choice(view, fraction, rng);
  std::vector<char> is_held(pool.size(), 0);
  for (const int u : choice.units) {
    for (const int place : view.units[static_cast<std::size_t>(u)].places) {
      is_held[static_cast<std::size_t>(place)] = 1;
    }
  }
  for (std::size_t i = 0; i < pool.size(); ++i) {
    (is_held[i] != 0 ? out.held_out : out.train).push_back(pool[i]);
  }
  const bool classes = dataset.has_labels && sample_at(dataset, pool[0]).numbers.empty();
  for (std::size_t c = 0; classes && c < view.class_names.size(); ++c) {
    if (choice.held[c] == 0) out.kept_whole.push_back(view.class_names[c]);
  }
  return out;
}

int unit_count(const Dataset& dataset, const std::vector<int>& pool) {
  return find_units(dataset, pool).count;
}

std::vector<std::vector<int>> folds(const Dataset& dataset, const std::vector<int>& pool, int k,
                                    base::Rng rng) {
  const Pool view = make_pool(dataset, pool);
  check_folds(view, pool.size(), k);
  std::vector<int> order(view.units.size());
  std::iota(order.begin(), order.end(), 0);
  rng.shuffle(order);
  // Large units first, small ones even out; class after class, so that the sizes stay even.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const auto& x = view.units[static_cast<std::size_t>(a)];
    const auto& y = view.units[static_cast<std::size_t>(b)];
    if (x.places.size() != y.places.size()) return x.places.size() > y.places.size();
    return x.per_class.front().first < y.per_class.front().first;
  });
  const auto count = static_cast<std::size_t>(k);
  std::vector<std::vector<int>> held(count, std::vector<int>(view.class_names.size(), 0));
  std::vector<std::size_t> size(count, 0), fold_of(pool.size(), 0);
  for (const int u : order) {
    const Unit& unit = view.units[static_cast<std::size_t>(u)];
    const std::size_t f = best_fold(unit, view, held, size);
    size[f] += unit.places.size();
    for (const auto& [c, n] : unit.per_class) held[f][static_cast<std::size_t>(c)] += n;
    for (const int place : unit.places) fold_of[static_cast<std::size_t>(place)] = f;
  }
  std::vector<std::vector<int>> out(count);
  for (std::size_t i = 0; i < pool.size(); ++i) out[fold_of[i]].push_back(pool[i]);
  return out;
}

}  // namespace refrain::data

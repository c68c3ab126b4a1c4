// The answers to n samples, with the truths, of any kind: classes, numbers, or those of another
// task. Scores, intervals, tests and comparisons (intervals.h, paired.h, compare.h) know answers by
// this class alone; a kind that derives from it and names its metrics has them all.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/registry.h"

namespace refrain::score {

// A value and where the true one lies with 95 % confidence.
struct Interval {
  double value = 0, low = 0, high = 0;
};

struct NamedScore {
  std::string name;
  Interval score;
};

// The name of the groups in sentences ("groups"), and further remarks about them.
struct GroupWords {
  std::string name = "groups", note;
};

// Answers made ready to be scored under one weighting of the samples after another: what does not
// depend on the weights is worked out once. A bootstrap draw is a weighting.
class Weigher {
 public:
  virtual ~Weigher() = default;
  // From now on sample i weighs factor[i] times its own weight; without a call 1 times.
  virtual void reweigh(const std::vector<double>& factor) = 0;
};

class Answers;
class Repeats;

// The possible values of a metric, and which of them are good.
struct MetricInfo {
  double low = 0, high = 1;  // the range of its values; an end may be infinite
  bool smaller_is_better = false;

  // True if the metric is a share, so that differences are given in points (hundredths). A log
  // loss, a Brier score, a correlation and an error in units of the target are none.
  bool is_share() const { return low == 0 && high == 1; }
  // True if its values are hundredths already, as BLEU's.
  bool is_in_points() const { return low == 0 && high == 100; }
};

// The parts of the answers that a metric reads: decisions, each right or wrong, so that it changes
// in steps; numbers; or also the order of the numbers, which costs most to prepare.
enum class Needs { kDecisions, kNumbers, kOrder };

struct Metric : MetricInfo {
  using Of = std::function<double(const Weigher&)>;

  Of of;
  Needs needs = Needs::kDecisions;
  // The value of the metric by chance alone if the true value is `low`, for a metric that noise can
  // only raise; none: noise moves it in both directions.
  Of noise = {};
  // Its interval by a formula; none: by the bootstrap.
  std::function<Interval(const Repeats&)> exact = {};
  // Of a range without an upper end: the end for values that all lie below it. An error rate may
  // exceed 1, and one of 2 % does not.
  double usual_high = std::numeric_limits<double>::infinity();

  bool needs_numbers() const { return needs != Needs::kDecisions; }
  double operator()(const Answers& answers) const;  // throws as answers.check()
};

using NamedMetric = base::RegistryItem<Metric>;  // name, description, value
using NamedMetrics = std::vector<NamedMetric>;

// Metric::of for one kind of answers, from a function of its weigher. Of answers of another kind it
// throws Error(internal).
template <std::derived_from<Weigher> Kind, class Function>
Metric::Of metric_of(Function of) {
  return [of](const Weigher& weigher) {
    const auto* own = dynamic_cast<const Kind*>(&weigher);
    if (own == nullptr) throw Error(Code::kInternal, "a metric of another kind of answers");
    return static_cast<double>(of(*own));
  };
}

class Answers {
 public:
  virtual ~Answers() = default;

  std::vector<double> weight;  // [n], not negative; empty: all 1
  std::vector<int> group;      // [n], what belongs together (a patient); empty: no groups
  GroupWords words;

  virtual std::size_t size() const = 0;  // samples
  // Throws Error(data) where sizes do not match or a value is none.
  virtual void check() const = 0;
  // True if both are of one kind and form, with equal truths, groups and weights.
  virtual bool same_samples(const Answers& other) const = 0;
  // Those that can be worked out from what is there; the main one first.
  virtual NamedMetrics metrics() const = 0;
  // For any of the kind's metrics; without `order` for those that do not need it. Does not refer to
  // the answers. Throws as check().
  virtual std::unique_ptr<Weigher> weigher(bool order) const = 0;
  // The samples of this and then those of the other, which is of the same kind.
  virtual std::unique_ptr<Answers> followed_by(const Answers& other) const = 0;
  virtual std::unique_ptr<Answers> clone() const = 0;
  // Which answers are right, where they are right or wrong as a whole; none where they are not.
  virtual std::optional<std::vector<bool>> right() const { return std::nullopt; }
  // Steps that scoring takes, about.
  virtual double work() const { return static_cast<double>(size()); }

 protected:
  Answers() = default;
  Answers(const Answers&) = default;
  Answers(Answers&&) = default;
  Answers& operator=(const Answers&) = default;
  Answers& operator=(Answers&&) = default;

  // Throws Error(data, message) unless it is good.
  static void demand(bool good, const std::string& message);
  // The parts of the functions above that concern the members here.
  void check_weights() const;
  bool same_weights(const Answers& other) const;
  void append_weights(const Answers& other);
};

// Members of each group, groups in the order of their first sample; without groups each sample is
// its own.
std::vector<std::vector<int>> members(const Answers& answers);

// Answers about the same samples, in the same order, by several runs (seeds, repetitions of
// cross-validation), all of one kind. Borrowed: they must outlive it.
class Repeats {
 public:
  Repeats() = default;
  Repeats(const Answers& one) : list_{&one} {}
  Repeats(std::vector<const Answers*> list) : list_(std::move(list)) {}
  template <std::derived_from<Answers> Kind>
  Repeats(const Kind* first, std::size_t count) {
    for (std::size_t r = 0; r < count; ++r) list_.push_back(first + r);
  }
  template <std::derived_from<Answers> Kind>
  Repeats(std::span<const Kind> list) : Repeats(list.data(), list.size()) {}
  template <std::derived_from<Answers> Kind>
  Repeats(const std::vector<Kind>& list) : Repeats(list.data(), list.size()) {}
  template <std::derived_from<Answers> Kind>
  Repeats(const std::vector<std::unique_ptr<Kind>>& list) {
    for (const auto& one : list) list_.push_back(one.get());
  }

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const Answers& operator[](std::size_t r) const { return *list_[r]; }
  const std::vector<const Answers*>& list() const { return list_; }

 private:
  std::vector<const Answers*> list_;
};

}  // namespace refrain::score

#include "refrain/api/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/inside/compared.h"
#include "refrain/api/inside/recall.h"
#include "refrain/api/inside/record.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/score/compare.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

using Key = std::pair<int, std::string>;  // repeat, sample

// Predictions of both runs: one entry a repeat, samples in the order of their ids.
struct Aligned {
  std::vector<std::unique_ptr<score::Answers>> a, b;
  std::vector<std::vector<int>> fold;  // empty where there were no folds, or other ones
};

Error not_paired(const std::string& why) {
  return Error(Code::kData, "the runs cannot be compared sample by sample: " + why,
               "compare runs on the same data with the same --test file, or the same --folds, "
               "--repeats and --seed");
}

// Returns the unit that resampling draws as a whole. Runs of older versions record groups only; a
// sample without a group is a unit of its own.
std::string unit_of(const store::Prediction& a, const store::Prediction& b) {
  for (const auto* p : {&a, &b}) {
    if (!p->unit.empty()) return p->unit;
  }
  return a.group.empty() ? "sample " + a.sample : "group " + a.group;
}

bool has_units(const store::Run& run) {
  return std::any_of(
      run.predictions.begin(), run.predictions.end(),
      [](const store::Prediction& p) { return !p.unit.empty() || !p.group.empty(); });
}

task::Recalled::Answer answer_of(const store::Prediction& p) {
  return {p.truth, p.predicted, p.probability};
}

// All answers of one repeat, and what belongs together.
struct OfRepeat {
  task::Recalled a, b;
  std::vector<int> group;
};

void require_paired(const store::Run& a, const store::Run& b) {
  if (a.data_hash != b.data_hash) throw not_paired("their data files differ");
  if (a.predictions.size() != b.predictions.size()) {
    throw not_paired(fmt::format("one predicted {} samples, the other {}", a.predictions.size(),
                                 b.predictions.size()));
  }
  if (a.task != b.task) throw not_paired("their tasks differ");
}

// Orders the predictions by repeat and sample, equally for every run.
std::map<Key, const store::Prediction*> by_sample(const store::Run& run) {
  std::map<Key, const store::Prediction*> found;
  for (const auto& p : run.predictions) found[{p.repeat, p.sample}] = &p;
  return found;
}

// Takes the answers of two runs about one sample after the other.
class Pairing {
 public:
  Pairing(const store::Run& a, const store::Run& b)
      : a_(a), b_(b), related_(has_units(a) || has_units(b)) {
    std::set<std::string> names(a.classes.begin(), a.classes.end());
    names.insert(b.classes.begin(), b.classes.end());
    columns_.assign(names.begin(), names.end());
  }

  void add(const store::Prediction& p, const store::Prediction& twin) {
    const auto r = static_cast<std::size_t>(p.repeat);
    while (repeats_.size() <= r) {
      repeats_.push_back({{columns_, a_.classes, {}}, {columns_, b_.classes, {}}, {}});
      fold_.emplace_back();
    }
    repeats_[r].a.answers.push_back(answer_of(p));
    repeats_[r].b.answers.push_back(answer_of(twin));
    const auto unit = units_.try_emplace(unit_of(p, twin), static_cast<int>(units_.size()));
    if (related_) repeats_[r].group.push_back(unit.first->second);
    fold_[r].push_back(p.fold);
    folded_ = folded_ || p.fold > 0;
    same_folds_ = same_folds_ && twin.fold == p.fold;
  }

  Aligned aligned() const {
    Aligned out;
    const auto recall = recall_of(a_.task);
    for (const auto& repeat : repeats_) {
      out.a.push_back(recall(repeat.a));
      out.b.push_back(recall(repeat.b));
      for (auto* side : {out.a.back().get(), out.b.back().get()}) side->group = repeat.group;
    }
    if (folded_ && same_folds_) out.fold = fold_;
    return out;
  }

 private:
  const store::Run& a_;
  const store::Run& b_;
  bool related_, same_folds_ = true, folded_ = false;
  std::vector<std::string> columns_;
  std::vector<OfRepeat> repeats_;
  std::map<std::string, int> units_;
  std::vector<std::vector<int>> fold_;
};

Aligned align(const store::Run& a, const store::Run& b) {
  require_paired(a, b);
  Pairing pairing(a, b);
  const auto other = by_sample(b);
  for (const auto& [key, found] : by_sample(a)) {
    const auto twin = other.find(key);
    if (twin == other.end() || twin->second->truth != found->truth) {
      throw not_paired("sample " + found->sample + " was predicted by one of them only");
    }
    pairing.add(*found, *twin->second);
  }
  return pairing.aligned();
}

}  // namespace

RunComparison compare_runs(const std::string& store, const std::string& a, const std::string& b,
                           const std::string& metric) {
  auto runs = stored_runs(store);
  const store::Run first = runs.find(a), second = runs.find(b);
  return compare_stored(first, second, metric, {});
}

RunComparison compare_stored(const store::Run& first, const store::Run& second,
                             const std::string& metric, const CompareNames& names) {
  const Aligned both = align(first, second);
  const auto name = [&](const std::string& given, const store::Run& run) {
    return !given.empty() ? given : first.model == second.model ? run.id : run.model;
  };
  score::CompareOptions options;
  options.metric = metric.empty() ? first.metric : metric;
  options.name_a = name(names.a, first);
  options.name_b = name(names.b, second);
  options.fold = both.fold;
  const score::Comparison c =
      score::compare({score::Repeats(both.a), score::Repeats(both.b)}, options);
  RunComparison out;
  out.a = first.id.empty() ? options.name_a : first.id;
  out.b = second.id.empty() ? options.name_b : second.id;
  out.metric = c.metric;
  out.value_a = c.a;
  out.value_b = c.b;
  out.difference = {c.decision.difference, c.decision.low, c.decision.high};
  out.test = c.test;
  out.p = c.decision.p;
  out.distinguishable = c.distinguishable;
  out.samples_needed = c.samples_needed;
  out.repeats = static_cast<int>(both.a.size());
  out.samples = both.a.empty() ? 0 : static_cast<int>(both.a.front()->size());
  out.verdict = c.verdict;
  return out;
}

std::string RunComparison::text() const {
  return fmt::format(
      "A {}: {} {:.4f}\nB {}: {} {:.4f}\ndifference {:+.4f}  (95 % interval {:+.4f} to "
      "{:+.4f}), p = {:.3g}, {}\n{}\n",
      a, metric, value_a, b, metric, value_b, difference.value, difference.low, difference.high, p,
      test, verdict);
}

std::string RunComparison::json() const {
  const base::Json out = {
      {"a", a},
      {"b", b},
      {"metric", metric},
      {"value_a", value_a},
      {"value_b", value_b},
      {"difference",
       {{"value", difference.value}, {"low", difference.low}, {"high", difference.high}}},
      {"test", test},
      {"p", p},
      {"distinguishable", distinguishable},
      {"samples_needed", samples_needed},
      {"samples", samples},
      {"repeats", repeats},
      {"verdict", verdict}};
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

}  // namespace refrain::api

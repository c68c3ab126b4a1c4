#include "refrain/task/classify/goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"
#include "refrain/method/method.h"
#include "refrain/task/classify/class_weight.h"
#include "refrain/task/classify/cost.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/classify/problem.h"

namespace refrain::task {
namespace {

using data::EncodedTarget;

// Adds `factor` of what the sample should be given by itself.
void add_own(const EncodedTarget& sample, double factor, std::vector<real>& shares) {
  const auto share = static_cast<real>(factor);
  if (sample.shares.empty()) {
    shares[static_cast<std::size_t>(sample.target)] += share;
    return;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) shares[c] += share * sample.shares[c];
}

}  // namespace

ClassifyGoal::ClassifyGoal(std::vector<std::string> labels, score::Cost cost,
                           std::vector<double> method_weight)
    : labels_(std::move(labels)),
      cost_(std::move(cost)),
      method_weight_(std::move(method_weight)),
      judge_(static_cast<int>(labels_.size())) {}

std::vector<EncodedTarget> ClassifyGoal::truths(const data::Subset& view) const {
  std::vector<EncodedTarget> out(static_cast<std::size_t>(view.size()));
  const auto targets = targets_of(labels_, view);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].target = targets[i];
  return out;
}

void ClassifyGoal::require_method(const std::string& method, const data::Subset& training) const {
  if (labels_of(training).size() == labels_.size()) return;
  throw Error(Code::kUnsupported,
              fmt::format("the method {} takes no classes without samples", method),
              "give samples of every class, or train networks alone (--model network --blend '')");
}

void ClassifyGoal::put_targets(method::Training& training) const {
  training.targets = targets_of(labels_, training.samples);
  training.classes = width();
}

std::unique_ptr<train::Problem> ClassifyGoal::problem(
    const Network& network, const std::vector<data::EncodedSample>& samples, int n_train) const {
  return classify_problem(network, samples, n_train);
}

// Softmax.
void ClassifyGoal::finish(double* numbers) const {
  const int count = width();
  const double most = *std::max_element(numbers, numbers + count);
  double total = 0;
  for (int i = 0; i < count; ++i) total += numbers[i] = std::exp(numbers[i] - most);
  for (int i = 0; i < count; ++i) numbers[i] /= total;
}

std::vector<double> ClassifyGoal::of_method(std::vector<double> answers) const {
  return reweighed(std::move(answers), method_weight_);
}

std::vector<double> ClassifyGoal::adopt(const std::vector<double>& answers,
                                        const Goal& other) const {
  return widen(answers, other.columns(), labels_);
}

void ClassifyGoal::soften(EncodedTarget& target, Row teacher) const {
  constexpr double kTeacherShare = 0.5;  // the label has the rest
  target.shares.clear();
  for (int c = 0; c < width(); ++c) {
    const double label = target.target == c ? 1 : 0;
    target.shares.push_back(
        static_cast<real>(kTeacherShare * teacher[c] + (1 - kTeacherShare) * label));
  }
}

void ClassifyGoal::mix(const EncodedTarget& source, const data::Target& made,
                       EncodedTarget& out) const {
  out.shares.assign(labels_.size(), 0);
  if (made.shares.empty()) add_own(source, 1, out.shares);
  for (const auto& [label, share] : made.shares) {
    if (label == made.label) {
      add_own(source, share, out.shares);
    } else {
      const int target = label_number(labels_, label);
      out.shares[static_cast<std::size_t>(target)] += static_cast<real>(share);
    }
  }
}

int ClassifyGoal::choice(Row answer) const {
  if (!cost_.empty()) return score::decide({answer, answer + width()}, cost_).front();
  return static_cast<int>(std::max_element(answer, answer + width()) - answer);
}

std::string ClassifyGoal::decide(Row answer) const {
  return labels_[static_cast<std::size_t>(choice(answer))];
}

std::unique_ptr<score::Answers> ClassifyGoal::answers(const data::Subset& view,
                                                      Predictions said) const {
  auto out = std::make_unique<score::Classification>();
  out->classes = width();
  out->truth = targets_of(labels_, view);
  for (const auto& label : said.decided) out->predicted.push_back(label_number(labels_, label));
  out->probability = std::move(said.numbers);
  return out;
}

score::NamedMetrics ClassifyGoal::more_metrics() const {
  if (cost_.empty()) return {};
  return {{"mean_cost", "", score::mean_cost(cost_)}};
}

// The likeliest class: accuracy needs no probabilities.
Predictions ClassifyGoal::of_baseline(const data::Subset&, std::vector<double> answers) const {
  Predictions out;
  for (auto row = answers.begin(); row != answers.end(); row += width()) {
    out.decided.push_back(
        labels_[static_cast<std::size_t>(std::max_element(row, row + width()) - row)]);
  }
  return out;
}

base::Json ClassifyGoal::to_json() const {
  base::Json out = {{"labels", labels_}};
  if (!cost_.empty()) out["cost"] = cost_;
  if (!method_weight_.empty()) out["class_weight"] = method_weight_;
  return out;
}

void require_classes(const data::Subset& training) {
  const auto labels = labels_of(training);
  if (labels.size() >= 2) return;
  bool grouped = false;
  for (int i = 0; i < training.size(); ++i) grouped = grouped || !training[i].group.empty();
  const std::string groups =
      grouped ? "; groups stay whole, so each class should be in several groups" : "";
  throw Error(
      Code::kData,
      fmt::format("{}: all {} training samples have the same label '{}'", training.dataset.path,
                  training.size(), labels.empty() ? "" : labels.front()),
      "classification needs samples of at least two classes; is --target right?" + groups);
}

namespace {

// Sorted, unique.
std::vector<std::string> all_labels(const data::Subset& view,
                                    const std::vector<std::string>& more) {
  auto labels = labels_of(view);
  labels.insert(labels.end(), more.begin(), more.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

std::vector<double> method_weights(const Spec& spec, const std::vector<std::string>& labels,
                                   const data::Subset& all) {
  if (simple_methods(spec).empty()) return {};
  std::vector<int> count(labels.size());
  for (int i = 0; i < all.size(); ++i) {
    const int number = label_number(labels, all[i].label);
    if (number >= 0) ++count[static_cast<std::size_t>(number)];
  }
  return class_weights(spec.classify.class_weight, labels, count);
}

score::Cost cost_from(const base::Json& stored, std::size_t classes) {
  auto cost = stored.get<score::Cost>();
  bool right = cost.size() == classes;
  for (const auto& row : cost) right = right && row.size() == classes;
  for (const auto& row : cost) {
    for (const double c : row) right = right && std::isfinite(c);
  }
  if (!right) throw Error(Code::kData, "its costs are damaged");
  return cost;
}

std::vector<double> class_weight_from(const base::Json& stored, std::size_t classes) {
  auto weight = stored.get<std::vector<double>>();
  const bool right =
      std::all_of(weight.begin(), weight.end(), [](double x) { return std::isfinite(x) && x > 0; });
  if (weight.size() != classes || !right) {
    throw Error(Code::kData, "its weights of classes are damaged");
  }
  return weight;
}

}  // namespace

std::shared_ptr<const Goal> fit_classify(const GoalParts& parts, const Spec& spec) {
  check_class_weight(spec.classify.class_weight, parts.training.dataset, parts.classes);
  auto labels = all_labels(parts.training, parts.classes);
  auto cost = parse_cost(spec.model.cost, labels);
  auto weights = method_weights(spec, labels, parts.all);
  return std::make_shared<ClassifyGoal>(std::move(labels), std::move(cost), std::move(weights));
}

std::shared_ptr<const Goal> read_classify(const base::Json& head) {
  auto labels = head.at("labels").get<std::vector<std::string>>();
  const std::size_t count = labels.size();
  if (std::set<std::string>(labels.begin(), labels.end()).size() != count || count < 2) {
    throw Error(Code::kData, "its labels are not two or more that differ");
  }
  score::Cost cost;
  std::vector<double> weights;
  if (head.contains("cost")) cost = cost_from(head.at("cost"), count);
  if (head.contains("class_weight")) weights = class_weight_from(head.at("class_weight"), count);
  return std::make_shared<ClassifyGoal>(std::move(labels), std::move(cost), std::move(weights));
}

}  // namespace refrain::task

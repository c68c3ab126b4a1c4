#include "refrain/task/regress/goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/reader.h"
#include "refrain/method/method.h"
#include "refrain/score/conformal.h"
#include "refrain/score/lives.h"
#include "refrain/score/regression.h"
#include "refrain/task/regress/problem.h"

namespace refrain::task {
namespace {

std::vector<std::string> with_bounds(const std::vector<std::string>& targets) {
  std::vector<std::string> out = targets;
  for (const char* bound : {"low", "high"}) {
    for (const auto& target : targets) {
      out.push_back(targets.size() == 1 ? bound : target + "_" + bound);
    }
  }
  return out;
}

std::vector<std::string> network_columns(const RegressParts& parts) {
  const bool quantiles = parts.loss == "quantile" && parts.interval > 0;
  return quantiles ? with_bounds(parts.targets) : parts.targets;
}

std::vector<std::string> final_columns(const RegressParts& parts) {
  return parts.radii.empty() ? network_columns(parts) : with_bounds(parts.targets);
}

bool is_absolute(const RegressParts& parts) {
  return parts.loss == "absolute" || parts.loss == "quantile";
}

}  // namespace

RegressGoal::RegressGoal(RegressParts parts)
    : parts_(std::move(parts)),
      columns_(network_columns(parts_)),
      answer_columns_(final_columns(parts_)),
      judge_(parts_.scales, static_cast<int>(columns_.size()), is_absolute(parts_)) {}

std::vector<data::EncodedTarget> RegressGoal::truths(const data::Subset& view) const {
  data::Problems problems(view.dataset.path);
  std::vector<data::EncodedTarget> out(static_cast<std::size_t>(view.size()));
  for (int i = 0; i < view.size(); ++i) {
    const auto& numbers = view[i].numbers;
    if (numbers.size() != count()) {
      problems.add(
          view[i].line, 0,
          fmt::format("{} numbers to predict, but training had {}", numbers.size(), count()));
      continue;
    }
    auto& values = out[static_cast<std::size_t>(i)].values;
    for (std::size_t k = 0; k < count(); ++k) {
      const TargetScale& scale = parts_.scales[k];
      values.push_back(static_cast<real>((numbers[k] - scale.mean) / scale.deviation));
    }
  }
  problems.throw_if_any("name the same columns with --target");
  return out;
}

void RegressGoal::require_method(const std::string& method, const data::Subset& training) const {
  if (has_quantiles()) {
    throw Error(Code::kUnsupported,
                fmt::format("the method {} predicts numbers, not quantiles", method),
                "leave --loss quantile out, or train networks alone (--blend '')");
  }
  for (int i = 0; i < training.size(); ++i) {
    for (const double number : training[i].numbers) {
      if (!std::isnan(number)) continue;
      throw Error(Code::kUnsupported, fmt::format("the method {} takes no missing targets", method),
                  "fill them in, or train networks alone (--model network --blend '')");
    }
  }
}

void RegressGoal::put_targets(method::Training& training) const {
  training.width = static_cast<int>(count());
  for (int i = 0; i < training.samples.size(); ++i) {
    const auto& numbers = training.samples[i].numbers;
    training.values.insert(training.values.end(), numbers.begin(), numbers.end());
  }
}

std::unique_ptr<train::Problem> RegressGoal::problem(
    const Network& network, const std::vector<data::EncodedSample>& samples, int n_train) const {
  return regress_problem(network, parts_, samples, n_train);
}

// From deviations to units of the target; bounds never lie on the wrong side.
void RegressGoal::finish(double* numbers) const {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const TargetScale& scale = parts_.scales[c % count()];
    numbers[c] = numbers[c] * scale.deviation + scale.mean;
  }
  for (std::size_t k = 0; has_quantiles() && k < count(); ++k) {
    numbers[count() + k] = std::min(numbers[count() + k], numbers[k]);
    numbers[2 * count() + k] = std::max(numbers[2 * count() + k], numbers[k]);
  }
}

// Half way between the target and the teacher.
void RegressGoal::soften(data::EncodedTarget& target, Row teacher) const {
  for (std::size_t k = 0; k < count(); ++k) {
    const double taught = (teacher[k] - parts_.scales[k].mean) / parts_.scales[k].deviation;
    target.values[k] = static_cast<real>((static_cast<double>(target.values[k]) + taught) / 2);
  }
}

// A sample that mixes several gets the mean of their numbers, weighted by their shares.
void RegressGoal::mix(const data::EncodedTarget& source, const data::Target& made,
                      data::EncodedTarget& out) const {
  out.values = source.values;
  if (made.numbers.size() != count()) return;
  for (std::size_t k = 0; k < count(); ++k) {
    const TargetScale& scale = parts_.scales[k];
    out.values[k] = static_cast<real>((made.numbers[k] - scale.mean) / scale.deviation);
  }
}

std::shared_ptr<const Goal> RegressGoal::calibrated(const std::vector<data::EncodedTarget>& truth,
                                                    const std::vector<double>& answers,
                                                    const std::vector<int>& units) const {
  RegressParts out = parts_;
  out.radii.clear();
  const std::size_t width = columns_.size();
  for (std::size_t k = 0; k < count(); ++k) {
    std::vector<double> misses;
    std::vector<int> of;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const Row row = answers.data() + i * width;
      const double wanted =
          static_cast<double>(truth[i].values[k]) * out.scales[k].deviation + out.scales[k].mean;
      if (std::isnan(wanted)) continue;
      misses.push_back(has_quantiles()
                           ? std::max(row[count() + k] - wanted, wanted - row[2 * count() + k])
                           : std::fabs(row[k] - wanted));
      of.push_back(units.empty() ? static_cast<int>(i) : units[i]);
    }
    if (misses.empty()) return nullptr;
    out.radii.push_back(score::conformal_radius(misses, of, out.interval));
  }
  return std::make_shared<RegressGoal>(std::move(out));
}

std::vector<double> RegressGoal::complete(std::vector<double> answers) const {
  if (parts_.radii.empty()) return answers;
  const std::size_t K = count(), width = columns_.size(), n = answers.size() / width;
  std::vector<double> out(n * 3 * K);
  for (std::size_t i = 0; i < n; ++i) {
    const Row row = answers.data() + i * width;
    double* to = out.data() + i * 3 * K;
    for (std::size_t k = 0; k < K; ++k) {
      const double low = has_quantiles() ? row[K + k] : row[k];
      const double high = has_quantiles() ? row[2 * K + k] : row[k];
      to[k] = row[k];
      to[K + k] = std::min(row[k], low - parts_.radii[k]);
      to[2 * K + k] = std::max(row[k], high + parts_.radii[k]);
    }
  }
  return out;
}

std::string RegressGoal::decide(Row answer) const {
  std::string out;
  for (std::size_t k = 0; k < count(); ++k) out += fmt::format("{}{}", k > 0 ? " " : "", answer[k]);
  return out;
}

std::unique_ptr<score::Answers> RegressGoal::answers(const data::Subset& view,
                                                     Predictions said) const {
  auto out = std::make_unique<score::Regression>();
  const auto n = static_cast<std::size_t>(view.size());
  const std::size_t K = count(), width = n == 0 ? K : said.numbers.size() / n;
  out->width = static_cast<int>(K);
  out->columns = parts_.targets;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& numbers = view[static_cast<int>(i)].numbers;
    const auto row = said.numbers.begin() + static_cast<std::ptrdiff_t>(i * width);
    const auto block = static_cast<std::ptrdiff_t>(K);
    out->truth.insert(out->truth.end(), numbers.begin(), numbers.end());
    out->predicted.insert(out->predicted.end(), row, row + block);
    if (width < 3 * K) continue;
    out->low.insert(out->low.end(), row + block, row + 2 * block);
    out->high.insert(out->high.end(), row + 2 * block, row + 3 * block);
  }
  return out;
}

Predictions RegressGoal::comparable(const Predictions& said) const {
  const std::size_t n = said.decided.size(), width = n == 0 ? 0 : said.numbers.size() / n;
  Predictions out;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = said.numbers.begin() + static_cast<std::ptrdiff_t>(i * width);
    out.numbers.insert(out.numbers.end(), row, row + static_cast<std::ptrdiff_t>(count()));
  }
  return out;
}

score::NamedMetrics RegressGoal::more_metrics() const {
  return parts_.lives ? score::life_metrics() : score::NamedMetrics();
}

base::Json RegressGoal::to_json() const {
  base::Json scales = base::Json::array();
  for (const auto& scale : parts_.scales) scales.push_back({scale.mean, scale.deviation});
  base::Json out = {{"targets", parts_.targets},   {"scales", scales},
                    {"loss", parts_.loss},         {"huber_delta", parts_.huber_delta},
                    {"interval", parts_.interval}, {"radii", parts_.radii}};
  if (parts_.lives) out["lives"] = true;
  return out;
}

void require_numbers(const data::Subset& training) {
  const std::string& path = training.dataset.path;
  bool differ = false;
  for (int i = 0; i < training.size(); ++i) {
    if (training[i].numbers.empty()) {
      throw Error(Code::kData, fmt::format("{}: there are no numbers to predict", path),
                  "name the column with --target");
    }
    differ = differ || training[i].numbers != training[0].numbers;
  }
  if (differ) return;
  throw Error(
      Code::kData,
      fmt::format("{}: all {} training samples have the same target", path, training.size()),
      "regression needs targets that differ; is --target right?");
}

namespace {

TargetScale scale_of(const data::Subset& training, std::size_t k) {
  double n = 0, mean = 0, squares = 0;
  for (int i = 0; i < training.size(); ++i) {
    const double number = training[i].numbers[k];
    if (std::isnan(number)) continue;
    n += 1;
    const double step = number - mean;
    mean += step / n;
    squares += step * (number - mean);
  }
  const double deviation = n > 0 ? std::sqrt(squares / n) : 0;
  return {mean, deviation > 0 ? deviation : 1};
}

// The names that --target gave, with commas between, or numbers; one is called "prediction".
std::vector<std::string> names_of(const data::Subset& training) {
  const std::size_t count = training[0].numbers.size();
  if (count == 1) return {"prediction"};
  std::vector<std::string> names;
  const std::string& label = training.dataset.columns.label;
  for (std::size_t begin = 0; begin <= label.size();) {
    const auto end = std::min(label.find(',', begin), label.size());
    const auto from = std::min(label.find_first_not_of(' ', begin), end);
    names.push_back(label.substr(from, end - from));
    begin = end + 1;
  }
  if (names.size() == count) return names;
  names.clear();
  for (std::size_t k = 0; k < count; ++k) names.push_back(fmt::format("target_{}", k + 1));
  return names;
}

}  // namespace

std::shared_ptr<const Goal> fit_regress(const GoalParts& parts, const Spec& spec) {
  require_numbers(parts.training);
  RegressParts out;
  out.targets = names_of(parts.training);
  for (std::size_t k = 0; k < out.targets.size(); ++k) {
    out.scales.push_back(scale_of(parts.training, k));
  }
  out.loss = spec.regress.loss;
  out.huber_delta = spec.regress.huber_delta;
  out.interval = spec.regress.interval;
  out.lives = parts.training.dataset.lives;
  return std::make_shared<RegressGoal>(std::move(out));
}

std::shared_ptr<const Goal> read_regress(const base::Json& head) {
  RegressParts out;
  out.targets = head.at("targets").get<std::vector<std::string>>();
  for (const auto& scale : head.at("scales")) {
    out.scales.push_back({scale.at(0).get<double>(), scale.at(1).get<double>()});
  }
  out.loss = head.at("loss").get<std::string>();
  out.huber_delta = head.at("huber_delta").get<double>();
  out.interval = head.at("interval").get<double>();
  out.radii = head.at("radii").get<std::vector<double>>();
  out.lives = head.value("lives", false);
  const auto usable = [](const TargetScale& scale) {
    return std::isfinite(scale.mean) && std::isfinite(scale.deviation) && scale.deviation > 0;
  };
  const bool right =
      !out.targets.empty() && out.scales.size() == out.targets.size() &&
      std::all_of(out.scales.begin(), out.scales.end(), usable) &&
      (out.radii.empty() || out.radii.size() == out.targets.size()) &&
      std::all_of(out.radii.begin(), out.radii.end(), [](double r) { return std::isfinite(r); });
  if (!right) throw Error(Code::kData, "its target is damaged");
  return std::make_shared<RegressGoal>(std::move(out));
}

}  // namespace refrain::task

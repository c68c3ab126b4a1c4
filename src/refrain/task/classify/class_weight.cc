#include "refrain/task/classify/class_weight.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/task/classify/labels.h"

namespace refrain::task {
namespace {

using ByLabel = std::vector<std::pair<std::string, double>>;

constexpr const char* kClassWeightForm =
    "write none, balanced, or for example --class-weight 'sick=5, well=1'";

std::string without_blanks_around(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void refuse_weight(const std::string& label, const std::string& weight) {
  throw Error(
      Code::kUsage,
      fmt::format("--class-weight: the weight of '{}' is {}, not a number above 0", label, weight),
      kClassWeightForm);
}

void add_weight(const std::string& label, double weight, const std::string& shown, ByLabel& out) {
  if (!(weight > 0) || !std::isfinite(weight)) refuse_weight(label, shown);
  out.emplace_back(label, weight);
}

ByLabel weights_of_json(const std::string& text) {
  const auto object = nlohmann::json::parse(text, nullptr, false);
  if (object.is_discarded()) {
    throw Error(Code::kUsage, fmt::format("--class-weight: '{}' is not valid JSON", text),
                kClassWeightForm);
  }
  ByLabel out;
  for (const auto& [label, weight] : object.items()) {
    add_weight(label, weight.is_number() ? weight.get<double>() : 0, weight.dump(), out);
  }
  return out;
}

ByLabel weights_of_list(const std::string& text) {
  ByLabel out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const std::string item = without_blanks_around(text.substr(begin, end - begin));
    const auto equal = item.rfind('=');
    if (equal == std::string::npos) {
      throw Error(Code::kUsage,
                  fmt::format("--class-weight: '{}' is not of the form label=weight", item),
                  kClassWeightForm);
    }
    const std::string number = without_blanks_around(item.substr(equal + 1));
    double weight = 0;
    const char* last = number.data() + number.size();
    const auto [stop, code] = std::from_chars(number.data(), last, weight);
    if (code != std::errc() || stop != last) weight = 0;
    add_weight(without_blanks_around(item.substr(0, equal)), weight, "'" + number + "'", out);
    begin = end + 1;
  }
  return out;
}

ByLabel weights_by_label(const std::string& given) {
  const std::string text = without_blanks_around(given);
  if (text.empty() || text == "none" || text == "balanced") return {};
  return text[0] == '{' ? weights_of_json(text) : weights_of_list(text);
}

std::vector<double> balanced(const std::vector<int>& count) {
  const int n = std::accumulate(count.begin(), count.end(), 0);
  const int classes = static_cast<int>(count.size());
  std::vector<double> weights;
  weights.reserve(count.size());
  for (const double c : count) weights.push_back(n / (classes * std::max(1.0, c)));
  return weights;
}

}  // namespace

std::vector<double> class_weights(const std::string& text, const std::vector<std::string>& labels,
                                  const std::vector<int>& count) {
  std::vector<double> weights(labels.size(), 1);
  if (without_blanks_around(text) == "balanced") weights = balanced(count);
  for (const auto& [label, weight] : weights_by_label(text)) {
    const int number = label_number(labels, label);
    if (number >= 0) weights[static_cast<std::size_t>(number)] = weight;
  }
  const bool even = std::all_of(weights.begin(), weights.end(), [](double w) { return w == 1; });
  return even ? std::vector<double>() : weights;
}

void check_class_weight(const std::string& text, const data::Dataset& dataset,
                        const std::vector<std::string>& more) {
  const ByLabel given = weights_by_label(text);
  if (given.empty()) return;
  std::set<std::string> known(more.begin(), more.end());
  for (const auto& sample : dataset.samples) known.insert(sample.label);
  const std::vector<std::string> labels(known.begin(), known.end());
  for (const auto& [label, weight] : given) {
    if (label_number(labels, label) >= 0) continue;
    throw Error(Code::kUsage, fmt::format("--class-weight: there is no class '{}'", label),
                base::did_you_mean(label, labels));
  }
}

std::vector<double> reweighed(std::vector<double> probability, const std::vector<double>& weights) {
  const std::size_t classes = weights.size();
  for (std::size_t row = 0; classes > 0 && row < probability.size(); row += classes) {
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += probability[row + c] * weights[c];
    if (!(sum > 0)) continue;
    for (std::size_t c = 0; c < classes; ++c) {
      probability[row + c] = probability[row + c] * weights[c] / sum;
    }
  }
  return probability;
}

}  // namespace refrain::task

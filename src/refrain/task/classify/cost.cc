#include "refrain/task/classify/cost.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/task/classify/labels.h"

namespace refrain::task {
namespace {

constexpr const char* kForm = "write for example --cost 'sick>healthy=10, healthy>sick=1'";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::size_t number_of(const std::string& label, const std::vector<std::string>& labels) {
  const int number = label_number(labels, label);
  if (number >= 0) return static_cast<std::size_t>(number);
  throw Error(Code::kUsage, fmt::format("--cost: there is no class '{}'", label),
              base::did_you_mean(label, labels));
}

double cost_of(const std::string& text) {
  double cost = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), cost);
  if (code == std::errc() && end == text.data() + text.size() && cost >= 0 && std::isfinite(cost)) {
    return cost;
  }
  throw Error(Code::kUsage, fmt::format("--cost: '{}' is not a cost of at least 0", text), kForm);
}

void add(const std::string& item, const std::vector<std::string>& labels, score::Cost& cost) {
  const auto equal = item.rfind('='), arrow = item.find('>');
  if (arrow == std::string::npos || equal == std::string::npos || equal < arrow) {
    throw Error(Code::kUsage, fmt::format("--cost: '{}' is not of the form true>answer=cost", item),
                kForm);
  }
  const auto truth = number_of(trimmed(item.substr(0, arrow)), labels);
  const auto answer = number_of(trimmed(item.substr(arrow + 1, equal - arrow - 1)), labels);
  cost[truth][answer] = cost_of(trimmed(item.substr(equal + 1)));
}

}  // namespace

score::Cost parse_cost(const std::string& text, const std::vector<std::string>& labels) {
  if (trimmed(text).empty()) return {};
  score::Cost cost(labels.size(), std::vector<double>(labels.size(), 1));
  for (std::size_t i = 0; i < labels.size(); ++i) cost[i][i] = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    add(trimmed(text.substr(begin, end - begin)), labels, cost);
    begin = end + 1;
  }
  return cost;
}

}  // namespace refrain::task

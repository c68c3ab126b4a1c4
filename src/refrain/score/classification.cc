#include "refrain/score/classification.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/base/error.h"

namespace refrain::score {
namespace {

void require(bool good, const std::string& message) {
  if (!good) throw Error(Code::kData, "scores: " + message);
}

bool all_usable(const std::vector<double>& list) {
  return std::all_of(list.begin(), list.end(), [](double x) { return std::isfinite(x) && x >= 0; });
}

bool all_within(const std::vector<int>& list, int low, int end) {
  return std::all_of(list.begin(), list.end(), [&](int k) { return k >= low && k < end; });
}

}  // namespace

void check(const Classification& c) {
  const std::size_t n = c.size(), C = static_cast<std::size_t>(std::max(0, c.classes));
  require(c.predicted.size() == n, "as many predictions as truths are needed");
  require(c.probability.empty() || c.probability.size() == n * C,
          "each sample needs a probability for each class");
  require(c.weight.empty() || c.weight.size() == n, "as many weights as truths are needed");
  require(c.group.empty() || c.group.size() == n, "as many groups as truths are needed");
  require(all_within(c.truth, -1, c.classes), "a truth is no class");
  require(all_within(c.predicted, 0, c.classes), "a prediction is no class");
  require(all_usable(c.probability), "a probability is negative or not finite");
  require(all_usable(c.weight), "a weight is negative or not finite");
}

std::vector<std::vector<int>> members(const Classification& c) {
  std::vector<std::vector<int>> out;
  std::map<int, std::size_t> place;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const int group = c.group.empty() ? static_cast<int>(i) : c.group[i];
    const auto [at, is_new] = place.emplace(group, out.size());
    if (is_new) out.emplace_back();
    out[at->second].push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace refrain::score

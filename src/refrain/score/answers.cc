#include "refrain/score/answers.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace refrain::score {

double Metric::operator()(const Answers& answers) const {
  return of(*answers.weigher(needs == Needs::kOrder));
}

void Answers::demand(bool good, const std::string& message) {
  if (!good) throw Error(Code::kData, "scores: " + message);
}

void Answers::check_weights() const {
  const auto usable = [](double w) { return std::isfinite(w) && w >= 0; };
  demand(weight.empty() || weight.size() == size(), "as many weights as truths are needed");
  demand(group.empty() || group.size() == size(), "as many groups as truths are needed");
  demand(std::all_of(weight.begin(), weight.end(), usable), "a weight is negative or not finite");
}

bool Answers::same_weights(const Answers& other) const {
  return group == other.group && weight == other.weight;
}

void Answers::append_weights(const Answers& other) {
  weight.insert(weight.end(), other.weight.begin(), other.weight.end());
  group.insert(group.end(), other.group.begin(), other.group.end());
}

std::vector<std::vector<int>> members(const Answers& answers) {
  std::vector<std::vector<int>> out;
  std::map<int, std::size_t> place;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const int group = answers.group.empty() ? static_cast<int>(i) : answers.group[i];
    const auto [at, is_new] = place.emplace(group, out.size());
    if (is_new) out.emplace_back();
    out[at->second].push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace refrain::score

#include "refrain/task/classify/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "refrain/data/reader.h"

namespace refrain::task {

int label_number(const std::vector<std::string>& labels, const std::string& label) {
  const auto place = std::lower_bound(labels.begin(), labels.end(), label);
  return place != labels.end() && *place == label ? static_cast<int>(place - labels.begin()) : -1;
}

std::vector<std::string> labels_of(const data::Subset& view) {
  std::set<std::string> labels;
  for (int i = 0; i < view.size(); ++i) labels.insert(view[i].label);
  return {labels.begin(), labels.end()};
}

std::vector<int> targets_of(const std::vector<std::string>& labels, const data::Subset& view) {
  data::Problems problems(view.dataset.path);
  std::vector<int> targets;
  for (int i = 0; i < view.size(); ++i) {
    targets.push_back(label_number(labels, view[i].label));
    if (targets.back() >= 0) continue;
    problems.add(view[i].line, 0,
                 fmt::format("label '{}' does not occur in the training data", view[i].label));
  }
  problems.throw_if_any("remove these rows, or train with samples of that class");
  return targets;
}

std::vector<double> widen(const std::vector<double>& probability,
                          const std::vector<std::string>& from,
                          const std::vector<std::string>& to) {
  const std::size_t rows = probability.size() / from.size();
  std::vector<double> out(rows * to.size());
  for (std::size_t c = 0; c < from.size(); ++c) {
    const auto column = static_cast<std::size_t>(label_number(to, from[c]));
    for (std::size_t i = 0; i < rows; ++i) {
      out[i * to.size() + column] = probability[i * from.size() + c];
    }
  }
  return out;
}

}  // namespace refrain::task

#include "refrain/task/tag/judge.h"

#include <algorithm>
#include <string>

#include "refrain/score/blend.h"
#include "refrain/score/metrics.h"
#include "refrain/score/tagging.h"
#include "refrain/score/temperature.h"

namespace refrain::task {

using data::EncodedTarget;

train::ValidScore TagJudge::score(const std::vector<EncodedTarget>& truth,
                                  const std::vector<double>& answers) const {
  score::Tagging tagging;
  tagging.spans = codec_.spans();
  const double* row = answers.data();
  double total = 0, steps = 0;
  for (const auto& one : truth) {
    tagging.truth.push_back(codec_.decode(one.tags));
    tagging.predicted.push_back(codec_.decode(codec_.best(row, one.tags.size(), width())));
    if (labels_ > 0) {
      const double* p = row + codec_.size();
      tagging.label_truth.push_back(std::to_string(one.target));
      tagging.label_predicted.push_back(std::to_string(std::max_element(p, p + labels_) - p));
    }
    tagging.weight.push_back(one.weight);
    const double weight = one.weight * static_cast<double>(one.tags.size());
    total += weight * loss(row, one);
    steps += weight;
    row += rows_of(one) * width();
  }
  const auto& metrics = score::tagging_metrics();
  double score = metrics.at(codec_.spans() ? "f1" : "accuracy")(tagging);
  if (labels_ > 0) score = (score + metrics.at("label_accuracy")(tagging)) / 2;
  return {score, steps > 0 ? total / steps : 0};
}

double TagJudge::loss(Row answer, const EncodedTarget& truth) const {
  double sum = 0;
  for (std::size_t t = 0; t < truth.tags.size(); ++t) {
    const int tag = truth.tags[t];
    sum += score::log_loss_of(tag < 0 ? 0 : answer[t * width() + static_cast<std::size_t>(tag)]);
  }
  const double of_tags = truth.tags.empty() ? 0 : sum / static_cast<double>(truth.tags.size());
  return labels_ > 0 ? of_tags + label_loss(answer, truth) : of_tags;
}

double TagJudge::label_loss(Row answer, const EncodedTarget& truth) const {
  return score::log_loss_of(truth.target < 0 ? 0 : answer[codec_.size() + truth.target]);
}

namespace {

// Calls see(row, tag) for every step whose tag is known.
template <class See>
void for_known_steps(const std::vector<EncodedTarget>& truth, const std::vector<double>& answers,
                     int width, const See& see) {
  const double* row = answers.data();
  for (const auto& one : truth) {
    for (std::size_t t = 0; t < rows_of(one); ++t, row += width) {
      if (t < one.tags.size() && one.tags[t] >= 0) see(row, one.tags[t]);
    }
  }
}

}  // namespace

std::vector<double> TagJudge::weights(const std::vector<EncodedTarget>& truth,
                                      const std::vector<std::vector<double>>& answers) const {
  std::vector<std::vector<double>> given(answers.size());
  for (std::size_t k = 0; k < answers.size(); ++k) {
    for_known_steps(truth, answers[k], static_cast<int>(width()),
                    [&](Row row, int tag) { given[k].push_back(row[tag]); });
  }
  return score::blend_weights(given);
}

double TagJudge::temperature(const std::vector<EncodedTarget>& truth,
                             const std::vector<double>& answers) const {
  score::Classification c;
  c.classes = codec_.size();
  for_known_steps(truth, answers, static_cast<int>(width()), [&](Row row, int tag) {
    c.truth.push_back(tag);
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + c.classes) - row));
    c.probability.insert(c.probability.end(), row, row + c.classes);
  });
  return score::fit_temperature(c);
}

std::vector<double> TagJudge::at_temperature(std::vector<double> answers, double t) const {
  const std::size_t tags = static_cast<std::size_t>(codec_.size());
  for (std::size_t at = 0; at < answers.size(); at += width()) {
    const auto row = answers.begin() + static_cast<std::ptrdiff_t>(at);
    const auto own = score::apply_temperature({row, row + codec_.size()}, codec_.size(), t);
    std::copy_n(own.begin(), tags, row);
  }
  return answers;
}

}  // namespace refrain::task

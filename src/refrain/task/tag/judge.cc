#include "refrain/task/tag/judge.h"

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
    tagging.predicted.push_back(codec_.decode(codec_.best(row, one.tags.size())));
    tagging.weight.push_back(one.weight);
    const double weight = one.weight * static_cast<double>(one.tags.size());
    total += weight * loss(row, one);
    steps += weight;
    row += rows_of(one) * static_cast<std::size_t>(codec_.size());
  }
  const auto& metrics = score::tagging_metrics();
  return {metrics.at(codec_.spans() ? "f1" : "accuracy")(tagging), steps > 0 ? total / steps : 0};
}

double TagJudge::loss(Row answer, const EncodedTarget& truth) const {
  double sum = 0;
  for (std::size_t t = 0; t < truth.tags.size(); ++t) {
    const int tag = truth.tags[t];
    sum += score::log_loss_of(
        tag < 0
            ? 0
            : answer[t * static_cast<std::size_t>(codec_.size()) + static_cast<std::size_t>(tag)]);
  }
  return truth.tags.empty() ? 0 : sum / static_cast<double>(truth.tags.size());
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
    for_known_steps(truth, answers[k], codec_.size(),
                    [&](Row row, int tag) { given[k].push_back(row[tag]); });
  }
  return score::blend_weights(given);
}

double TagJudge::temperature(const std::vector<EncodedTarget>& truth,
                             const std::vector<double>& answers) const {
  score::Classification c;
  c.classes = codec_.size();
  for_known_steps(truth, answers, codec_.size(), [&](Row row, int tag) {
    c.truth.push_back(tag);
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + c.classes) - row));
    c.probability.insert(c.probability.end(), row, row + c.classes);
  });
  return score::fit_temperature(c);
}

std::vector<double> TagJudge::at_temperature(std::vector<double> answers, double t) const {
  return score::apply_temperature(std::move(answers), codec_.size(), t);
}

}  // namespace refrain::task

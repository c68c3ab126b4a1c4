#include "refrain/api/inside/evaluation.h"

#include "refrain/score/intervals.h"

namespace refrain::api {

void score(const task::Classifier& model, const std::vector<data::EncodedSample>& samples,
           int threads, Report& report) {
  const auto& run = model.spec().train;
  const int classes = static_cast<int>(model.labels().size());
  const auto c = task::classification(samples, model.predict(samples, threads), classes);
  for (const auto& [name, s] : score::score_all(c, run.seed)) {
    report.metrics.emplace_back(name, Score{s.value, s.low, s.high});
  }
  report.score = report.metrics.front().second;
  report.confusion = score::confusion_matrix(c);
}

}  // namespace refrain::api

#include "refrain/task/classify/report.h"

#include "refrain/score/class_scores.h"
#include "refrain/score/metrics.h"
#include "refrain/task/classify/labels.h"

namespace refrain::task {
namespace {

Score to_score(const score::Interval& s) { return {s.value, s.low, s.high}; }

Table per_class(const std::vector<std::string>& labels,
                const std::vector<score::ClassScores>& scores) {
  Table out{"per_class", "", "class", {"precision", "recall", "f1", "support", "predicted"}, {}};
  for (std::size_t k = 0; k < labels.size() && k < scores.size(); ++k) {
    const auto& s = scores[k];
    out.rows.push_back(
        {labels[k],
         {to_score(s.precision), to_score(s.recall), to_score(s.f1), s.support, s.predicted}});
  }
  return out;
}

Table confusion(const std::vector<std::string>& labels,
                const std::vector<score::Classification>& repeats) {
  Table out{"confusion",         "rows: true class, columns: predicted", "", labels, {},
            Table::Form::kMatrix};
  for (const auto& label : labels) {
    out.rows.push_back({label, std::vector<Cell>(labels.size(), 0.0)});
  }
  for (const auto& c : repeats) {
    const auto counts = score::confusion_matrix(c);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      for (std::size_t k = 0; k < counts.size(); ++k) {
        std::get<double>(out.rows[i].cells[k]) += counts[i][k];
      }
    }
  }
  return out;
}

}  // namespace

std::vector<Table> classify_tables(const Goal& goal, const score::Repeats& repeats, int seed,
                                   score::Stop stop) {
  std::vector<score::Classification> own;
  for (const auto* one : repeats.list()) {
    own.push_back(dynamic_cast<const score::Classification&>(*one));
  }
  const auto& labels = goal.columns();
  return {per_class(labels, score::class_scores(own, seed, stop)), confusion(labels, own)};
}

std::unique_ptr<score::Answers> recall_classes(const Recalled& recalled) {
  auto out = std::make_unique<score::Classification>();
  const auto& labels = recalled.columns;
  out->classes = static_cast<int>(labels.size());
  for (const auto& answer : recalled.answers) {
    out->truth.push_back(label_number(labels, answer.truth));
    out->predicted.push_back(label_number(labels, answer.predicted));
    std::vector<double> row(labels.size());
    const std::size_t known = std::min(answer.numbers.size(), recalled.own_columns.size());
    for (std::size_t k = 0; k < known; ++k) {
      const int place = label_number(labels, recalled.own_columns[k]);
      row[static_cast<std::size_t>(place)] = answer.numbers[k];
    }
    out->probability.insert(out->probability.end(), row.begin(), row.end());
  }
  return out;
}

}  // namespace refrain::task

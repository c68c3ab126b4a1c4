#include "refrain/task/tag/report.h"

#include <algorithm>

#include "refrain/data/tag_scheme.h"
#include "refrain/score/tag_scores.h"
#include "refrain/task/tag/codec.h"

namespace refrain::task {
namespace {

// Tags, and the label behind a tab.
std::pair<std::string, std::string> parts_of(const std::string& text) {
  const std::size_t tab = text.find('\t');
  if (tab == std::string::npos) return {text, ""};
  return {text.substr(0, tab), text.substr(tab + 1)};
}

Score as_score(const score::Interval& s) { return {s.value, s.low, s.high}; }

}  // namespace

std::vector<Table> tag_tables(const Goal&, const score::Repeats& repeats, int seed,
                              score::Stop stop) {
  std::vector<score::Tagging> own;
  for (const auto* one : repeats.list()) {
    own.push_back(dynamic_cast<const score::Tagging&>(*one));
  }
  const bool spans = own.front().spans;
  Table types{spans ? "per_type" : "per_label",
              "",
              spans ? "type" : "label",
              {"precision", "recall", "f1", "support", "predicted"},
              {}};
  for (const auto& t : score::tag_scores(own, seed, stop)) {
    types.rows.push_back(
        {t.type,
         {as_score(t.precision), as_score(t.recall), as_score(t.f1), t.support, t.predicted}});
  }
  std::vector<Table> out = {std::move(types)};
  if (const auto seen = score::seen_scores(own, seed, stop)) {
    Table table{"seen",
                "entities that stand in the training part, and others",
                "entities",
                {"recall", "support"},
                {}};
    table.rows.push_back({"seen in training", {as_score(seen->seen), seen->seen_support}});
    table.rows.push_back({"not seen", {as_score(seen->unseen), seen->unseen_support}});
    out.push_back(std::move(table));
  }
  return out;
}

std::unique_ptr<score::Answers> recall_tags(const Recalled& recalled) {
  auto out = std::make_unique<score::Tagging>();
  for (const auto& answer : recalled.answers) {
    const auto [truth, label] = parts_of(answer.truth);
    const auto [predicted, predicted_label] = parts_of(answer.predicted);
    out->truth.push_back(split_tags(truth));
    out->predicted.push_back(split_tags(predicted));
    if (answer.truth.find('\t') != std::string::npos) {
      out->label_truth.push_back(label);
      out->label_predicted.push_back(predicted_label);
    }
    if (!answer.numbers.empty()) out->confidence.push_back(answer.numbers);
    for (const auto& tag : out->truth.back()) out->spans = out->spans && data::is_span_tag(tag);
  }
  if (out->confidence.size() != out->truth.size()) out->confidence.clear();
  return out;
}

}  // namespace refrain::task

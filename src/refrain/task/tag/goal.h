// The goal of tagging: a tag for each step of a series or word of a text, answered with the
// probabilities of all tags at each step.
#pragma once

#include <set>

#include "refrain/score/tagging.h"
#include "refrain/task/goal.h"
#include "refrain/task/spec.h"
#include "refrain/task/tag/codec.h"
#include "refrain/task/tag/judge.h"

namespace refrain::task {

struct TagParts {
  std::vector<std::string> tags;  // of the training part, sorted
  bool spans = true;              // the tags mark spans
  bool closed = false;            // TagCodec
  bool chain = true;              // a conditional random field, else each step by itself
  std::set<score::Entity> known;  // entities of the training part, of texts
  // Labels of whole samples, sorted; empty: tags alone are answered.
  std::vector<std::string> labels;
};

class TagGoal : public Goal {
 public:
  explicit TagGoal(TagParts parts);

  const char* task() const override { return "tag"; }
  // The tags, and behind them the labels.
  const std::vector<std::string>& columns() const override { return columns_; }
  int whole_columns() const override { return static_cast<int>(parts_.labels.size()); }
  const std::vector<std::string>& labels() const { return parts_.labels; }
  bool of_steps() const override { return true; }
  bool of_spans() const override { return codec_.spans(); }
  const tape::ChainRules* chain_rules() const override { return parts_.chain ? &rules_ : nullptr; }
  std::vector<data::EncodedTarget> truths(const data::Subset& view) const override;
  void put_targets(method::Training& training) const override;
  void require_method(const std::string&, const data::Subset&) const override {}
  std::unique_ptr<train::Problem> problem(const Network& network,
                                          const std::vector<data::EncodedSample>& samples,
                                          int n_train) const override;
  void finish(double* numbers) const override;
  std::vector<double> of_method(std::vector<double> answers) const override;
  std::vector<double> adopt(const std::vector<double>& answers, const Goal& other) const override;
  void soften(data::EncodedTarget& target, Row teacher) const override;
  void mix(const data::EncodedTarget& source, const data::Target& made,
           data::EncodedTarget& out) const override;
  const std::vector<std::string>& answer_columns() const override;
  Predictions say(const data::Subset& samples, std::vector<double> answers) const override;
  std::string decide(Row answer) const override;
  int choice(Row) const override { return -1; }
  std::unique_ptr<score::Answers> answers(const data::Subset& view,
                                          Predictions said) const override;
  std::string foreign(const data::Subset& samples) const override;
  Predictions of_baseline(const data::Subset& samples, std::vector<double> answers) const override {
    return say(samples, of_method(std::move(answers)));
  }
  Predictions comparable(const Predictions& said) const override { return said; }
  const Judge& judge() const override { return judge_; }
  base::Json to_json() const override;
  bool is_plain() const override { return false; }

  const TagCodec& codec() const { return codec_; }

 private:
  TagParts parts_;
  TagCodec codec_;
  std::vector<std::string> columns_;
  tape::ChainRules rules_;
  TagJudge judge_;
};

std::shared_ptr<const Goal> fit_tag(const GoalParts& parts, const Spec& spec);
std::shared_ptr<const Goal> read_tag(const base::Json& head);
// Throws data where no tags can be learned from the samples.
void require_tags(const data::Subset& training);

}  // namespace refrain::task

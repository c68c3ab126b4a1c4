// What is asked of a tagger about a sample: how likely the tags of one span are.
#pragma once

#include <string>
#include <vector>

#include "refrain/explain/question.h"
#include "refrain/task/tag/goal.h"

namespace refrain::explain {

// A span of words or steps [begin, end) with these tags; of plain labels a run of equal ones.
struct AskedSpan {
  int begin = 0, end = 0;
  std::string type;
  std::vector<std::string> tags;
};

// The spans that these tags of a whole sample mark.
std::vector<AskedSpan> spans_in(const std::vector<std::string>& tags, bool of_spans);

// What a word that is taken out of a tagged text becomes: the others keep their places.
inline constexpr const char* kNoWord = "_";

// A column is a span of one sample: the mean over its steps of the log odds of their tags.
class TagQuestion : public ModelQuestion {
 public:
  // Spans with a tag that the model does not know are left out. Throws unsupported where the model
  // answers no tags.
  TagQuestion(const task::Model& model, const data::Dataset& form, Prepare prepare, int threads);

  // The spans that the model answers a sample with.
  std::vector<AskedSpan> answered(const data::Sample& sample) const;
  void ask(std::vector<AskedSpan> spans);
  const std::vector<AskedSpan>& asked() const { return asked_; }

  std::vector<double> values(std::vector<data::Sample> samples, int column) const override;
  // Of the tags as they are learned: before the chain, where there is one.
  std::vector<std::pair<std::size_t, double>> outputs(int column) const override;

 private:
  const task::TagGoal& goal_;
  std::vector<AskedSpan> asked_;
};

}  // namespace refrain::explain

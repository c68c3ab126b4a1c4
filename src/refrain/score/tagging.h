// Answers that are a tag for each step of n sequences: tags that mark spans (entities, slots; see
// spans.h) or plain labels (parts of speech, activities, phases).
//
// Spans are counted as conlleval counts them: one is found where a predicted span has the same
// steps and type; precision is 0 where nothing was predicted, recall where nothing was there, F1
// where nothing was found. macro_f1 is the mean over types (labels) that occur in truth or
// prediction. An event is a run of one label that is not the background, the first of "O", "" and
// "0" that occurs in the truth (none: every label counts); it is found where a predicted event of
// its label shares at least half of the steps that the two cover, which one at most can do.
#pragma once

#include <set>

#include "refrain/score/answers.h"

namespace refrain::score {

using Tags = std::vector<std::string>;               // one a step
using Entity = std::pair<std::string, std::string>;  // its words, joined by blanks; its type

struct Tagging : Answers {
  bool spans = true;                   // tags mark spans; false: plain labels
  std::vector<Tags> truth, predicted;  // [n][steps]
  // [n] a label of each sample as a whole, answered beside its tags (an intent); empty: none.
  std::vector<std::string> label_truth, label_predicted;
  std::vector<std::vector<double>> confidence;  // [n][steps], of the predicted tag; empty: none
  // [n][true spans] whether the training part has the same words as this type; empty: not told.
  std::vector<std::vector<bool>> seen;

  std::size_t size() const override { return truth.size(); }
  // Throws Error(data) where numbers of samples, steps or spans differ, or a confidence is no
  // probability.
  void check() const override;
  bool same_samples(const Answers& other) const override;
  NamedMetrics metrics() const override;
  std::unique_ptr<Weigher> weigher(bool order) const override;
  std::unique_ptr<Answers> followed_by(const Answers& other) const override;
  std::unique_ptr<Answers> clone() const override;
  // Those whose tags, and label, are all right.
  std::optional<std::vector<bool>> right() const override;
  double work() const override;

  // Fills `seen`; sequences[i] are the words of sample i. Throws Error(data) where a sample has
  // other words than tags.
  void mark_seen(const std::vector<Tags>& sequences, const std::set<Entity>& known);
};

// Adds the entities of one sequence of words.
void collect_entities(const std::vector<std::string>& words, const Tags& tags,
                      std::set<Entity>& known);

// Metrics of spans: f1, the main one, precision, recall, macro_f1, token_accuracy, exact; of
// labels: accuracy (of steps), the main one, macro_f1, event_f1, exact; of labels of samples:
// label_accuracy; of confidences: calibration_error.
const base::Registry<Metric>& tagging_metrics();

}  // namespace refrain::score

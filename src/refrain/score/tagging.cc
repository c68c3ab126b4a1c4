#include "refrain/score/tagging.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "refrain/score/intervals.h"
#include "refrain/score/spans.h"
#include "refrain/score/weighted_tags.h"

namespace refrain::score {
namespace {

template <class List>
void append_all(List& to, const List& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::string text_of(const SpanView& span, const std::vector<std::string>& words) {
  std::string text;
  for (int t = span.begin; t < span.end; ++t) {
    if (t > span.begin) text += ' ';
    text += words[static_cast<std::size_t>(t)];
  }
  return text;
}

bool is_probability(double p) { return p >= 0 && p <= 1 + 1e-9; }

double found_precision(const WeightedTags& w) { return w.all.precision(); }
double found_recall(const WeightedTags& w) { return w.all.recall(); }
double found_f1(const WeightedTags& w) { return w.all.f1(); }
double event_f1(const WeightedTags& w) { return w.events.f1(); }
double step_accuracy(const WeightedTags& w) { return w.steps > 0 ? w.right / w.steps : 0; }
double label_accuracy(const WeightedTags& w) { return w.total > 0 ? w.labels / w.total : 0; }
double exact_share(const WeightedTags& w) { return w.total > 0 ? w.exact / w.total : 0; }

double mean_type_f1(const WeightedTags& w) {
  double sum = 0, types = 0;
  for (const Found& of : w.types) {
    sum += of.f1();
    types += of.truth + of.predicted > 0 ? 1 : 0;
  }
  return types > 0 ? sum / types : 0;
}

double step_calibration(const WeightedTags& w) {
  double sum = 0;
  for (const auto& bin : w.bins) sum += std::abs(bin.gap);
  return w.steps > 0 ? sum / w.steps : 0;
}

// Where each step is right with its confidence as chance: mean size of a bin's normal error.
double step_calibration_noise(const WeightedTags& w) {
  double sum = 0;
  for (const auto& bin : w.bins) sum += std::sqrt(bin.variance * 2 / std::numbers::pi);
  return w.steps > 0 ? sum / w.steps : 0;
}

}  // namespace

void Tagging::check() const {
  const std::size_t n = size();
  demand(predicted.size() == n, "as many predictions as truths are needed");
  demand(confidence.empty() || confidence.size() == n,
         "confidences are needed of each sample, or of none");
  demand(seen.empty() || (spans && seen.size() == n),
         "what training had is told of each sample's spans, or of none");
  demand(label_truth.size() == label_predicted.size() &&
             (label_truth.empty() || label_truth.size() == n),
         "labels are needed of each sample, or of none");
  check_weights();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t steps = truth[i].size();
    const auto differ = [&](const std::string& what, std::size_t count) {
      demand(false, "sample " + std::to_string(i + 1) + " has " + std::to_string(steps) +
                        " true tags and " + std::to_string(count) + " " + what);
    };
    if (predicted[i].size() != steps) differ("predicted ones", predicted[i].size());
    if (!seen.empty()) {
      demand(seen[i].size() == span_views(truth[i]).size(), "each true span is seen or unseen");
    }
    if (confidence.empty()) continue;
    if (confidence[i].size() != steps) differ("confidences", confidence[i].size());
    demand(std::all_of(confidence[i].begin(), confidence[i].end(), is_probability),
           "a confidence is no probability");
  }
}

bool Tagging::same_samples(const Answers& other) const {
  const auto* t = dynamic_cast<const Tagging*>(&other);
  return t != nullptr && spans == t->spans && truth == t->truth && label_truth == t->label_truth &&
         same_weights(other) && confidence.empty() == t->confidence.empty() &&
         seen.empty() == t->seen.empty();
}

NamedMetrics Tagging::metrics() const {
  std::vector<const char*> names = {"accuracy", "macro_f1", "event_f1", "exact"};
  if (spans) names = {"f1", "precision", "recall", "macro_f1", "token_accuracy", "exact"};
  if (!label_truth.empty()) names.push_back("label_accuracy");
  if (!confidence.empty()) names.push_back("calibration_error");
  NamedMetrics out;
  for (const char* name : names) {
    for (const auto& item : tagging_metrics().items()) {
      if (item.name == name) out.push_back(item);
    }
  }
  return out;
}

std::unique_ptr<Weigher> Tagging::weigher(bool /*order*/) const {
  return std::make_unique<WeightedTags>(*this);
}

std::unique_ptr<Answers> Tagging::followed_by(const Answers& other) const {
  const auto& next = dynamic_cast<const Tagging&>(other);
  auto both = std::make_unique<Tagging>(*this);
  append_all(both->truth, next.truth);
  append_all(both->predicted, next.predicted);
  append_all(both->label_truth, next.label_truth);
  append_all(both->label_predicted, next.label_predicted);
  append_all(both->confidence, next.confidence);
  append_all(both->seen, next.seen);
  both->append_weights(next);
  return both;
}

std::unique_ptr<Answers> Tagging::clone() const { return std::make_unique<Tagging>(*this); }

std::optional<std::vector<bool>> Tagging::right() const {
  std::vector<bool> out(size());
  for (std::size_t i = 0; i < size(); ++i) {
    out[i] =
        truth[i] == predicted[i] && (label_truth.empty() || label_truth[i] == label_predicted[i]);
  }
  return out;
}

// The counts of a sample, not its steps: those are counted once.
double Tagging::work() const { return 2.0 * kCalibrationBins * static_cast<double>(size()); }

void Tagging::mark_seen(const std::vector<Tags>& sequences, const std::set<Entity>& known) {
  demand(sequences.size() == size(), "the words of each sample are needed");
  seen.assign(size(), {});
  for (std::size_t i = 0; i < size(); ++i) {
    demand(sequences[i].size() == truth[i].size(), "a sample has other words than tags");
    for (const auto& span : span_views(truth[i])) {
      seen[i].push_back(known.contains({text_of(span, sequences[i]), std::string(span.type)}));
    }
  }
}

void collect_entities(const std::vector<std::string>& words, const Tags& tags,
                      std::set<Entity>& known) {
  if (words.size() != tags.size()) {
    throw Error(Code::kData, "scores: a sample has other words than tags");
  }
  for (const auto& span : span_views(tags)) {
    known.emplace(text_of(span, words), std::string(span.type));
  }
}

const base::Registry<Metric>& tagging_metrics() {
  using enum Needs;
  const auto of = [](double (*function)(const WeightedTags&)) {
    return metric_of<WeightedTags>(function);
  };
  static const base::Registry<Metric> list(
      "metric",
      {{"f1",
        "harmonic mean of precision and recall of spans; steps and type must be right",
        {{}, of(found_f1)}},
       {"precision", "share of the predicted spans that are right", {{}, of(found_precision)}},
       {"recall", "share of the true spans that are found", {{}, of(found_recall)}},
       {"accuracy", "share of steps whose label is right", {{}, of(step_accuracy)}},
       {"macro_f1", "F1 averaged over the types of spans, or over labels", {{}, of(mean_type_f1)}},
       {"event_f1",
        "F1 of events, which are runs of a label; one is found by another that shares half of "
        "their steps",
        {{}, of(event_f1)}},
       {"token_accuracy", "share of steps whose tag is right", {{}, of(step_accuracy)}},
       {"exact",
        "share of samples that are right as a whole: all tags and the label, or the text",
        {{}, of(exact_share), kDecisions, {}, accuracy_interval}},
       {"label_accuracy", "share of samples whose label is right", {{}, of(label_accuracy)}},
       {"calibration_error",
        "how far the confidence of steps is from their accuracy, in 15 bins; smaller is better",
        {{0, 1, true}, of(step_calibration), kNumbers, of(step_calibration_noise)}}});
  return list;
}

}  // namespace refrain::score

#include "refrain/api/inside/label_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/api/inside/settle.h"
#include "refrain/base/at.h"
#include "refrain/data/tokenise.h"
#include "refrain/data/words.h"
#include "refrain/inspect/label_errors.h"
#include "refrain/method/method.h"

namespace refrain::api {
namespace {

using base::at;

constexpr std::size_t kShownCharacters = 60;

std::string shortened_text(const std::string& text) {
  std::size_t end = 0, characters = 0;
  while (end < text.size() && characters < kShownCharacters) {
    ++end;
    while (end < text.size() && (text[end] & 0xC0) == 0x80) ++end;
    ++characters;
  }
  return end < text.size() ? text.substr(0, end) + "..." : text;
}

constexpr double kLeastUsual = 0.05;

// Probabilities of tags in units of what is usual for each: the mean of its probability where it is
// the tag. A tag that the models often miss is no sign of an error where they miss it.
void to_usual(inspect::OutOfFold& rows) {
  const std::size_t width = at(rows.classes);
  std::vector<double> sum(width), count(width);
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    const std::size_t k = at(rows.label[i]);
    sum[k] += rows.probability[i * width + k];
    ++count[k];
  }
  for (std::size_t i = 0; i < rows.probability.size(); ++i) {
    const std::size_t k = i % width;
    if (count[k] > 0) rows.probability[i] /= std::max(kLeastUsual, sum[k] / count[k]);
  }
}

class LabelRanking {
 public:
  LabelRanking(const data::Dataset& data, const HeldOutAnswers& answers)
      : data_(data), answers_(answers), all_(all_of(data)) {}

  // Candidates, and the numbers of their samples.
  std::vector<std::pair<int, LabelCandidate>> run() {
    method::Training targets{.samples = {data_, all_}, .targets = {}};
    answers_.goal->put_targets(targets);
    if (answers_.goal->of_steps()) {
      tags(targets);
    } else if (answers_.goal->classes().empty()) {
      numbers(targets);
    } else {
      classes(targets);
    }
    return std::move(out_);
  }

 private:
  LabelCandidate candidate(int sample) const {
    const auto& s = data_.samples[at(sample)];
    LabelCandidate out;
    out.file = data_.path, out.id = s.id, out.line = s.line, out.label = s.label;
    if (const auto* text = data::text_of(s)) out.content = shortened_text(*text);
    return out;
  }

  void classes(const method::Training& targets) {
    const auto& names = answers_.goal->classes();
    for (const auto& s :
         inspect::rank_labels({targets.classes, targets.targets, answers_.numbers})) {
      auto one = candidate(s.sample);
      one.suggested = names[at(s.suggested)];
      one.confidence = s.confidence, one.flagged = s.flagged;
      out_.emplace_back(s.sample, std::move(one));
    }
  }

  void numbers(const method::Training& targets) {
    if (answers_.goal->width() != 1) return;  // several columns: none is the label
    for (const auto& s : inspect::rank_numbers(targets.values, answers_.numbers)) {
      auto one = candidate(s.sample);
      one.suggested = fmt::format("{:.6g}", s.predicted);
      one.confidence = s.confidence, one.flagged = s.flagged;
      out_.emplace_back(s.sample, std::move(one));
    }
  }

  void tags(const method::Training& targets) {
    const auto& names = answers_.goal->columns();
    inspect::OutOfFold rows{static_cast<int>(names.size()), {}, answers_.numbers};
    std::vector<std::pair<int, int>> places;  // sample, step
    for (std::size_t i = 0; i < targets.tags.size(); ++i) {
      for (std::size_t t = 0; t < targets.tags[i].size(); ++t) {
        rows.label.push_back(targets.tags[i][t]);
        places.emplace_back(static_cast<int>(i), static_cast<int>(t));
      }
    }
    to_usual(rows);
    for (const auto& s : inspect::rank_labels(rows)) {
      const auto [sample, step] = places[at(s.sample)];
      const auto& of = data_.samples[at(sample)];
      auto one = candidate(sample);
      const auto words = data::words_at_blanks(of);
      one.content = at(step) < words.size() ? words[at(step)] : "";
      one.step = step + 1, one.label = of.tags[at(step)];
      one.suggested = names[at(s.suggested)];
      one.confidence = s.confidence, one.flagged = s.flagged;
      out_.emplace_back(sample, std::move(one));
    }
  }

  const data::Dataset& data_;
  const HeldOutAnswers& answers_;
  std::vector<int> all_;
  std::vector<std::pair<int, LabelCandidate>> out_;
};

}  // namespace

std::vector<LabelCandidate> label_candidates(const data::Dataset& data,
                                             const HeldOutAnswers& answers) {
  constexpr std::size_t kShare = 5;
  const auto ranked = LabelRanking(data, answers).run();
  std::vector<LabelCandidate> out;
  for (const auto& [sample, one] : ranked) {
    if (one.flagged || out.size() * kShare < ranked.size()) out.push_back(one);
  }
  return out;
}

std::vector<int> flagged_samples(const data::Dataset& data, const HeldOutAnswers& answers) {
  std::vector<int> out;
  for (const auto& [sample, one] : LabelRanking(data, answers).run()) {
    if (one.flagged) out.push_back(sample);
  }
  return out;
}

}  // namespace refrain::api

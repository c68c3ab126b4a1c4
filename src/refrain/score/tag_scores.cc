#include "refrain/score/tag_scores.h"

#include <algorithm>

#include "refrain/score/bootstrap.h"
#include "refrain/score/weighted_tags.h"

namespace refrain::score {
namespace {

// One number of some spans.
struct Part {
  std::string type;                   // the spans' type, where `of` is null
  Found WeightedTags::*of = nullptr;  // those that training had, or had not
  double (Found::*number)() const = nullptr;

  Found in(const WeightedTags& w) const {
    if (of != nullptr) return w.*of;
    const Found* found = w.of_type(type);
    return found == nullptr ? Found{} : *found;
  }

  // Without the sample's weight.
  Found in_sample(const TagCounts& counts, std::size_t i) const {
    if (of != nullptr) return (of == &WeightedTags::seen ? counts.seen : counts.unseen)[i];
    for (std::size_t k = counts.begin[i]; k < counts.begin[i + 1]; ++k) {
      const auto& one = counts.counts[k];
      if (counts.types[static_cast<std::size_t>(one.type)] == type) return one.found;
    }
    return {};
  }

  // Precision is about predictions alone, recall about truths alone.
  bool concerns(const Found& found) const {
    return (number != &Found::precision && found.truth > 0) ||
           (number != &Found::recall && found.predicted > 0);
  }
};

struct PartScore {
  Interval interval;
  Found count;  // mean over the repeats, without weights
};

PartScore counted(const Part& part, const std::vector<TagCounts>& repeats, const Groups& groups,
                  double& concerned) {
  PartScore out;
  for (const auto& group : groups) {
    bool has = false;
    for (const auto& counts : repeats) {
      for (const int i : group) {
        const Found found = part.in_sample(counts, static_cast<std::size_t>(i));
        out.count.add(1 / static_cast<double>(repeats.size()), found);
        has = has || part.concerns(found);
      }
    }
    concerned += has ? 1 : 0;
  }
  return out;
}

std::vector<PartScore> score_parts(std::span<const Tagging> list, const std::vector<Part>& parts,
                                   int seed, Stop stop) {
  const Repeats repeats(list);
  NamedMetrics metrics;
  for (const Part& part : parts) {
    const auto value = [part](const WeightedTags& w) { return (part.in(w).*part.number)(); };
    metrics.push_back({"", "", {{}, metric_of<WeightedTags>(value)}});
  }
  const Groups groups = members(repeats[0]);
  Scorer scorer(repeats, metrics);
  const auto values = scorer.score(std::vector<double>(repeats[0].size(), 1),
                                   std::vector<double>(repeats.size(), 1));
  std::vector<std::vector<double>> drawn(parts.size());
  if (groups.size() > 1) drawn = draw({repeats, groups, seed, stop}, scorer);
  const std::vector<TagCounts> counts(list.begin(), list.end());
  std::vector<PartScore> out;
  for (std::size_t m = 0; m < parts.size(); ++m) {
    double concerned = 0;
    out.push_back(counted(parts[m], counts, groups, concerned));
    out.back().interval = concerned < 2
                              ? Interval{values[m], 0, 1}
                              : from_draws(metrics[m].value, {values[m], drawn[m], concerned});
  }
  return out;
}

}  // namespace

std::vector<TagScores> tag_scores(std::span<const Tagging> repeats, int seed, Stop stop) {
  check_repeats(repeats);
  std::set<std::string> types;
  for (const auto& t : repeats) {
    const TagCounts counts(t);
    types.insert(counts.types.begin(), counts.types.end());
  }
  std::vector<Part> parts;
  for (const auto& type : types) {
    for (const auto number : {&Found::precision, &Found::recall, &Found::f1}) {
      parts.push_back({type, nullptr, number});
    }
  }
  const auto scores = score_parts(repeats, parts, seed, stop);
  std::vector<TagScores> rows;
  for (std::size_t k = 0; k < scores.size(); k += 3) {
    const Found& count = scores[k].count;
    rows.push_back({parts[k].type, scores[k].interval, scores[k + 1].interval,
                    scores[k + 2].interval, count.truth, count.predicted});
  }
  return rows;
}

std::optional<SeenScores> seen_scores(std::span<const Tagging> repeats, int seed, Stop stop) {
  check_repeats(repeats);
  if (repeats[0].seen.empty()) return std::nullopt;
  const auto scores = score_parts(
      repeats,
      {{"", &WeightedTags::seen, &Found::recall}, {"", &WeightedTags::unseen, &Found::recall}},
      seed, stop);
  return SeenScores{scores[0].interval, scores[1].interval, scores[0].count.truth,
                    scores[1].count.truth};
}

}  // namespace refrain::score

#include "refrain/score/weighted_tags.h"

#include <algorithm>
#include <cmath>

#include "refrain/score/spans.h"

namespace refrain::score {
namespace {

using Views = std::vector<SpanView>;

// The label that is nothing in particular; null: there is none.
const std::string* background_of(const Tagging& t) {
  static const std::string kBackgrounds[] = {"O", "", "0"};
  for (const auto& background : kBackgrounds) {
    for (const auto& tags : t.truth) {
      if (std::find(tags.begin(), tags.end(), background) != tags.end()) return &background;
    }
  }
  return nullptr;
}

bool half_shared(const SpanView& a, const SpanView& b) {
  const int shared = std::min(a.end, b.end) - std::max(a.begin, b.begin);
  const int covered = std::max(a.end, b.end) - std::min(a.begin, b.begin);
  return a.type == b.type && 2 * shared >= covered;
}

// Two events of one label have a step between them, so that only one can share half with another.
Found found_events(const Views& truth, const Views& predicted) {
  Found out{static_cast<double>(truth.size()), static_cast<double>(predicted.size()), 0};
  auto first = predicted.begin();
  for (const auto& event : truth) {
    while (first != predicted.end() && first->end <= event.begin) ++first;
    for (auto at = first; at != predicted.end() && at->begin < event.end; ++at) {
      out.both += half_shared(event, *at) ? 1 : 0;
    }
  }
  return out;
}

// Returns for each true span whether it was predicted.
std::vector<bool> found_spans(const Views& truth, const Views& predicted) {
  std::vector<bool> out;
  auto at = predicted.begin();
  for (const auto& span : truth) {
    while (at != predicted.end() && at->begin < span.begin) ++at;
    out.push_back(at != predicted.end() && *at == span);
  }
  return out;
}

// A list of counts by type, for one sample.
class TypeCounter {
 public:
  TypeCounter(const std::vector<std::string>& types, std::vector<TypeCount>& counts)
      : types_(types), counts_(counts), first_(counts.size()) {}

  Found& of(std::string_view type) {
    const int number =
        static_cast<int>(std::lower_bound(types_.begin(), types_.end(), type) - types_.begin());
    for (std::size_t k = first_; k < counts_.size(); ++k) {
      if (counts_[k].type == number) return counts_[k].found;
    }
    counts_.push_back({number, {}});
    return counts_.back().found;
  }

 private:
  const std::vector<std::string>& types_;
  std::vector<TypeCount>& counts_;
  std::size_t first_;
};

std::vector<std::string> types_of(const Tagging& t) {
  std::set<std::string, std::less<>> types;
  const auto see = [&](std::string_view type) {
    if (types.find(type) == types.end()) types.emplace(type);
  };
  for (const auto* side : {&t.truth, &t.predicted}) {
    for (const auto& tags : *side) {
      if (t.spans) {
        for (const auto& span : span_views(tags)) see(span.type);
      } else {
        for (const auto& tag : tags) see(tag);
      }
    }
  }
  return {types.begin(), types.end()};
}

std::size_t bin_of_confidence(double confidence) {  // bin m is ((m-1)/15, m/15]
  const int bin = static_cast<int>(std::ceil(confidence * kCalibrationBins)) - 1;
  return static_cast<std::size_t>(std::clamp(bin, 0, kCalibrationBins - 1));
}

}  // namespace

void Found::add(double w, const Found& more) {
  truth += w * more.truth;
  predicted += w * more.predicted;
  both += w * more.both;
}

TagCounts::TagCounts(const Tagging& t) {
  t.check();
  types = types_of(t);
  weight = t.weight.empty() ? std::vector<double>(t.size(), 1) : t.weight;
  const std::string* background = t.spans ? nullptr : background_of(t);
  begin.push_back(0);
  for (std::size_t i = 0; i < t.size(); ++i) {
    count_types(t, i);
    count_steps(t, i);
    begin.push_back(counts.size());
    if (!t.label_truth.empty()) label.push_back(t.label_truth[i] == t.label_predicted[i] ? 1 : 0);
    if (t.spans) continue;
    events.push_back(
        found_events(runs_of(t.truth[i], background), runs_of(t.predicted[i], background)));
  }
}

void TagCounts::count_types(const Tagging& t, std::size_t i) {
  TypeCounter counter(types, counts);
  if (!t.spans) {
    for (std::size_t s = 0; s < t.truth[i].size(); ++s) {
      counter.of(t.truth[i][s]).truth += 1;
      Found& predicted = counter.of(t.predicted[i][s]);
      predicted.predicted += 1;
      predicted.both += t.truth[i][s] == t.predicted[i][s] ? 1 : 0;
    }
    return;
  }
  const auto truth = span_views(t.truth[i]), predicted = span_views(t.predicted[i]);
  const auto found = found_spans(truth, predicted);
  for (std::size_t k = 0; k < truth.size(); ++k) {
    counter.of(truth[k].type).add(1, {1, 0, found[k] ? 1.0 : 0.0});
  }
  for (const auto& span : predicted) counter.of(span.type).predicted += 1;
  if (t.seen.empty()) return;
  seen.emplace_back();
  unseen.emplace_back();
  for (std::size_t k = 0; k < truth.size(); ++k) {
    (t.seen[i][k] ? seen : unseen).back().add(1, {1, 0, found[k] ? 1.0 : 0.0});
  }
}

void TagCounts::count_steps(const Tagging& t, std::size_t i) {
  const auto &truth = t.truth[i], &predicted = t.predicted[i];
  steps.push_back(static_cast<double>(truth.size()));
  right.push_back(0);
  if (!t.confidence.empty()) bins.emplace_back();
  for (std::size_t s = 0; s < truth.size(); ++s) {
    const double hit = truth[s] == predicted[s] ? 1 : 0;
    right.back() += hit;
    if (t.confidence.empty()) continue;
    const double p = t.confidence[i][s];
    ConfidenceBin& bin = bins.back()[bin_of_confidence(p)];
    bin.gap += p - hit;
    bin.variance += p * (1 - p);
  }
}

WeightedTags::WeightedTags(const Tagging& t) : data(std::make_shared<const TagCounts>(t)) {
  reweigh(std::vector<double>(data->weight.size(), 1));
}

void WeightedTags::reweigh(const std::vector<double>& factor) {
  types.assign(data->types.size(), {});
  events = seen = unseen = all = {};
  total = exact = labels = steps = right = 0;
  bins = {};
  for (std::size_t i = 0; i < factor.size(); ++i) {
    const double w = factor[i] * data->weight[i];
    if (w > 0) add(i, w);
  }
  for (const Found& of : types) all.add(1, of);
}

void WeightedTags::add(std::size_t i, double w) {
  for (std::size_t k = data->begin[i]; k < data->begin[i + 1]; ++k) {
    types[static_cast<std::size_t>(data->counts[k].type)].add(w, data->counts[k].found);
  }
  if (!data->events.empty()) events.add(w, data->events[i]);
  if (!data->seen.empty()) {
    seen.add(w, data->seen[i]);
    unseen.add(w, data->unseen[i]);
  }
  total += w;
  steps += w * data->steps[i];
  right += w * data->right[i];
  const double label = data->label.empty() ? 1 : data->label[i];
  labels += w * label;
  exact += data->steps[i] == data->right[i] ? w * label : 0;
  for (std::size_t b = 0; !data->bins.empty() && b < bins.size(); ++b) {
    bins[b].gap += w * data->bins[i][b].gap;
    bins[b].variance += w * w * data->bins[i][b].variance;
  }
}

const Found* WeightedTags::of_type(const std::string& type) const {
  const auto at = std::lower_bound(data->types.begin(), data->types.end(), type);
  if (at == data->types.end() || *at != type) return nullptr;
  return &types[static_cast<std::size_t>(at - data->types.begin())];
}

}  // namespace refrain::score

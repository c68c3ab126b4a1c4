#include "refrain/task/fit_parts.h"

#include <algorithm>

#include "refrain/data/split.h"
#include "refrain/data/streams.h"
#include "refrain/data/subset.h"
#include "refrain/task/preset.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

double valid_fraction(const Spec& spec, const TrainingData& data) {
  if (spec.split.valid_fraction >= 0) return spec.split.valid_fraction;
  if (spec.model.model != "network") return 0;                   // nothing would look at it
  if (spec.split.refit) return data.samples < 300 ? 0.2 : 0.15;  // they are given back
  const bool stops = spec.given.contains("patience") && spec.train.patience > 0;
  if (!stops && preset_of(spec, data) != "none") return 0;  // so many epochs on all samples
  const int few = data.text ? 1000 : 300;
  return data.samples < few ? 0 : data.samples < 2000 ? 0.15 : 0.1;
}

}  // namespace

TrainingData facts_of(const FitParts& parts) {
  const data::Subset view{*parts.train_data, parts.train};
  TrainingData facts;
  facts.samples = view.size();
  facts.text = is_text(view.dataset);
  facts.numbers = facts.samples > 0 && !view[0].numbers.empty();
  facts.tags = view.dataset.has_tags && !view.dataset.has_labels;
  facts.lives = view.dataset.lives;
  facts.mixed = data::is_mixed(view.dataset.streams);
  facts.states = view.dataset.streams.front().from_text;
  facts.tuned = view.dataset.streams.front().tuned.count > 0;
  facts.sound = view.dataset.streams.front().from_sound;
  facts.channels = data::channels_of(view.dataset.streams);
  std::vector<int> steps;
  for (int i = 0; i < view.size(); ++i) {
    const auto* series = data::first_series(view[i]);
    if (series != nullptr) steps.push_back(series->steps);
  }
  if (steps.empty()) return facts;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  facts.steps = *middle;
  return facts;
}

bool is_text(const data::Dataset& dataset) {
  return data::are_all(dataset.streams, data::StreamKind::kText);
}

FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole) {
  const double fraction = valid_fraction(spec, facts_of({&dataset, pool, &dataset, {}}));
  auto part = data::split_off(dataset, pool, fraction, rng);
  if (kept_whole != nullptr && fraction > 0) *kept_whole = std::move(part.kept_whole);
  task_of(spec).require({dataset, part.train});
  return {&dataset, std::move(part.train), &dataset, std::move(part.held_out)};
}

namespace {

void append_valid_file(const FitParts& parts, WholePool& whole) {
  whole.merged = *parts.train_data;
  auto& samples = whole.merged.samples;
  const auto offset = static_cast<int>(samples.size());
  for (data::Sample sample : parts.valid_data->samples) {
    if (sample.source >= 0) sample.source += offset;
    samples.push_back(std::move(sample));
  }
  for (const int i : parts.valid) whole.valid.push_back(offset + i);
  whole.all.train_data = whole.all.valid_data = &whole.merged;
}

}  // namespace

void gather_whole(const FitParts& parts, const Spec& spec, WholePool& whole) {
  const data::Dataset& data = *parts.train_data;
  whole.all.train_data = whole.all.valid_data = &data;
  auto& train = whole.all.train = parts.train;
  if (parts.valid_data == &data) {
    whole.valid = parts.valid;
  } else if (spec.split.refit) {
    append_valid_file(parts, whole);
  }
  train.insert(train.end(), whole.valid.begin(), whole.valid.end());
  std::sort(train.begin(), train.end());
}

}  // namespace refrain::task

#include "refrain/task/fit.h"

#include <fmt/format.h>

#include <iterator>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/split.h"

namespace refrain::task {
namespace {

std::set<std::string> labels_of(const data::Dataset& dataset, const std::vector<int>& chosen) {
  std::set<std::string> labels;
  for (const int i : chosen) labels.insert(dataset.samples[static_cast<std::size_t>(i)].label);
  return labels;
}

double valid_fraction(const Spec& spec, std::size_t samples, bool text) {
  if (spec.split.valid_fraction >= 0) return spec.split.valid_fraction;
  const std::size_t few = text ? 1000 : 300;
  return samples < few ? 0 : samples < 2000 ? 0.15 : 0.1;
}

}  // namespace

bool is_text(const data::Dataset& dataset) {
  return dataset.streams.front().kind == data::StreamKind::kText;
}

void require_classes(const data::Dataset& dataset, const std::vector<int>& chosen) {
  const auto labels = labels_of(dataset, chosen);
  if (labels.size() >= 2) return;
  throw Error(Code::kData,
              fmt::format("{}: all {} training samples have the same label '{}'", dataset.path,
                          chosen.size(), labels.empty() ? "" : *labels.begin()),
              "classification needs samples of at least two classes; is --target right?");
}

FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole) {
  const double fraction = valid_fraction(spec, pool.size(), is_text(dataset));
  auto part = data::split_off(dataset, pool, fraction, rng);
  if (kept_whole != nullptr && fraction > 0) *kept_whole = std::move(part.kept_whole);
  require_classes(dataset, part.train);
  return {&dataset, std::move(part.train), &dataset, std::move(part.held_out)};
}

Classifier make_classifier(Spec spec, const FitParts& parts) {
  const data::Dataset& data = *parts.train_data;
  resolve(spec, {static_cast<int>(parts.train.size()), is_text(data)});
  auto features = data::Features::fit(data, parts.train, spec.features);
  const auto labels = labels_of(data, parts.train);
  return {std::move(spec), std::move(features), {labels.begin(), labels.end()}};
}

std::vector<data::EncodedSample> encode_parts(const Classifier& model, const FitParts& parts) {
  auto samples = model.encode(*parts.train_data, parts.train);
  if (parts.valid.empty()) return samples;
  auto valid = model.encode(*parts.valid_data, parts.valid);
  samples.insert(samples.end(), std::make_move_iterator(valid.begin()),
                 std::make_move_iterator(valid.end()));
  return samples;
}

}  // namespace refrain::task

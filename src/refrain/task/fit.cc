#include "refrain/task/fit.h"

#include <iterator>

#include "refrain/task/contradictions.h"
#include "refrain/task/fitting.h"
#include "refrain/task/preset.h"
#include "refrain/task/source.h"
#include "refrain/task/task.h"

namespace refrain::task {

Network make_network(Spec spec, const FitParts& parts) {
  const data::Dataset& data = *parts.train_data;
  resolve(spec, facts_of(parts));
  const auto source = source_of(spec);
  auto features = data::Features::fit(data, parts.train, spec.features,
                                      source == nullptr ? nullptr : &source->features);
  const data::Subset training{data, parts.train};
  auto goal = task_of(spec).fit({training, training, parts.classes}, spec);
  return {std::move(spec), std::move(features), std::move(goal)};
}

std::vector<data::EncodedSample> encode_parts(const Network& model, const FitParts& parts) {
  auto samples = model.encode(*parts.train_data, parts.train);
  if (parts.valid.empty()) return samples;
  auto valid = model.encode(*parts.valid_data, parts.valid);
  samples.insert(samples.end(), std::make_move_iterator(valid.begin()),
                 std::make_move_iterator(valid.end()));
  return samples;
}

bool Fitted::interrupted() const {
  if (stopped) return true;
  for (const auto& outcome : outcomes) {
    if (outcome.reason == train::StopReason::kInterrupted) return true;
  }
  return false;
}

namespace {

// Everything but the members; throws where something that was asked for cannot be done.
void prepare(Fitting& fit) {
  const FitParts& parts = fit.parts;
  fit.fitted.other = other_kind(fit.spec, facts_of(parts));
  resolve(fit.spec, facts_of(parts));
  refuse_contradictions(fit.spec, parts);
  Model& model = fit.model();
  model.columns = parts.train_data->columns;
  model.offset = parts.train_data->offset;
  model.encoder = parts.train_data->encoder;
  gather_whole(parts, fit.spec, fit.whole);
  const FitParts& all = fit.whole.all;
  model.goal = task_of(fit.spec).fit(
      {{*parts.train_data, parts.train}, {*all.train_data, all.train}, parts.classes}, fit.spec);
  refuse_without_inner_folds(fit);
}

// With a time limit simple methods come first: it is known then how much is left for the networks.
void add_members(Fitting& fit) {
  if (fit.is_limited()) {
    leave_weighing_out(fit);
    add_methods(fit);
  }
  if (fit.has_networks()) choose_options(fit);
  if (fit.spec.augment.augment == "auto" && fit.goes_on()) choose_augmentation(fit);
  if (fit.is_limited() && fit.goes_on()) keep_to_the_time(fit);
  if (fit.has_networks() && fit.goes_on()) add_networks(fit);
  if (!fit.is_limited() && fit.goes_on()) add_methods(fit);
}

}  // namespace

Fitted fit_model(const Spec& spec, const FitParts& parts, const FitHooks& hooks) {
  Fitting fit{spec, parts, hooks};
  prepare(fit);
  add_members(fit);
  Model& model = fit.model();
  if (!fit.has_networks()) {
    model.features = data::Features::fit(*parts.train_data, parts.train, fit.spec.features);
  }
  model.spec = fit.spec;
  learn_from_held_out(fit);
  model.leave_silent_out();
  return std::move(fit.fitted);
}

}  // namespace refrain::task

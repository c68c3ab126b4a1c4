// The steps of fit_model and what they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/base/duration.h"
#include "refrain/data/conditions.h"
#include "refrain/task/fit.h"
#include "refrain/task/held_out.h"
#include "refrain/task/networks.h"
#include "refrain/task/variants.h"

namespace refrain::task {

struct Fitting {
  Spec spec;  // settled more and more
  const FitParts& parts;
  const FitHooks& hooks;
  WholePool whole = {};
  double methods_seconds = 0;             // that the simple methods took
  std::optional<Variants> variants = {};  // samples that simple methods learn from with --augment
  std::optional<data::Conditions> conditions = {};  // that scale what simple methods read
  data::Dataset conditioned = {};                   // the whole pool, scaled by them
  std::vector<int> conditioned_all = {};
  std::optional<HeldOut> held = {};  // answers of inner folds
  Fitted fitted = {};

  Model& model() { return fitted.model; }
  const Model& model() const { return fitted.model; }
  const Judge& judge() const { return fitted.model.goal->judge(); }
  bool has_networks() const { return spec.model.model == "network"; }
  bool is_limited() const { return has_networks() && hooks.deadline > 0; }
  bool goes_on() const { return !fitted.interrupted(); }
  base::Rng rng_for(const char* purpose) const {
    return base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork(purpose);
  }
  // Until the deadline; 0 without one.
  double seconds_left() const;
};

// fitting_methods.cc: the simple methods as members of the model.
void add_methods(Fitting& fit);

// fitting_choices.cc: options that the data choose, and what a time limit leaves room for.
void leave_weighing_out(Fitting& fit);
void choose_options(Fitting& fit);
void choose_augmentation(Fitting& fit);
void keep_to_the_time(Fitting& fit);

// fitting_networks.cc: the networks as members of the model, and one in place of all members.
void add_networks(Fitting& fit);
void distil(Fitting& fit);

// fitting_held_out.cc: answers to samples that were held out in inner folds, and what they teach.
void refuse_without_inner_folds(const Fitting& fit);
void learn_from_held_out(Fitting& fit);

}  // namespace refrain::task

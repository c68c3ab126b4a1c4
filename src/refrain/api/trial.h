// A training or an evaluation with its score that stays in memory until somebody keeps it: what
// `refrain.evaluate` of Python gives. The numbers are those of `refrain train` and `refrain
// evaluate`. Standard library only.
#pragma once

#include <memory>
#include <string>

#include "refrain/api/compare.h"
#include "refrain/api/memory.h"
#include "refrain/api/train.h"

namespace refrain::api {

class Trial {
 public:
  const Report& report() const;
  const std::string& id() const;  // in the experiment store; "" = not kept yet

  // Keeps the run in the store (api/runs.h) and returns its id; once.
  std::string keep(const std::string& store);
  std::string page(const std::string& language) const;  // HTML, as report_page

  struct Impl;
  explicit Trial(std::shared_ptr<Impl> impl);
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

// Trains and scores like train(); nothing goes to the job's store.
Trial try_out(const TrainJob& job);

// Scores a model on labelled samples; `seed` is that of the intervals' draws, that of the training.
Trial try_out(const Model& model, const Samples& samples);

// A run of the store, for comparisons; its report has the scores alone.
Trial stored_trial(const std::string& store, const std::string& id);

// As compare_runs. Where both are models of one name, `names` tell them apart; an id does where a
// name is "".
struct TrialNames {
  std::string a, b;
};
RunComparison compare_trials(const Trial& a, const Trial& b, const std::string& metric,
                             const TrialNames& names);

}  // namespace refrain::api

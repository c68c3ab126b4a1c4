#include "refrain/api/trial.h"

#include <nlohmann/json.hpp>

#include "refrain/api/inside/compared.h"
#include "refrain/api/inside/evaluated.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/settle.h"
#include "refrain/task/task.h"

namespace refrain::api {

struct Trial::Impl {
  Report report;
  store::Run run;
};

namespace {

Trial trial_of(Report report, store::Run run) {
  return Trial(std::make_shared<Trial::Impl>(Trial::Impl{std::move(report), std::move(run)}));
}

// What an evaluation leaves for comparisons and for the store.
store::Run run_of_evaluation(const Evaluated& found, const task::Model& model) {
  store::Run run;
  run.command = "evaluate";
  run.model =
      model.spec.model.model == "network" ? model.spec.encoder.cell : model.spec.model.model;
  run.options = base::fields_to_json(task::spec_fields().list(), &model.spec).dump();
  put_told(found.report, run);
  run.data = found.data->path;
  Kept kept;
  add_data(*found.data, kept);
  model.add_to(kept.parameters);
  add_answers(
      {*found.data, all_of(*found.data), found.answered.said, 0, 0, found.answered.answers->group},
      kept);
  run.data_hash = kept.data.hex();
  run.parameters_hash = kept.parameters.hex();
  put_report(found.report, run);
  run.predictions = std::move(kept.predictions);
  return run;
}

}  // namespace

Trial::Trial(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

const Report& Trial::report() const { return impl_->report; }

const std::string& Trial::id() const { return impl_->run.id; }

std::string Trial::keep(const std::string& store) {
  if (impl_->run.id.empty()) {
    impl_->run.id = record(store, impl_->run);
    impl_->report.run = impl_->run.id;
  }
  return impl_->run.id;
}

std::string Trial::page(const std::string& language) const {
  store::Run run = impl_->run;
  complete(run);
  return page_of(std::move(run), language, {});
}

Trial try_out(const TrainJob& job) {
  store::Run run;
  Report report = train_run(job, &run);
  return trial_of(std::move(report), std::move(run));
}

Trial try_out(const Model& model, const Samples& samples) {
  const task::Model& own = model.impl().model;
  data::Dataset d = dataset_for(samples, own);
  settle_targets(task::tasks().at(own.goal->task()).aim, d);
  Evaluated found = evaluate_samples(own, std::move(d), 0);
  found.report.protocol = "samples that the model was given to score";
  store::Run run = run_of_evaluation(found, own);
  return trial_of(std::move(found.report), std::move(run));
}

Trial stored_trial(const std::string& store, const std::string& id) {
  return trial_of({}, stored_runs(store).find(id));
}

RunComparison compare_trials(const Trial& a, const Trial& b, const std::string& metric,
                             const TrialNames& names) {
  return compare_stored(a.impl().run, b.impl().run, metric, {names.a, names.b});
}

}  // namespace refrain::api

#include "refrain/api/inside/run_scores.h"

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/method/beside.h"

namespace refrain::api {
namespace {

void forget_scores(RunState& run) {
  Report& r = run.report;
  r.metrics.clear();
  r.baselines.clear();
  r.tables.clear();
  r.variation.clear();
  r.within_groups.reset();
  r.stop_reason = train::to_string(train::StopReason::kInterrupted);
  run.log.info(run.job.out.empty()
                   ? "stopped while the scores were worked out"
                   : "stopped while the scores were worked out; the model is kept, and "
                     "'refrain evaluate' scores it");
}

void keep_run(const task::Fitted& fitted, const RunData& data, const Answered& answered,
              Kept& kept) {
  for (const auto* d : {&data.data, &data.valid_file, &data.test_file}) add_data(*d, kept);
  kept.split.add_list(data.train).add_list(data.valid).add_list(data.test);
  fitted.model.add_to(kept.parameters);
  add_curves(fitted.outcomes, 0, 0, kept);
  add_answers({data.test_data(), data.test, answered.said, 0, 0, answered.answers->group}, kept);
}

// Returns the test predictions of simple methods that were fitted on the training part.
std::vector<method::MethodAnswers> simple_methods(const RunData& data, const task::Goal& goal,
                                                  const RunState& run) {
  const task::Spec& spec = run.spec;
  method::Training training{{data.data, data.train},
                            {},
                            0,
                            static_cast<std::uint64_t>(spec.train.seed),
                            spec.train.threads};
  goal.put_targets(training);
  method::RunOptions options{
      run.log, run.job.hooks.stop, {}, deadline(spec.time_limit, run.begin, kScoringShare)};
  // Windows are many, and the slow methods say little of them.
  if (data.data.lives) options.only = {"mean", "summary_ridge"};
  if (!spec.split.baselines) options.only = {task::task_of(spec).floor_method};
  return method::run_methods(training, data.tested(), options);
}

// What the model's answers are compared with, in one form.
class Comparing {
 public:
  Comparing(const RunData& data, const Answered& answered, const task::Goal& goal)
      : data_(data), answered_(answered), goal_(goal) {}

  std::unique_ptr<score::Answers> beside(task::Predictions said) const {
    auto out = goal_.answers(data_.tested(), std::move(said));
    out->group = answered_.answers->group;
    out->words = answered_.answers->words;
    return out;
  }
  std::unique_ptr<score::Answers> model() const { return beside(goal_.comparable(answered_.said)); }
  // `goal`: the model's.
  BaselineAnswers without_networks(const task::Goal& goal) const {
    BaselineAnswers out{"without networks", {}, 0};
    if (answered_.without_networks.empty()) return out;
    out.repeats.push_back(
        beside(goal_.comparable(goal.say(data_.tested(), answered_.without_networks))));
    return out;
  }

 private:
  const RunData& data_;
  const Answered& answered_;
  const task::Goal& goal_;
};

void score_simple_methods(const RunData& data, const Comparing& comparing, const task::Goal& goal,
                          RunState& run) {
  std::vector<BaselineAnswers> all;
  for (auto& b : simple_methods(data, goal, run)) {
    all.push_back({b.name, {}, b.seconds});
    all.back().repeats.push_back(
        comparing.beside(goal.of_baseline(data.tested(), std::move(b.numbers))));
  }
  const auto own = comparing.model();
  put_baselines({*own, {}, run.spec.train.seed, run.job.hooks.stop}, all, run.report);
}

// The model's simple methods by themselves.
void score_without_networks(const Comparing& comparing, const task::Model& model, RunState& run) {
  const auto without = comparing.without_networks(*model.goal);
  if (without.repeats.empty()) return;
  const auto own = comparing.model();
  run.report.networks_added =
      networks_added({*own, {}, run.spec.train.seed, run.job.hooks.stop}, without);
}

}  // namespace

void score_run(const task::Fitted& fitted, const RunData& data, const task::Goal& goal,
               RunState& run) {
  try {
    const double start = now();
    const auto answered = answer(fitted.model, data.tested(), run.spec.train.threads);
    put_scores(*answered.answers, {*fitted.model.goal, run.spec.train.seed, run.job.hooks.stop},
               run.report);
    keep_run(fitted, data, answered, run.kept);
    run.report.seconds.evaluate = now() - start;
    const Comparing comparing(data, answered, goal);
    score_simple_methods(data, comparing, goal, run);
    score_without_networks(comparing, fitted.model, run);
  } catch (const score::Stopped&) {
    forget_scores(run);
  }
}

}  // namespace refrain::api

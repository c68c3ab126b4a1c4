#include "refrain/api/inside/transfer_verdict.h"

#include <fmt/format.h>

#include "refrain/api/inside/run_state.h"
#include "refrain/score/compare.h"
#include "refrain/task/fit.h"

namespace refrain::api {
namespace {

constexpr double kLevel = 0.05;

bool wanted(const RunState& run) {
  const auto& t = run.spec.transfer;
  return !t.init.empty() && t.verdict && run.spec.time_limit.empty() && run.report.transfer &&
         run.report.stop_reason != "interrupted";
}

// Returns the options without the source and everything that depends on it.
task::Spec from_scratch(task::Spec spec) {
  spec.transfer.init = "";
  spec.train.freeze = "";
  spec.train.unfreeze_every = 0;
  spec.train.unfreeze_words = 0;
  spec.train.layer_lr_decay = 1;
  spec.train.l2_sp = 0;
  spec.split.baselines = false;
  return spec;
}

std::string shown(const TransferReport& t, double value) {
  return t.in_points ? fmt::format("{:+.1f}", 100 * value) : fmt::format("{:+.4g}", value);
}

std::string verdict_of(const TransferReport& t, double p) {
  const Score& d = t.difference;
  const std::string gain =
      fmt::format("{}{} ({} to {})", shown(t, d.value), t.in_points ? " points" : "",
                  shown(t, d.low), shown(t, d.high));
  if (p > kLevel) {
    return fmt::format("no difference to training from the start is seen: {}", gain);
  }
  return d.value > 0 ? fmt::format("the source helps: {} over training from the start", gain)
                     : fmt::format(
                           "negative transfer: the source harms, {} against training from "
                           "the start",
                           gain);
}

void put_comparison(const score::Pair& pair, const std::vector<std::vector<int>>& fold,
                    RunState& run) {
  score::CompareOptions options;
  options.seed = run.spec.train.seed;
  options.name_a = "from the start";
  options.name_b = "with the source";
  options.fold = fold;
  const auto c = score::compare(pair, options);
  TransferReport& t = *run.report.transfer;
  t.metric = c.metric;
  t.in_points = pair.a[0].metrics().front().value.is_share();
  t.from_scratch = c.a;
  t.difference = {c.decision.difference, c.decision.low, c.decision.high};
  t.test = c.test;
  t.verdict = verdict_of(t, c.decision.p);
  run.log.info(t.verdict);
}

void say_start(const RunState& run) {
  run.log.info(
      fmt::format("training from the start too, to see what {} gains (--no-verdict leaves "
                  "it out)",
                  run.report.transfer->source));
}

}  // namespace

void judge_transfer(const task::Spec& asked, const RunData& data, const task::Model& model,
                    RunState& run) {
  if (!wanted(run)) return;
  const auto with = answer(model, data.tested(), run.spec.train.threads);
  say_start(run);
  task::Spec spec = from_scratch(asked);
  spec.task = run.spec.task;
  task::FitHooks hooks;
  hooks.stop = run.job.hooks.stop;
  const auto fitted = task::fit_model(spec, data.fit_parts(), hooks);
  if (fitted.interrupted()) return;
  const auto without = answer(fitted.model, data.tested(), run.spec.train.threads);
  put_comparison({*without.answers, *with.answers}, {}, run);
}

void judge_transfer(const task::Spec& asked, const data::Dataset& data, const CrossValidated& with,
                    RunState& run) {
  if (!wanted(run)) return;
  say_start(run);
  task::Spec spec = from_scratch(asked);
  spec.task = run.spec.task;
  const base::Log quiet;
  const auto without = cross_validate({data, spec, false, run.job.hooks.stop, quiet, 0});
  if (without.report.stop_reason == "interrupted") return;
  put_comparison({score::Repeats(without.repeats), score::Repeats(with.repeats)}, with.fold, run);
}

}  // namespace refrain::api

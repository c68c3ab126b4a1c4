#include "refrain/api/inside/run_fit.h"

#include "refrain/api/inside/watch.h"
#include "refrain/train/doctor.h"

namespace refrain::api {

task::Fitted fit_run(const RunState& run, const RunData& data, Checkpoints& checkpoints) {
  Watch watch(run.job.hooks, !data.valid.empty());
  task::FitHooks hooks;
  hooks.log = run.log;
  hooks.stop = run.job.hooks.stop;
  hooks.deadline = deadline(run.spec.time_limit, run.begin, kTrainingShare);
  hooks.resume = [&](const task::NetworkRun& network) { return checkpoints.resume(network); };
  hooks.watch = [&](const task::NetworkRun& network) {
    train::Hooks out = watch(network);
    if (network.number == 0) out.log = run.log;
    out.checkpoint = checkpoints.saver(network);
    return out;
  };
  try {
    return task::fit_model(run.spec, data.fit_parts(), hooks);
  } catch (const Error& e) {
    if (e.code() == Code::kNumeric) checkpoints.remove_own();
    throw;
  }
}

void say_findings(const task::Fitted& fitted, RunState& run) {
  if (fitted.outcomes.empty()) return;
  const auto& first = fitted.outcomes.front();
  for (const auto& finding : train::diagnose(first, {run.spec.train, run.spec.optim})) {
    run.log.info(finding);
    run.report.findings.push_back(finding);
  }
}

}  // namespace refrain::api

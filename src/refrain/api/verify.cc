#include "refrain/api/verify.h"

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/run_changes.h"

namespace refrain::api {
namespace {

// Where the files are others, all that follows from them must be.
std::vector<std::string> differences(const store::Run& run, const store::Run& again) {
  if (run.data_hash != again.data_hash) return {"the data files have changed"};
  std::vector<std::string> out;
  if (run.split_hash != again.split_hash) out.emplace_back("the split is another");
  if (run.parameters_hash != again.parameters_hash) {
    out.emplace_back("the trained parameters differ");
  }
  if (run.predictions_hash != store::predictions_hash(again.predictions)) {
    out.emplace_back("the predictions differ");
  }
  return out;
}

}  // namespace

Verification verify_run(const std::string& store, const std::string& id, int threads,
                        const Hooks& hooks) {
  const store::Run run = stored_runs(store).find(id);
  OldJob old = job_of(run);
  old.job.options.set("threads", std::to_string(threads));
  // Neither is what is compared; forecasts and replies take no --verdict.
  if (run.task != "forecast" && !is_reply_task(run.task)) old.job.options.set("verdict", "false");
  old.job.options.set("baselines", "false");
  old.job.hooks = hooks;
  store::Run again;
  const Report report = train_run(old.job, &again);
  Verification out;
  out.id = run.id;
  if (report.stop_reason == "interrupted") {
    out.differs.emplace_back("it was interrupted");
    return out;
  }
  out.differs = differences(run, again);
  out.same = out.differs.empty();
  if (out.same || run.data_hash != again.data_hash) return out;
  out.reasons = std::move(old.refused);
  for (auto& sentence : changes_of(run, again)) out.reasons.push_back(std::move(sentence));
  return out;
}

}  // namespace refrain::api

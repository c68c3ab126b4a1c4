#include "refrain/api/verify.h"

#include <nlohmann/json.hpp>

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/record.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"

namespace refrain::api {
namespace {

TrainJob job_of(const store::Run& run) {
  const auto stored = base::Json::parse(run.job, nullptr, false);
  if (!stored.is_object() || !stored.contains("data") || !stored.contains("options")) {
    throw Error(Code::kData, "run " + run.id + " does not say how it was trained",
                "only runs of 'refrain train' can be verified");
  }
  TrainJob job;
  job.data = stored.value("data", "");
  job.test = stored.value("test", "");
  job.valid = stored.value("valid", "");
  job.fits_kept_model = stored.value("kept", false);
  job.options.load_text(stored["options"].dump(), "run " + run.id + ".json");
  return job;
}

}  // namespace

Verification verify_run(const std::string& store, const std::string& id, int threads,
                        const Hooks& hooks) {
  const store::Run run = stored_runs(store).find(id);
  TrainJob job = job_of(run);
  job.options.set("threads", std::to_string(threads));
  job.options.set("baselines", "false");  // they are not what is compared
  job.hooks = hooks;
  store::Run again;
  const Report report = train_run(job, &again);
  Verification out;
  out.id = run.id;
  const auto compare = [&](const char* what, const std::string& then, const std::string& now) {
    if (then != now) out.differs.emplace_back(what);
  };
  if (report.stop_reason == "interrupted") {
    out.differs.emplace_back("it was interrupted");
    return out;
  }
  compare("the data files have changed", run.data_hash, again.data_hash);
  compare("the split is another", run.split_hash, again.split_hash);
  compare("the trained parameters differ", run.parameters_hash, again.parameters_hash);
  compare("the predictions differ", run.predictions_hash,
          store::predictions_hash(again.predictions));
  if (!out.differs.empty() && run.version != again.version && !again.version.empty()) {
    out.differs.push_back("the run was made by version " + run.version);
  }
  out.same = out.differs.empty();
  return out;
}

}  // namespace refrain::api

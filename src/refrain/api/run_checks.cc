#include "refrain/api/inside/run_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "refrain/api/inside/forgetting.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/output.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/pairs.h"

namespace refrain::api {
namespace {

void check_outputs(const TrainJob& job) {
  require_apart({job.data, job.test, job.valid, job.fixes}, {job.out, job.checkpoint});
  if (job.out == "-" || job.checkpoint == "-") {
    throw Error(Code::kUsage, "a model or checkpoint cannot go to standard output", "name a file");
  }
  if (!job.out.empty()) base::check_writable(job.out);
  if (!job.checkpoint.empty()) base::check_writable(job.checkpoint);
}

// Pairs of texts without the task that reads them.
void refuse_parallel_files(const TrainJob& job, const task::Spec& spec) {
  if (is_reply_task(spec.task) || job.memory.data != nullptr) return;
  const auto files = data::pair_paths(job.data);
  const auto there = [](const std::string& file) { return std::filesystem::is_regular_file(file); };
  if (files.size() < 2 || !std::all_of(files.begin(), files.end(), there)) return;
  throw Error(Code::kUsage,
              fmt::format("{} are two parallel files, and only translations are learned from these",
                          job.data),
              "add --task translate");
}

// An option that would do nothing is a mistake.
void check_fold_options(const task::Spec& spec) {
  const auto& split = spec.split;
  const bool by_group = split.fold_by == "leave_one_group_out";
  const bool lacks = !folds_wanted(spec) && (split.repeats > 1 || split.fold_by != "stratified");
  if (lacks) {
    throw Error(Code::kUsage, "--repeats and --fold-by belong to a cross-validation",
                "say how many folds with --folds");
  }
  if (split.purge > 0 && split.fold_by != "time") {
    throw Error(Code::kUsage, "--purge belongs to folds by time", "add --fold-by time");
  }
  if (by_group && (split.folds > 0 || split.repeats > 1)) {
    throw Error(Code::kUsage, "to leave one group out there is one way, with one fold a group",
                "leave --folds and --repeats out");
  }
}

void refuse_to_continue_in_time(const TrainJob& job, const task::Spec& spec) {
  if (!job.resume || spec.time_limit.empty()) return;
  throw Error(Code::kUsage, "--resume goes on as it was begun, and a time limit would choose anew",
              "leave the limit out and name --ensemble and --epochs as the log gave them");
}

}  // namespace

void check_job(const TrainJob& job, const task::Spec& spec) {
  refuse_parallel_files(job, spec);
  check_outputs(job);
  check_fold_options(spec);
  check_source_test(spec);
  refuse_to_continue_in_time(job, spec);
}

bool folds_wanted(const task::Spec& spec) {
  return spec.split.folds > 0 || spec.split.fold_by == "leave_one_group_out";
}

void check_fold_job(const TrainJob& job) {
  if (!job.resume && job.checkpoint.empty() && job.test.empty() && job.valid.empty()) return;
  throw Error(Code::kUsage,
              "cross-validation makes its own parts and keeps no checkpoint: --test, --valid, "
              "--resume and --checkpoint do not go with --folds",
              "leave them out, or --folds");
}

}  // namespace refrain::api

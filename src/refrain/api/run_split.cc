#include <fmt/format.h>

#include "refrain/api/inside/run_data.h"
#include "refrain/api/inside/settle.h"
#include "refrain/data/leak.h"
#include "refrain/data/life_windows.h"
#include "refrain/data/split.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

[[noreturn]] void refuse_without_test(const RunState& run, const data::Dataset& d) {
  const std::size_t n = d.samples.size();
  const int units = data::unit_count(d, all_of(d));
  const std::size_t labels = learns_classes(run.spec) ? task::labels_of({d, all_of(d)}).size() : 0;
  const std::string related =
      static_cast<std::size_t>(units) == n
          ? ""
          : fmt::format(" in {} unrelated part{} (groups and duplicates stay whole)", units,
                        units == 1 ? "" : "s");
  throw Error(
      Code::kData,
      fmt::format("{}: {} samples{} are too few to hold a test part out", run.job.data, n, related),
      2 * labels > n ? fmt::format("{} samples have {} labels: is --target right? Else give more "
                                   "samples of each class, or a test file with --test",
                                   n, labels)
                     : "give more samples, or a test file with --test");
}

void say_kept(const char* part, const std::vector<std::string>& classes, const RunState& run) {
  if (classes.empty() || !learns_classes(run.spec)) return;
  run.log.info(fmt::format("{} {} too small for the {} part and kept whole in training: {}",
                           classes.size(), classes.size() == 1 ? "class is" : "classes are", part,
                           first_names(classes)));
}

// Returns what is left for training and validation.
std::vector<int> hold_test_out(const RunState& run, const base::Rng& rng, RunData& data) {
  auto part = data::split_off(data.data, all_of(data.data), run.spec.split.test_fraction, rng);
  data.test = part.held_out;
  say_kept("test", part.kept_whole, run);
  if (data.test.empty()) refuse_without_test(run, data.data);
  return part.train;
}

void hold_valid_out(const RunState& run, const std::vector<int>& pool, const base::Rng& rng,
                    RunData& data) {
  std::vector<std::string> kept_whole;
  auto parts = task::split_valid(data.data, pool, run.spec, rng, &kept_whole);
  data.train = std::move(parts.train);
  data.valid = std::move(parts.valid);
  say_kept("validation", kept_whole, run);
}

void guard(RunState& run, const data::Side& known, const data::Side& judged) {
  const data::Leaks leaks = data::find_leaks(known, judged);
  if (!run.spec.split.allow_overlap) data::refuse_leaks(leaks, known, judged);
  if (!leaks.same.empty()) {
    add_remark(fmt::format("{} of {} {} samples also in the {} part", leaks.same.size(),
                           judged.chosen.size(), judged.name, known.name),
               run.report);
    run.log.warning(fmt::format("{} of {} {} samples also stand in the {} part, as allowed{}",
                                leaks.same.size(), judged.chosen.size(), judged.name, known.name,
                                data::first_lines(leaks.same)));
  }
  if (leaks.near.empty()) return;
  add_remark(fmt::format("{} {} samples nearly equal to {} samples", leaks.near.size(), judged.name,
                         known.name),
             run.report);
  run.log.warning(fmt::format("{} of {} {} samples are nearly equal to {} samples{}",
                              leaks.near.size(), judged.chosen.size(), judged.name, known.name,
                              data::first_lines(leaks.near)));
}

}  // namespace

void split(const RunState& run, RunData& data) {
  const base::Rng rng = split_rng(run.spec);
  std::vector<int> pool = all_of(data.data);
  if (run.job.test.empty()) {
    pool = hold_test_out(run, rng.fork("test"), data);
  } else {
    data.test = all_of(data.test_file);
  }
  task::task_of(run.spec).require({data.data, pool});
  if (run.job.valid.empty()) {
    hold_valid_out(run, pool, rng.fork("valid"), data);
  } else {
    data.train = std::move(pool);
    data.valid = all_of(data.valid_file);
  }
  if (!data.data.lives) return;
  if (run.job.test.empty()) data.test = data::asked_windows(run.spec.life, data.data, data.test);
  if (run.job.valid.empty()) data.valid = data::asked_windows(run.spec.life, data.data, data.valid);
}

void guard_against_leaks(RunState& run, const RunData& data) {
  const data::Side train{data.data, data.train, "training"};
  const data::Side test{data.test_data(), data.test, "test"};
  if (!run.job.test.empty()) guard(run, train, test);
  if (run.job.valid.empty()) return;
  const data::Side valid{data.valid_file, data.valid, "validation"};
  guard(run, train, valid);
  guard(run, valid, test);
}

void add_remark(const std::string& remark, Report& report) {
  report.leaks += (report.leaks.empty() ? "" : "; ") + remark;
}

}  // namespace refrain::api

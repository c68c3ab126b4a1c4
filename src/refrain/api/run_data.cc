#include "refrain/api/inside/run_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/settle.h"
#include "refrain/data/front_end.h"
#include "refrain/data/life_windows.h"
#include "refrain/data/reader.h"
#include "refrain/data/recognised.h"
#include "refrain/data/spellings.h"
#include "refrain/data/units.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/task.h"

namespace refrain::api {

using data::Dataset;

std::string first_names(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 10;
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size()));
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "),
                     names.size() > kShown ? ", ..." : "");
}

bool learns_classes(const task::Spec& spec) { return task::task_of(spec).aim == task::Aim::kClass; }

namespace {

// Of the training, from memory or from its file.
Dataset training_data(RunState& run) {
  const TrainJob& job = run.job;
  if (job.memory.data == nullptr) return read_to_learn(job.data, run.spec, run.log, job.fixes);
  Dataset out = dataset_to_learn(*job.memory.data, run.spec.read);
  settle_to_learn(out, run.spec, run.log);
  return out;
}

// A file beside the training file, matched with it by names; or `samples` in its place.
struct Beside {
  const std::string& path;
  const Samples* samples;
};
Dataset read_beside(const Beside& file, RunState& run, const Dataset& training) {
  data::ReadSpec spec = run.spec.read;
  if (training.tag_scheme == "plain") spec.scheme = "plain";
  Dataset out = file.samples == nullptr
                    ? data::read_expected(file.path, spec, data::expected_like(training), run.log)
                    : dataset_to_learn(*file.samples, spec);
  if (file.samples != nullptr) shift(out, training.offset);
  make_series(out, run.spec, run.log);
  settle_targets(task::task_of(run.spec).aim, out);
  settle_names(out, run.log);
  if (learns_classes(run.spec)) {
    data::adopt_labels(out, task::labels_of({training, all_of(training)}));
  }
  return out;
}

void say_recognised(const Dataset& d, RunState& run) {
  run.report.recognised = {d.format,       data::recognised(d), d.columns.label,
                           d.columns.text, d.columns.group,     d.columns.id,
                           d.columns.time, d.not_read,          d.warnings};
  run.log.info(run.report.recognised.summary);
}

void say_likely_group(const Dataset& d, const RunState& run) {
  const std::string& name = d.likely_group;
  if (name.empty()) return;
  run.log.warning(fmt::format(
      "{} has '{}' and no group: where several samples share one, --group '{}' keeps them "
      "together, so that the score tells how others will fare",
      run.job.data, name, name));
}

void say_empty_group(const Dataset& d, const RunState& run) {
  if (run.spec.read.group.empty()) return;
  for (const auto& sample : d.samples) {
    if (!sample.group.empty()) return;
  }
  run.log.warning(fmt::format("{}: no sample has a group: the column '{}' (--group) is empty",
                              run.job.data, run.spec.read.group));
}

// Refuses data in which every sample has a label of its own, before any training.
void refuse_own_labels(const Dataset& d, const RunState& run) {
  const std::size_t n = d.samples.size();
  if (!learns_classes(run.spec) || !run.job.test.empty() || n < 3) return;
  if (task::labels_of({d, all_of(d)}).size() < n) return;
  throw Error(Code::kData,
              fmt::format("{}: each of {} samples has its own label ('{}', '{}', ...)",
                          run.job.data, n, d.samples[0].label, d.samples[1].label),
              "is --target right? A class is learnt from several samples that share a label");
}

// Options of units that run to failure would do nothing.
void refuse_life_options(const Dataset& d, const RunState& run) {
  const auto fields = data::life_fields();
  for (const auto& field : fields.list()) {
    if (!run.spec.given.contains(field.name)) continue;
    throw Error(Code::kUsage,
                fmt::format("{}: --{} is for units that run to failure, and this was read as {}",
                            run.job.data, base::option_name(field.name), d.format),
                "leave it out, or say --format run-to-failure or --format cmapss");
  }
}

// Units become windows. Those of a file to test or validate with are asked where it ends.
void cut_files(RunState& run, RunData& out) {
  auto& life = run.spec.life;
  data::settle_age(out.data, life);
  if (!run.spec.read.streams.empty()) {
    throw Error(Code::kUsage, "--streams does not go with units that run to failure",
                "leave it out: all channels of a unit are read together");
  }
  data::name_settings(life, out.data);
  const auto cut_beside = [&](Dataset& file) {
    if (file.samples.empty()) return;
    file.settings = out.data.settings;
    file = data::cut_lives(file, life, data::LifeCut::kEnd, run.log);
  };
  cut_beside(out.test_file);
  cut_beside(out.valid_file);
  out.data = data::cut_lives(out.data, life, data::LifeCut::kEachStep, run.log);
  task::task_of(run.spec).require({out.data, all_of(out.data)});
  run.log.info(fmt::format("{} windows of up to {} steps are learned from{}",
                           out.data.samples.size(), life.window, cap_words(run.spec, out.data)));
}

}  // namespace

RunData read_files(RunState& run) {
  RunData out;
  Dataset& d = out.data = training_data(run);
  say_recognised(d, run);
  say_likely_group(d, run);
  if (!d.series_layout.empty()) run.spec.read.series_layout = d.series_layout;
  if (!d.lives) {
    refuse_life_options(d, run);
    task::task_of(run.spec).require({d, all_of(d)});
  }
  refuse_own_labels(d, run);
  say_empty_group(d, run);
  const TrainJob& job = run.job;
  if (!job.test.empty()) out.test_file = read_beside({job.test, job.memory.test}, run, d);
  if (!job.valid.empty()) out.valid_file = read_beside({job.valid, job.memory.valid}, run, d);
  if (d.lives) cut_files(run, out);
  return out;
}

std::string cap_words(const task::Spec& spec, const Dataset& data) {
  if (!data.lives || spec.life.cap <= 0) return "";
  return fmt::format("; remaining lives above {0:g} count as {0:g}", spec.life.cap);
}

void say_classes_of_one(const RunData& data, const base::Log& log) {
  const auto classes = data::classes_of_one_unit(data.data);
  if (classes.empty()) return;
  const bool one = classes.size() == 1;
  log.warning(fmt::format(
      "{} can only be missed: where {} tested, no other sample of the class is there to learn "
      "from: {}",
      one ? "1 class" : fmt::format("{} classes", classes.size()), one ? "it is" : "they are",
      first_names(classes)));
}

std::shared_ptr<const task::Goal> check_files(const RunState& run, const RunData& data) {
  const auto& form = data.data.streams;
  if (!run.job.test.empty()) data::check_form(form, data.test_file);
  if (!run.job.valid.empty()) data::check_form(form, data.valid_file);
  const data::Subset training{data.data, data.train};
  static const std::vector<std::string> kNoFurther;
  auto goal = task::task_of(run.spec).fit({training, training, kNoFurther}, run.spec);
  goal->truths(data.tested());
  if (const auto foreign = goal->foreign(data.tested()); !foreign.empty()) {
    run.log.warning(foreign);
  }
  return goal;
}

}  // namespace refrain::api

#include "refrain/task/task.h"

#include <fmt/format.h>

#include "refrain/base/error.h"
#include "refrain/data/target_numbers.h"
#include "refrain/task/classify/goal.h"
#include "refrain/task/classify/report.h"
#include "refrain/task/regress/goal.h"
#include "refrain/task/regress/report.h"
#include "refrain/task/tag/goal.h"
#include "refrain/task/tag/report.h"

#ifdef REFRAIN_TASKS  // of a test
#include REFRAIN_TASKS
#else
#define REFRAIN_MORE_TASKS
#endif

namespace refrain::task {

const base::Registry<Task>& tasks() {
  static const base::Registry<Task> list(
      "task", {{"classify",
                "one class for each series or text; scored by accuracy",
                {Aim::kClass, "accuracy", "majority", require_classes, fit_classify, read_classify,
                 classify_tables, recall_classes}},
               {"regress",
                "one or several numbers for each series or text; scored by RMSE",
                {Aim::kNumbers, "rmse", "mean", require_numbers, fit_regress, read_regress,
                 regress_tables, recall_numbers}},
               {"tag",
                "a tag for each word of a text or step of a series; scored by F1 of spans, or "
                "accuracy of labels",
                {Aim::kTags, "f1", "frequent_tag", require_tags, fit_tag, read_tag, tag_tables,
                 recall_tags}} REFRAIN_MORE_TASKS});
  return list;
}

std::string recognise_task(const Spec& spec, const data::Dataset& dataset, const base::Log& log) {
  constexpr int kFewNumbers = 10;  // different ones: as many classes are common
  if (spec.task != "auto") return spec.task;
  if (dataset.has_tags && !dataset.has_labels) return "tag";
  if (dataset.has_tags) {
    log.info(dataset.path +
             ": the words have tags too; say --task tag to learn those instead of the labels");
  }
  if (dataset.measured) return "regress";
  const data::NumberLabels labels = data::number_labels(dataset);
  if (!labels.all) return "classify";
  const auto n = static_cast<int>(dataset.samples.size());
  const bool many = labels.different > kFewNumbers &&
                    (labels.whole ? 2 * labels.different > n : 5 * labels.different > n);
  if (!many && labels.whole && labels.different <= kFewNumbers) return "classify";
  log.info(
      fmt::format("{}: the labels are {} different numbers and are learned as {}; say --task {} "
                  "for {}",
                  dataset.path, labels.different, many ? "numbers" : "classes",
                  many ? "classify" : "regress", many ? "classes" : "numbers"));
  return many ? "regress" : "classify";
}

bool can_learn(const Task& task, const data::Subset& training) {
  try {
    task.require(training);
    return true;
  } catch (const Error&) {
    return false;
  }
}

const Task& task_of(const Spec& spec) {
  return tasks().at(spec.task == "auto" ? "classify" : spec.task);
}

}  // namespace refrain::task

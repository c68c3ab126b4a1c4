#include "refrain/method/beside.h"

#include <algorithm>

#include "refrain/base/duration.h"

namespace refrain::method {
namespace {

Predicts predicts(const Training& training) {
  if (!training.tag_names.empty()) return Predicts::kTags;
  return training.width > 0 ? Predicts::kNumbers : Predicts::kClasses;
}

bool wanted(const RunOptions& options, const std::string& name) {
  const auto& only = options.only;
  return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
}

}  // namespace

std::vector<MethodAnswers> run_methods(const Training& training, const data::Subset& test,
                                       const RunOptions& options) {
  std::vector<MethodAnswers> answers;
  const auto& list = methods(predicts(training));
  for (const auto& item : list.items()) {
    if (!wanted(options, item.name)) continue;
    if (!applies(item.value.kind, training.samples.dataset)) continue;
    if (options.stop != nullptr && options.stop->load()) break;
    const double start = base::steady_seconds();
    if (options.deadline > 0 && start > options.deadline && &item != list.items().data()) {
      options.log.info("baseline " + item.name + " is left out: the time limit is reached");
      continue;
    }
    try {
      const auto method = item.value.make();
      method->fit(training);
      auto numbers = method->predict(test, training.threads);
      answers.push_back({item.name, std::move(numbers), base::steady_seconds() - start});
    } catch (const std::exception& error) {
      options.log.info("baseline " + item.name + " is left out: " + error.what());
    }
  }
  return answers;
}

}  // namespace refrain::method

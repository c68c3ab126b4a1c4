#include "refrain/task/held_out.h"

#include <algorithm>

#include "refrain/base/threads.h"

namespace refrain::task {

std::vector<std::string> kinds_of(const Model& model) {
  std::vector<std::string> kinds;
  for (const Member& member : model.members) {
    if (std::find(kinds.begin(), kinds.end(), member.method) == kinds.end()) {
      kinds.push_back(member.method);
    }
  }
  return kinds;
}

std::vector<double> shares_of(const Model& model) {
  double total = 0;
  for (const Member& member : model.members) total += member.weight;
  std::vector<double> shares;
  for (const auto& kind : kinds_of(model)) {
    shares.push_back(0);
    for (const Member& member : model.members) {
      if (member.method == kind) shares.back() += member.weight / total;
    }
  }
  return shares;
}

std::vector<double> HeldOut::averaged(const std::vector<double>& shares) const {
  std::vector<double> mean(answers.front().size());
  for (std::size_t k = 0; k < answers.size(); ++k) {
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += shares[k] * answers[k][i];
  }
  return mean;
}

namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// The tested samples of one fold. If the fold's model has no member of a kind, its other members
// answer for it.
void test_fold(const HoldOut& job, const data::Fold& fold, const base::Rng& rng, HeldOut& out,
               const std::atomic<bool>* stop) {
  const auto stopped = [&] { return stop != nullptr && stop->load(); };
  if (stopped()) return;
  FitHooks hooks;
  hooks.stop = stop;
  hooks.inner = true;
  const auto parts = split_valid(job.dataset, fold.train, job.spec, rng, nullptr);
  const Model model = fit_model(job.spec, parts, hooks).model;
  if (stopped()) return;
  const data::Subset tested{job.dataset, fold.test};
  out.sample = fold.test;
  out.truth = job.goal->truths(tested);
  for (const auto& kind : job.kinds) {
    auto p = model.predict_by(kind, tested, 1);
    if (p.empty()) p = model.predict(tested, 1);
    out.answers.push_back(job.goal->adopt(p, *model.goal));
  }
}

}  // namespace

std::vector<data::Fold> cut_inner_folds(const data::Dataset& dataset, const std::vector<int>& pool,
                                        const Task& task, const base::Rng& rng) {
  const int count = std::min(kInnerFolds, data::unit_count(dataset, pool));
  if (count < 2) return {};
  auto folds = data::make_folds(dataset, pool, {count, "stratified", 0}, rng);
  std::erase_if(folds, [&](const data::Fold& fold) {
    return !can_learn(task, {dataset, fold.train});
  });
  return folds;
}

std::optional<HeldOut> hold_out(const HoldOut& job, const std::atomic<bool>* stop) {
  Spec spec = job.spec;
  const int threads = spec.train.threads;
  spec.train.threads = 1;
  const HoldOut inner{spec, job.dataset, job.pool, job.goal, job.kinds, job.rng};
  const auto folds = cut_inner_folds(job.dataset, job.pool, task_of(job.spec), job.rng);
  std::vector<HeldOut> parts(folds.size());
  base::parallel_for(static_cast<int>(folds.size()), threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    test_fold(inner, folds[at], job.rng.fork(static_cast<std::uint64_t>(i)), parts[at], stop);
  });
  if (stop != nullptr && stop->load()) return std::nullopt;
  HeldOut all;
  all.folds = static_cast<int>(folds.size());
  all.answers.resize(job.kinds.size());
  for (const auto& part : parts) {
    append(all.sample, part.sample);
    append(all.truth, part.truth);
    for (std::size_t k = 0; k < part.answers.size(); ++k) append(all.answers[k], part.answers[k]);
  }
  return all;
}

}  // namespace refrain::task

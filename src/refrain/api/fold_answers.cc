#include <algorithm>

#include "refrain/api/inside/fold_work.h"

namespace refrain::api {
namespace {

// Nothing where a job has nothing to say.
using Said = std::function<std::optional<task::Predictions>(const FoldJob&)>;

// Copies the answers of one fold to their places among those of all `n` samples.
void put_in_place(const FoldJob& job, const task::Predictions& own, std::size_t most, std::size_t n,
                  task::Predictions& to) {
  const std::size_t have = own.numbers.size() / job.test.size();
  const std::size_t width = std::min(have, most);
  to.numbers.resize(width * n);
  to.decided.resize(own.decided.empty() ? 0 : n);
  to.labels.resize(own.labels.empty() ? 0 : n);
  to.confidence.resize(own.confidence.empty() ? 0 : n);
  for (std::size_t k = 0; k < job.test.size(); ++k) {
    const auto i = static_cast<std::size_t>(job.test[k]);
    if (!own.decided.empty()) to.decided[i] = own.decided[k];
    if (!own.labels.empty()) to.labels[i] = own.labels[k];
    if (!own.confidence.empty()) to.confidence[i] = own.confidence[k];
    std::copy_n(own.numbers.begin() + static_cast<std::ptrdiff_t>(k * have), width,
                to.numbers.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
}

// Gathers the answers of all folds of a repeat into answers about all samples.
std::vector<std::unique_ptr<score::Answers>> gathered(const FoldWork& work, const Said& said) {
  const std::size_t n = work.all.size(), most = fold_columns(work).size();
  std::vector<task::Predictions> of_repeat(static_cast<std::size_t>(work.repeats()));
  for (const FoldJob& job : work.jobs) {
    const auto own = job.test.empty() ? std::nullopt : said(job);
    if (!own) continue;
    put_in_place(job, *own, most, n, of_repeat[static_cast<std::size_t>(job.repeat)]);
  }
  std::vector<std::unique_ptr<score::Answers>> out;
  for (const auto& one : of_repeat) {
    out.push_back(work.goal->answers({work.asked.data, work.all}, one));
    work.related.put_in(*out.back());
  }
  return out;
}

const method::MethodAnswers* find(const FoldJob& job, const std::string& name) {
  for (const auto& b : job.baselines) {
    if (b.name == name) return &b;
  }
  return nullptr;
}

// Nothing where a fold lacks it.
std::optional<BaselineAnswers> simple_method(const FoldWork& work, const std::string& name) {
  BaselineAnswers out{name, {}, 0};
  for (const FoldJob& job : work.jobs) {
    if (job.test.empty()) continue;
    const auto* found = find(job, name);
    if (found == nullptr) return std::nullopt;
    out.seconds += found->seconds;
  }
  out.repeats = gathered(work, [&](const FoldJob& job) {
    return std::optional(
        work.goal->of_baseline({work.asked.data, job.test}, find(job, name)->numbers));
  });
  return out;
}

}  // namespace

std::vector<std::string> fold_columns(const FoldWork& work) {
  if (!work.goal->classes().empty()) return work.goal->columns();
  const std::vector<std::string>* fewest = nullptr;
  for (const FoldJob& job : work.jobs) {
    if (job.columns.empty()) continue;
    if (fewest == nullptr || job.columns.size() < fewest->size()) fewest = &job.columns;
  }
  return fewest == nullptr ? work.goal->columns() : *fewest;
}

std::vector<std::unique_ptr<score::Answers>> out_of_fold(const FoldWork& work) {
  return gathered(work, [](const FoldJob& job) { return std::optional(job.said); });
}

std::vector<std::unique_ptr<score::Answers>> comparable_out_of_fold(const FoldWork& work) {
  return gathered(
      work, [&](const FoldJob& job) { return std::optional(work.goal->comparable(job.said)); });
}

std::vector<BaselineAnswers> simple_methods_out_of_fold(const FoldWork& work) {
  std::vector<BaselineAnswers> out;
  for (const auto& b : work.jobs.front().baselines) {
    if (auto method = simple_method(work, b.name)) out.push_back(std::move(*method));
  }
  return out;
}

std::vector<std::vector<int>> test_folds(const FoldWork& work) {
  std::vector<std::vector<int>> fold(static_cast<std::size_t>(work.repeats()),
                                     std::vector<int>(work.all.size()));
  for (const FoldJob& job : work.jobs) {
    auto& of_repeat = fold[static_cast<std::size_t>(job.repeat)];
    for (const int i : job.test) of_repeat[static_cast<std::size_t>(i)] = job.fold;
  }
  return fold;
}

}  // namespace refrain::api

// Tf-idf rows of word n-grams (ngrams.h) and logistic regression. The penalty is chosen by 5-fold
// cross-validation on small sets; on large ones, where it matters little, C = 10.
#include <array>
#include <numeric>

#include "refrain/base/threads.h"
#include "refrain/task/baselines/inner_folds.h"
#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/ngrams.h"

namespace refrain::task {
namespace {

constexpr std::array<double, 4> kStrengths = {10.0, 3.0, 30.0, 100.0};  // the first wins ties
constexpr int kFewTexts = 2000;
constexpr int kFolds = 5;
constexpr std::size_t kMostWeights = 1'000'000;

std::size_t most_terms(int classes) {
  return kMostWeights / static_cast<std::size_t>(std::max(1, classes));
}

class TfIdfLogistic : public Baseline {
 public:
  void fit(const TrainingView& training) override {
    const auto texts = tokens_of(training.samples, training.threads);
    if (texts.empty()) throw Error(Code::kData, "no training samples");
    const double strength =
        training.samples.size() <= kFewTexts ? choose(training, texts) : kStrengths[0];
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    tfidf_.fit(texts, all, most_terms(training.classes));
    model_ = fit_logistic(tfidf_.rows(texts, all), {training.targets, training.classes}, strength,
                          nullptr);
  }

  std::vector<double> predict(const View& view, int threads) const override {
    const auto texts = tokens_of(view, threads);
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    return model_.predict(tfidf_.rows(texts, all));
  }

  void archive(Archive& file) override {
    tfidf_.archive(file);
    model_.archive(file);
    file.require(model_.columns == tfidf_.terms());
  }

 private:
  static double choose(const TrainingView& training, const std::vector<Tokens>& texts) {
    const auto folds = inner_folds(training, kFolds, kFewTexts);
    std::vector<std::array<int, kStrengths.size()>> right(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads, [&](int f) {
      right[static_cast<std::size_t>(f)] =
          try_fold(training, texts, folds[static_cast<std::size_t>(f)]);
    });
    std::array<int, kStrengths.size()> total{};
    for (const auto& fold : right) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    const auto best = std::max_element(total.begin(), total.end()) - total.begin();
    return kStrengths[static_cast<std::size_t>(best)];
  }

  static std::array<int, kStrengths.size()> try_fold(const TrainingView& training,
                                                     const std::vector<Tokens>& texts,
                                                     const InnerFold& fold) {
    TfIdf tfidf;
    tfidf.fit(texts, fold.train, most_terms(training.classes));
    const auto train = tfidf.rows(texts, fold.train), held_out = tfidf.rows(texts, fold.held_out);
    const auto train_targets = at_places(training.targets, fold.train);
    const auto held_out_targets = at_places(training.targets, fold.held_out);
    std::array<int, kStrengths.size()> right{};
    Logistic model;
    for (std::size_t k = 0; k < right.size(); ++k) {
      model = fit_logistic(train, {train_targets, training.classes}, kStrengths[k],
                           k == 0 ? nullptr : &model);
      right[k] = count_right(model.predict(held_out), {held_out_targets, training.classes});
    }
    return right;
  }

  TfIdf tfidf_;
  Logistic model_;
};

}  // namespace

std::unique_ptr<Baseline> make_tfidf_logistic() { return std::make_unique<TfIdfLogistic>(); }

}  // namespace refrain::task

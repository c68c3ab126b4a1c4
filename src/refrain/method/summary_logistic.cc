// Summaries of each channel (summaries.h), standardised on the training part, then multinomial
// logistic regression whose penalty is chosen by 5-fold cross-validation.
#include <algorithm>
#include <array>

#include "refrain/base/threads.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"
#include "refrain/method/logistic.h"
#include "refrain/method/summaries.h"

namespace refrain::method {
namespace {

constexpr std::array<double, 5> kSummaryStrengths = {1.0, 0.1, 10.0, 0.01,
                                                     100.0};  // first wins ties
constexpr int kSummaryFolds = 5;
constexpr int kMostInFolds = 1000;

class SummaryLogistic : public Method {
 public:
  void fit(const Training& training) override {
    const Summaries rows = summaries(training.samples, training.threads);
    const double strength = choose(training, rows);
    const auto all = every_row(rows);
    standard_.fit(rows, all);
    model_ = fit_logistic(standard_.apply(rows, all), {training.targets, training.classes},
                          strength, nullptr);
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const Summaries rows = summaries(view, threads);
    if (rows.front().size() != standard_.inputs()) {
      throw Error(Code::kData, "other channels than in training");
    }
    return model_.predict(standard_.apply(rows, every_row(rows)));
  }

  void archive(Archive& file) override {
    standard_.archive(file);
    model_.archive(file);
    file.require(static_cast<std::size_t>(model_.columns) == standard_.inputs());
  }

 private:
  using Counts = std::array<int, kSummaryStrengths.size()>;

  static double choose(const Training& training, const Summaries& rows) {
    const auto folds = inner_folds(training, kSummaryFolds, kMostInFolds);
    std::vector<Counts> right(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads, [&](int f) {
      const auto fold = static_cast<std::size_t>(f);
      right[fold] = try_fold(training, rows, folds[fold]);
    });
    Counts total{};
    for (const auto& fold : right) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    const auto best = std::max_element(total.begin(), total.end()) - total.begin();
    return kSummaryStrengths[static_cast<std::size_t>(best)];
  }

  static Counts try_fold(const Training& training, const Summaries& rows, const InnerFold& fold) {
    Standard standard;
    standard.fit(rows, fold.train);
    const auto train = standard.apply(rows, fold.train);
    const auto held_out = standard.apply(rows, fold.held_out);
    const auto train_targets = at_places(training.targets, fold.train);
    const auto held_out_targets = at_places(training.targets, fold.held_out);
    Counts right{};
    for (std::size_t k = 0; k < right.size(); ++k) {
      const auto model =
          fit_logistic(train, {train_targets, training.classes}, kSummaryStrengths[k], nullptr);
      right[k] = count_right(model.predict(held_out), {held_out_targets, training.classes});
    }
    return right;
  }

  Standard standard_;
  Logistic model_;
};

}  // namespace

std::unique_ptr<Method> make_summary_logistic() { return std::make_unique<SummaryLogistic>(); }

}  // namespace refrain::method

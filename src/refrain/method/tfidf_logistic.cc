// Tf-idf rows of word n-grams, or of word n-grams and pieces of words (ngrams.h), of what the words
// mean where that is given, and logistic
// regression. The penalty is chosen by 5-fold cross-validation on small sets; on large ones, where
// it matters little, C = 10.
#include <array>
#include <numeric>

#include "refrain/base/threads.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"
#include "refrain/method/ngrams.h"

namespace refrain::method {
namespace {

constexpr std::array<double, 4> kStrengths = {10.0, 3.0, 30.0, 100.0};  // the first wins ties
constexpr int kFewTexts = 2000;
constexpr int kFolds = 5;
class TfIdfLogistic : public Method {
 public:
  explicit TfIdfLogistic(bool pieces) : pieces_(pieces), rows_(pieces) {}

  void fit(const Training& training) override {
    const auto texts = tokens_of(training.samples, training.threads);
    if (texts.empty()) throw Error(Code::kData, "no training samples");
    const double strength =
        training.samples.size() <= kFewTexts ? choose(training, texts) : kStrengths[0];
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    rows_.fit(texts, all, training.classes, training.meanings);
    model_ =
        fit_logistic(rows_.of(texts, all), {training.targets, training.classes}, strength, nullptr);
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto texts = tokens_of(view, threads);
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    return model_.predict(rows_.of(texts, all));
  }

  void archive(Archive& file) override {
    rows_.archive(file);
    model_.archive(file);
    file.require(model_.columns == rows_.columns());
  }

  bool takes_variants() const override { return true; }
  bool reads_meanings() const override { return true; }

 private:
  double choose(const Training& training, const std::vector<Tokens>& texts) const {
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

  std::array<int, kStrengths.size()> try_fold(const Training& training,
                                              const std::vector<Tokens>& texts,
                                              const InnerFold& fold) const {
    TermRows rows(pieces_);
    rows.fit(texts, fold.train, training.classes, training.meanings);
    const auto train = rows.of(texts, fold.train), held_out = rows.of(texts, fold.held_out);
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

  bool pieces_;
  TermRows rows_;
  Logistic model_;
};

}  // namespace

std::unique_ptr<Method> make_tfidf_logistic() { return std::make_unique<TfIdfLogistic>(false); }
std::unique_ptr<Method> make_pieces_logistic() { return std::make_unique<TfIdfLogistic>(true); }

}  // namespace refrain::method

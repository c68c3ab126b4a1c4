// Tf-idf rows of word n-grams (ngrams.h), and of what the words mean where that is given, and ridge
// regression (number_ridge.h).
#include <numeric>

#include "refrain/method/list.h"
#include "refrain/method/ngrams.h"
#include "refrain/method/number_ridge.h"

namespace refrain::method {
namespace {

class TfIdfRidge : public Method {
 public:
  void fit(const Training& training) override {
    auto y = scale_.fit(training);
    const auto texts = tokens_of(training.samples, training.threads);
    rows_.fit(texts, places(texts), training.width, training.meanings);
    const SparseRidgeRows x(rows_.of(texts, places(texts)), training.threads);
    ridge_.fit(x, {std::move(y), families_of(training), training.width, training.seed});
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto texts = tokens_of(view, threads);
    auto numbers = ridge_.predict(rows_.of(texts, places(texts)));
    scale_.restore(numbers);
    return numbers;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    rows_.archive(file);
    ridge_.archive(file);
    file.require(ridge_.columns() == rows_.columns());
  }

  bool takes_variants() const override { return true; }
  bool reads_meanings() const override { return true; }

 private:
  static std::vector<int> places(const std::vector<Tokens>& texts) {
    std::vector<int> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  NumberScale scale_;
  TermRows rows_{false};
  NumberRidge ridge_;
};

}  // namespace

std::unique_ptr<Method> make_tfidf_ridge() { return std::make_unique<TfIdfRidge>(); }

}  // namespace refrain::method

// Summaries of each channel (summaries.h), standardised on the training part, and ridge regression
// (number_ridge.h).
#include <utility>

#include "refrain/method/list.h"
#include "refrain/method/number_ridge.h"
#include "refrain/method/summaries.h"

namespace refrain::method {
namespace {

class SummaryRidge : public Method {
 public:
  void fit(const Training& training) override {
    auto y = scale_.fit(training);
    const auto rows = summaries(training.samples, training.threads);
    standard_.fit(rows, every_row(rows));
    const SparseRidgeRows x(standard_.apply(rows, every_row(rows)), training.threads);
    ridge_.fit(x, {std::move(y), families_of(training), training.width, training.seed});
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto rows = summaries(view, threads);
    if (rows.front().size() != standard_.inputs()) {
      throw Error(Code::kData, "other channels than in training");
    }
    auto numbers = ridge_.predict(standard_.apply(rows, every_row(rows)));
    scale_.restore(numbers);
    return numbers;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    standard_.archive(file);
    ridge_.archive(file);
    file.require(static_cast<std::size_t>(ridge_.columns()) == standard_.inputs());
  }

 private:
  NumberScale scale_;
  Standard standard_;
  NumberRidge ridge_;
};

}  // namespace

std::unique_ptr<Method> make_summary_ridge() { return std::make_unique<SummaryRidge>(); }

}  // namespace refrain::method

// MiniRocket features (rocket_features.h) and ridge regression (number_ridge.h). The features are
// shares of steps, which hardly tell the level of a series, and numbers often depend on it: the
// summaries of each channel (summaries.h) stand beside them, with the same variance in all.
#include <algorithm>
#include <cmath>
#include <utility>

#include "refrain/method/feature_ridge.h"
#include "refrain/method/feature_scale.h"
#include "refrain/method/list.h"
#include "refrain/method/number_ridge.h"
#include "refrain/method/rocket_features.h"
#include "refrain/method/summaries.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

class RocketRidge : public Method {
 public:
  // `shapes`: the convolutions see each series at mean 0 and deviation 1.
  explicit RocketRidge(bool shapes) : shapes_(shapes) {}

  void fit(const Training& training) override {
    auto y = scale_.fit(training);
    const auto series = channels_of(training.samples, training.threads);
    check_work<RocketFeatures>(series);
    check_count(series);
    const auto seen = convolved(series);
    features_.fit(seen, training.seed);
    auto shares = features_.of(seen, training.threads);
    feature_scale_.fit(shares, features_.size());
    const auto rows = summaries(series, training.threads);
    standard_.fit(rows, every_row(rows));
    const DenseRidgeRows x(joined(std::move(shares), rows), columns(), training.threads);
    ridge_.fit(x, {std::move(y), families_of(training), training.width, training.seed});
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    constexpr std::ptrdiff_t kBatch = 1024;  // series whose features are in memory at a time
    const auto series = channels_of(view, threads);
    if (series.front().channels != features_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_work<RocketFeatures>(series);
    std::vector<double> out;
    for (auto first = series.begin(); first != series.end();) {
      const auto end = first + std::min(kBatch, series.end() - first);
      const std::vector<Channels> batch(first, end);
      first = end;
      const auto x = joined(features_.of(convolved(batch), threads), summaries(batch, threads));
      const auto numbers = ridge_.predict(x, threads);
      out.insert(out.end(), numbers.begin(), numbers.end());
    }
    scale_.restore(out);
    return out;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    features_.archive(file);
    feature_scale_.archive(file);
    file.part("summary");
    standard_.archive(file);
    file.part("");
    ridge_.archive(file);
    file.require(feature_scale_.size() == static_cast<Size>(features_.size()) &&
                 standard_.inputs() == summary_columns(features_.channels()) &&
                 ridge_.columns() == columns());
  }

  bool takes_variants() const override { return true; }
  bool is_random() const override { return true; }

 private:
  std::vector<Channels> convolved(std::vector<Channels> series) const {
    for (auto& one : series) {
      if (shapes_) one = standardised(std::move(one));
    }
    return series;
  }

  int columns() const { return features_.size() + static_cast<int>(standard_.inputs()); }

  // Scaled, side by side [n,columns()].
  std::vector<real> joined(std::vector<real> shares, const Summaries& summaries) const {
    feature_scale_.apply(shares);
    const auto rows = standard_.apply(summaries, every_row(summaries));
    const auto left = static_cast<Size>(features_.size()), right = standard_.inputs();
    const double factor = std::sqrt(static_cast<double>(left) / static_cast<double>(right));
    std::vector<real> out(summaries.size() * (left + right));
    for (Size i = 0; i < summaries.size(); ++i) {
      real* row = &out[i * (left + right)];
      std::copy(&shares[i * left], &shares[i * left] + left, row);
      for (Size k = rows.begin[i]; k < rows.begin[i + 1]; ++k) {
        row[left + static_cast<Size>(rows.column[k])] = static_cast<real>(factor * rows.value[k]);
      }
    }
    return out;
  }

  bool shapes_;
  NumberScale scale_;
  RocketFeatures features_;
  BoundedScale feature_scale_;
  Standard standard_;
  NumberRidge ridge_;
};

}  // namespace

std::unique_ptr<Method> make_rocket_ridge() { return std::make_unique<RocketRidge>(false); }

std::unique_ptr<Method> make_shape_ridge() { return std::make_unique<RocketRidge>(true); }

}  // namespace refrain::method

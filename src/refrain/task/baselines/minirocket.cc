// MiniRocket: convolution features (rocket_features.h), each divided by its deviation on the
// training part, and the ridge classifier (ridge.h). The probabilities are a softmax over its
// decision values, as sharp as its leave-one-out decisions deserve.
#include <algorithm>
#include <cmath>

#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/ridge.h"
#include "refrain/task/baselines/rocket_features.h"

namespace refrain::task {
namespace {

using Size = std::size_t;
constexpr double kMostSeries = 1e4;  // whose features are 400 MB
constexpr double kMostWork = 1e11;   // additions and comparisons: about 10 seconds of one core
constexpr int kBatch = 1024;         // series whose features are in memory at a time

class MiniRocket : public Baseline {
 public:
  void fit(const TrainingView& training) override {
    const auto series = channels_of(training.samples, training.threads);
    check_cost(series);
    if (static_cast<double>(series.size()) > kMostSeries) {
      throw Error(Code::kUnsupported, "more than 10,000 training series need too much memory");
    }
    features_.fit(series, training.seed);
    auto x = features_.of(series, training.threads);
    fit_scale(x);
    scale(x);
    ridge_ = fit_ridge({std::move(x), training.targets, features_.size(), training.classes,
                        training.seed, training.threads});
  }

  std::vector<double> predict(const View& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != features_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_cost(series);
    std::vector<double> out;
    for (Size begin = 0; begin < series.size(); begin += kBatch) {
      const auto first = series.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = std::min<std::ptrdiff_t>(kBatch, series.end() - first);
      auto x = features_.of({first, first + count}, threads);
      scale(x);
      const auto p = ridge_.predict(x, threads);
      out.insert(out.end(), p.begin(), p.end());
    }
    return out;
  }

  void archive(Archive& file) override {
    features_.archive(file);
    file.list("scale", scale_);
    ridge_.archive(file);
    file.require(scale_.size() == static_cast<Size>(features_.size()) &&
                 ridge_.columns == features_.size());
  }

 private:
  static void check_cost(const std::vector<Channels>& series) {
    double work = 0;
    for (const auto& s : series) work += 20000.0 * s.steps * std::min(s.channels, 4);
    if (work <= kMostWork) return;
    throw Error(Code::kUnsupported, "too many and too long series to convolve in seconds");
  }

  void fit_scale(const std::vector<real>& x) {
    const auto columns = static_cast<Size>(features_.size());
    const double n = static_cast<double>(x.size() / columns);
    std::vector<double> sum(columns), squares(columns);
    for (Size i = 0; i < x.size(); i += columns) {
      for (Size k = 0; k < columns; ++k) {
        const auto v = static_cast<double>(x[i + k]);
        sum[k] += v;
        squares[k] += v * v;
      }
    }
    scale_.assign(columns, 1);
    for (Size k = 0; k < columns; ++k) {
      const double variance = squares[k] / n - sum[k] / n * (sum[k] / n);
      if (variance > 1e-10) scale_[k] = static_cast<real>(1 / std::sqrt(variance));
    }
  }

  void scale(std::vector<real>& x) const {
    for (Size i = 0; i < x.size(); i += scale_.size()) {
      for (Size k = 0; k < scale_.size(); ++k) x[i + k] *= scale_[k];
    }
  }

  RocketFeatures features_;
  std::vector<real> scale_;
  Ridge ridge_;
};

}  // namespace

std::unique_ptr<Baseline> make_minirocket() { return std::make_unique<MiniRocket>(); }

}  // namespace refrain::task

// MiniRocket: convolution features (rocket_features.h), each divided by its deviation on the
// training part, and the ridge classifier.
#include <algorithm>

#include "refrain/task/baselines/feature_ridge.h"
#include "refrain/task/baselines/feature_scale.h"
#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/rocket_features.h"

namespace refrain::task {
namespace {

constexpr double kMostWork = 1e11;  // additions and comparisons: about 10 seconds of one core

void check_cost(const std::vector<Channels>& series) {
  double work = 0;
  for (const auto& s : series) work += 20000.0 * s.steps * std::min(s.channels, 4);
  if (work <= kMostWork) return;
  throw Error(Code::kUnsupported, "too many and too long series to convolve in seconds");
}

class MiniRocket : public Baseline {
 public:
  void fit(const TrainingView& training) override {
    const auto series = channels_of(training.samples, training.threads);
    check_cost(series);
    check_series_count(series);
    classifier_.fit(series, training);
  }

  std::vector<double> predict(const View& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != classifier_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_cost(series);
    return classifier_.predict(series, threads);
  }

  void archive(Archive& file) override { classifier_.archive(file); }

 private:
  FeatureRidge<RocketFeatures, DeviationScale> classifier_;
};

}  // namespace

std::unique_ptr<Baseline> make_minirocket() { return std::make_unique<MiniRocket>(); }

}  // namespace refrain::task

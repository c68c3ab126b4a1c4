// Hydra: counts of competing convolutions (hydra_features.h) and the ridge classifier.
#include "refrain/task/baselines/feature_ridge.h"
#include "refrain/task/baselines/feature_scale.h"
#include "refrain/task/baselines/hydra_features.h"
#include "refrain/task/baselines/list.h"

namespace refrain::task {
namespace {

constexpr double kMostWork = 2e11;  // multiply-adds: about 10 seconds of one core

void check_work(const std::vector<Channels>& series) {
  double work = 0;
  for (const auto& s : series) work += HydraFeatures::work(s);
  if (work <= kMostWork) return;
  throw Error(Code::kUnsupported, "too many and too long series to convolve in seconds");
}

class Hydra : public Baseline {
 public:
  void fit(const TrainingView& training) override {
    const auto series = channels_of(training.samples, training.threads);
    check_work(series);
    check_series_count(series);
    classifier_.fit(series, training);
  }

  std::vector<double> predict(const View& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != classifier_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_work(series);
    return classifier_.predict(series, threads);
  }

  void archive(Archive& file) override { classifier_.archive(file); }

 private:
  FeatureRidge<HydraFeatures, SparseScale> classifier_;
};

}  // namespace

std::unique_ptr<Baseline> make_hydra() { return std::make_unique<Hydra>(); }

}  // namespace refrain::task

// MiniRocket: convolution features (rocket_features.h), each divided by its deviation on the
// training part, and the ridge classifier. minirocket_views is the mean of three such classifiers:
// of the series, of its differences, and of its deviation from the training mean at each step (not
// where lengths differ); measured in doc/recipe.md.
#include <algorithm>
#include <cmath>

#include "refrain/task/baselines/feature_ridge.h"
#include "refrain/task/baselines/feature_scale.h"
#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/rocket_features.h"

namespace refrain::task {
namespace {

using Size = std::size_t;
constexpr double kMostWork = 1e11;  // additions and comparisons: about 10 seconds of one core

using Rocket = FeatureRidge<RocketFeatures, DeviationScale>;  // of one view of the series

void check_cost(const std::vector<Channels>& series) {
  double work = 0;
  for (const auto& s : series) work += 20000.0 * s.steps * std::min(s.channels, 4);
  if (work <= kMostWork) return;
  throw Error(Code::kUnsupported, "too many and too long series to convolve in seconds");
}

// How far a series is from the training mean of each step, in deviations of that step; steps whose
// deviation is a thousandth of the channel's count as that.
class StepScale {
 public:
  void fit(const std::vector<Channels>& series) {
    steps_ = series.front().steps;
    mean_.assign(series.front().values.size(), 0);
    scale_ = mean_;
    const auto n = static_cast<float>(series.size());
    for (const auto& s : series) {
      for (Size i = 0; i < mean_.size(); ++i) mean_[i] += s.values[i] / n;
    }
    for (const auto& s : series) {
      for (Size i = 0; i < mean_.size(); ++i) {
        scale_[i] += (s.values[i] - mean_[i]) * (s.values[i] - mean_[i]) / n;
      }
    }
    double all = 0;
    for (const float v : scale_) all += static_cast<double>(v) / static_cast<double>(scale_.size());
    const auto least = static_cast<float>(1e-3 * std::sqrt(all) + 1e-12);
    for (float& v : scale_) v = 1 / (std::sqrt(v) + least);
  }

  // Steps beyond those of training count as its last one.
  Channels of(const Channels& series) const {
    Channels out = series;
    for (int c = 0; c < out.channels; ++c) {
      for (int t = 0; t < out.steps; ++t) {
        const auto at = static_cast<Size>(c * steps_ + std::min(t, steps_ - 1));
        out[c][t] = (out[c][t] - mean_[at]) * scale_[at];
      }
    }
    return out;
  }

  void archive(Archive& file, int channels) {
    file.number("steps", steps_, 1, 1 << 30);
    file.list("step_mean", mean_);
    file.list("step_scale", scale_);
    file.require(mean_.size() == scale_.size() &&
                 mean_.size() == static_cast<Size>(steps_) * static_cast<Size>(channels));
  }

 private:
  int steps_ = 0;
  std::vector<float> mean_, scale_;  // [C,T]
};

// The mean of the classifiers of up to three views.
class MiniRocket : public Baseline {
 public:
  explicit MiniRocket(bool views) : views_(views) {}

  void fit(const TrainingView& training) override {
    const auto series = channels_of(training.samples, training.threads);
    check_cost(series);
    check_series_count(series);
    raw_.fit(series, training);
    if (!views_) return;
    difference_.fit(every(series, differences), training);
    aligned_ = std::all_of(series.begin(), series.end(),
                           [&](const Channels& s) { return s.steps == series.front().steps; });
    if (!aligned_) return;
    step_scale_.fit(series);
    deviation_.fit(every(series, [this](const auto& s) { return step_scale_.of(s); }), training);
  }

  std::vector<double> predict(const View& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series.front().channels != raw_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    check_cost(series);
    auto p = raw_.predict(series, threads);
    if (!views_) return p;
    add(difference_.predict(every(series, differences), threads), p);
    if (aligned_) {
      const auto scaled = every(series, [this](const auto& s) { return step_scale_.of(s); });
      add(deviation_.predict(scaled, threads), p);
    }
    for (double& v : p) v /= aligned_ ? 3 : 2;
    return p;
  }

  void archive(Archive& file) override {
    raw_.archive(file);
    if (!views_) return;
    int aligned = aligned_ ? 1 : 0;
    file.number("aligned", aligned, 0, 1);
    aligned_ = aligned == 1;
    file.part("difference");
    difference_.archive(file);
    if (aligned_) {
      file.part("deviation");
      deviation_.archive(file);
      step_scale_.archive(file, deviation_.channels());
    }
    file.part("");
    file.require(difference_.channels() == raw_.channels() &&
                 (!aligned_ || deviation_.channels() == raw_.channels()));
  }

 private:
  template <class Change>
  static std::vector<Channels> every(const std::vector<Channels>& series, Change change) {
    std::vector<Channels> out;
    for (const auto& s : series) out.push_back(change(s));
    return out;
  }
  static void add(const std::vector<double>& from, std::vector<double>& to) {
    for (Size i = 0; i < to.size(); ++i) to[i] += from[i];
  }

  bool views_, aligned_ = false;
  Rocket raw_, difference_, deviation_;
  StepScale step_scale_;
};

}  // namespace

std::unique_ptr<Baseline> make_minirocket() { return std::make_unique<MiniRocket>(false); }
std::unique_ptr<Baseline> make_minirocket_views() { return std::make_unique<MiniRocket>(true); }

}  // namespace refrain::task

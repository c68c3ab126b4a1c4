// A forest (forest.h) of each column of numbers on what random intervals of the series look like
// (interval_features.h). The published forests of intervals draw other ones for each tree (Deng et
// al. 2013, Middlehurst et al. 2021); here all trees share them, so that they are computed once.
#include <algorithm>
#include <numeric>

#include "refrain/data/units.h"
#include "refrain/method/forest.h"
#include "refrain/method/interval_features.h"
#include "refrain/method/list.h"
#include "refrain/method/number_scale.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

// Samples that belong together have equal numbers; where all do, each stands alone.
std::vector<int> forest_units(const data::Subset& samples) {
  auto units = data::find_units(samples.dataset, samples.chosen);
  if (units.count < 2) std::iota(units.of.begin(), units.of.end(), 0);
  return units.of;
}

ForestOptions forest_options(Size samples) {
  ForestOptions options;
  options.trees = 100;
  options.least = 1 + static_cast<int>(std::min(samples, Size{4000}) / 1000);
  return options;
}

class IntervalForest : public Method {
 public:
  void fit(const Training& training) override {
    const auto y = scale_.fit(training);
    const auto series = channels_of(training.samples, training.threads);
    features_.fit(series, training.seed);
    const auto x = features_.of(series, training.threads);
    const auto units = forest_units(training.samples);
    const auto width = static_cast<Size>(training.width);
    forests_.assign(width, {});
    for (Size c = 0; c < width; ++c) {
      ForestGoal goal{{}, 1, units, training.seed, training.threads};
      for (Size i = c; i < y.size(); i += width) goal.y.push_back(y[i]);
      forests_[c].fit(x, goal, forest_options(series.size()));
    }
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    constexpr std::ptrdiff_t kBatch = 1024;  // series whose features are in memory at a time
    const auto series = channels_of(view, threads);
    if (series.front().channels != features_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    std::vector<double> out(series.size() * forests_.size());
    Size row = 0;
    for (auto first = series.begin(); first != series.end();) {
      const auto end = first + std::min(kBatch, series.end() - first);
      const auto x = features_.of({first, end}, threads);
      first = end;
      for (Size c = 0; c < forests_.size(); ++c) {
        const auto said = forests_[c].predict(x, threads);
        for (Size i = 0; i < said.size(); ++i) out[(row + i) * forests_.size() + c] = said[i];
      }
      row += static_cast<Size>(x.rows());
    }
    scale_.restore(out);
    return out;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    features_.archive(file);
    if (file.reading()) forests_.assign(static_cast<Size>(scale_.width()), {});
    for (Size c = 0; c < forests_.size(); ++c) {
      file.part("forest" + std::to_string(c));
      forests_[c].archive(file);
      file.require(forests_[c].columns() == features_.columns() && forests_[c].width() == 1);
    }
    file.part("");
  }

  bool is_random() const override { return true; }

 private:
  NumberScale scale_;
  IntervalFeatures features_;
  std::vector<Forest> forests_;  // one a column
};

}  // namespace

std::unique_ptr<Method> make_interval_forest() { return std::make_unique<IntervalForest>(); }

}  // namespace refrain::method

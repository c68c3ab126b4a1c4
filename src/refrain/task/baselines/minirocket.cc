// MiniRocket: convolution features (rocket_features.h), each divided by its deviation on the
// training part, and the ridge classifier.
#include "refrain/task/baselines/feature_ridge.h"
#include "refrain/task/baselines/feature_scale.h"
#include "refrain/task/baselines/list.h"
#include "refrain/task/baselines/rocket_features.h"

namespace refrain::task {

std::unique_ptr<Baseline> make_minirocket() {
  return std::make_unique<FeatureMethod<RocketFeatures, DeviationScale>>();
}

}  // namespace refrain::task

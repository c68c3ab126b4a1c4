// MiniRocket: convolution features (rocket_features.h), each divided by its deviation on the
// training part, and the ridge classifier.
#include "refrain/method/feature_ridge.h"
#include "refrain/method/feature_scale.h"
#include "refrain/method/list.h"
#include "refrain/method/rocket_features.h"

namespace refrain::method {

std::unique_ptr<Method> make_minirocket() {
  return std::make_unique<FeatureMethod<RocketFeatures, DeviationScale>>();
}

}  // namespace refrain::method

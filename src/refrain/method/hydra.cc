// Hydra: counts of competing convolutions (hydra_features.h) and the ridge classifier.
#include "refrain/method/feature_ridge.h"
#include "refrain/method/feature_scale.h"
#include "refrain/method/hydra_features.h"
#include "refrain/method/list.h"

namespace refrain::method {

std::unique_ptr<Method> make_hydra() {
  return std::make_unique<FeatureMethod<HydraFeatures, SparseScale>>();
}

}  // namespace refrain::method

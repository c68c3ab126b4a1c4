// Hydra: counts of competing convolutions (hydra_features.h) and the ridge classifier.
#include "refrain/task/baselines/feature_ridge.h"
#include "refrain/task/baselines/feature_scale.h"
#include "refrain/task/baselines/hydra_features.h"
#include "refrain/task/baselines/list.h"

namespace refrain::task {

std::unique_ptr<Baseline> make_hydra() {
  return std::make_unique<FeatureMethod<HydraFeatures, SparseScale>>();
}

}  // namespace refrain::task

// One function a method of explanation.
#pragma once

#include "refrain/explain/method.h"

namespace refrain::explain {

Attribution occlusion(const Case& of);
Attribution phrases(const Case& of);
Attribution rescaled(const Case& of);
Attribution shapley(const Case& of);
Attribution saliency(const Case& of);
Attribution input_gradient(const Case& of);
Attribution integrated_gradients(const Case& of);
Attribution smooth_gradient(const Case& of);
Attribution attention(const Case& of);

}  // namespace refrain::explain

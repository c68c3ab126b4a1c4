// The hooks of a source's training from those of a job; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/hooks.h"
#include "refrain/train/trainer.h"

namespace refrain::api {

// `score`: the name of the exponential of the validation loss; "" = the loss alone is told. `hooks`
// must outlive the result.
train::Hooks pretrain_hooks(const Hooks& hooks, const std::string& score);

}  // namespace refrain::api

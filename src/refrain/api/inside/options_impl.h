// The private members of Options; for the sources of this layer only.
#pragma once

#include "refrain/api/options.h"
#include "refrain/task/spec.h"

namespace refrain::api {

struct Options::Impl {
  task::Spec spec;
};

}  // namespace refrain::api

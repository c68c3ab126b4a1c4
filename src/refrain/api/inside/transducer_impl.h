// What a Transducer holds; for the sources of this layer only.
#pragma once

#include "refrain/api/transducer.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

struct Transducer::Impl {
  transduce::Transducer model;
};

}  // namespace refrain::api

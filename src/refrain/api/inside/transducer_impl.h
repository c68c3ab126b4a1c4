// What a Transducer holds; for the sources of this layer only.
#pragma once

#include "refrain/api/transducer.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

struct Transducer::Impl {
  transduce::Transducer model;
};

// Length of an encoder's step: seconds of a recording, steps of a series.
double step_length(const transduce::Transducer& t);
bool writes_in_seconds(const transduce::Transducer& t);

}  // namespace refrain::api

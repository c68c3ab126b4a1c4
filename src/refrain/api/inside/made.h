// What a model is made of, in words; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/forecast/forecaster.h"
#include "refrain/task/model.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

// "one gru network of 64 units", "4 gru networks of 48 units, minirocket and hydra, averaged".
std::string made_of(const task::Model& model);
std::string made_of(const forecast::Forecaster& model);
// "3 gru networks of 128 units with attention, averaged".
std::string made_of(const transduce::Transducer& model);

}  // namespace refrain::api

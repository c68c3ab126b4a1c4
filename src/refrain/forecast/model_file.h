// A forecaster as one safetensors file: the tensors of its networks, a JSON head of kind
// "forecaster" with plan, windows, weights, quantiles and a receipt, and a self-test.
#pragma once

#include <string>
#include <string_view>

#include "refrain/forecast/forecaster.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::forecast {

// True if the bytes of a safetensors file are one of these, sound or not.
bool is_forecaster(const tensor::TensorFile& file);
std::string forecaster_bytes(const Forecaster& forecaster);
// Throws data, naming the path, where the bytes are no forecaster, or damaged.
Forecaster forecaster_from(std::string_view bytes, const std::string& path);

}  // namespace refrain::forecast

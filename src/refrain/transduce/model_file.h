// A transducer as one safetensors file: options, symbols, weights, a self-test.
#pragma once

#include <string>
#include <string_view>

#include "refrain/tensor/safetensors.h"
#include "refrain/transduce/transducer.h"

namespace refrain::transduce {

std::string transducer_bytes(const Transducer& t);
bool is_transducer(const tensor::TensorFile& file);
// Throws data, naming `path`, where it is damaged, of another kind, or fails its self-test.
Transducer transducer_from(std::string_view bytes, const std::string& path);

}  // namespace refrain::transduce

// The head of a safetensors file, read without its numbers: to look at many files, or at large
// ones, in little time. Files of other programs are read as well. Hostile ones end in Error(data).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace refrain::tensor {

struct SafetensorsHead {
  std::map<std::string, std::string> metadata;
  std::uint64_t numbers = 0;  // of all tensors
};

// True if a file begins as safetensors files do; nine bytes are enough.
bool begins_as_safetensors(std::string_view first);

// Throws io, and data where it is no such file, damaged, cut off, or its head has more than 32 MB.
SafetensorsHead read_safetensors_head(const std::string& path);

}  // namespace refrain::tensor

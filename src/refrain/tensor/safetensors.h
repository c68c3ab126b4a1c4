// The safetensors file format: 8 bytes of header length (little endian), a JSON header with each
// tensor's type, shape and place, and free text under "__metadata__", then the numbers. Models and
// checkpoints are such files; the `safetensors` Python package reads them. A file holds no code,
// and a hostile or damaged one ends in Error(data).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/real.h"

namespace refrain::tensor {

struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<real> values;
};

struct TensorFile {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;

  const NamedTensor* find(const std::string& name) const;
};

// The file's bytes; numbers as F32 (F64 where real is double). A CRC-32 of the numbers and of the
// metadata is added to the metadata.
std::string to_safetensors(const TensorFile& file);

// Reads F32 and F64. `path` is for messages. Throws data where the bytes are not such a file, are
// cut off, or were changed since they were written (CRC-32, where the file has one).
TensorFile from_safetensors(std::string_view bytes, const std::string& path);

// Reads weights that another program wrote: also F16 and BF16; tensors of integers (such as stored
// positions) are left out.
TensorFile foreign_from_safetensors(std::string_view bytes, const std::string& path);

}  // namespace refrain::tensor

// Feeds the safetensors reader any bytes: it may refuse them with refrain::Error and must do
// nothing worse; what it accepts must survive being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/error.h"
#include "refrain/tensor/safetensors.h"

namespace {

using refrain::tensor::TensorFile;

// A tensor has as many values as its shape says.
void check(const TensorFile& file) {
  for (const auto& t : file.tensors) {
    std::size_t count = 1;
    for (const auto size : t.shape) count *= static_cast<std::size_t>(size);
    if (count != t.values.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  TensorFile file;
  try {
    file = refrain::tensor::from_safetensors(bytes, "fuzz");
  } catch (const refrain::Error&) {
    return 0;
  }
  check(file);
  const TensorFile again =
      refrain::tensor::from_safetensors(refrain::tensor::to_safetensors(file), "fuzz");
  if (again.tensors.size() != file.tensors.size()) std::abort();
  return 0;
}

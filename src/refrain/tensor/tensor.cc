#include "refrain/tensor/tensor.h"

#include "refrain/base/error.h"

namespace refrain::tensor {

Shape::Shape(std::initializer_list<int> sizes) : rank_(static_cast<int>(sizes.size())) {
  if (sizes.size() > sizes_.size()) throw Error(Code::kShape, "a shape has at most four sizes");
  std::size_t i = 0;
  for (const int size : sizes) {
    if (size < 0) throw Error(Code::kShape, "a size is negative");
    sizes_[i++] = size;
  }
}

std::size_t Shape::count() const {
  std::size_t n = 1;
  for (int i = 0; i < rank_; ++i) n *= static_cast<std::size_t>((*this)[i]);
  return n;
}

std::string Shape::text() const {
  std::string out = "[";
  for (int i = 0; i < rank_; ++i) {
    if (i > 0) out += ',';
    out += std::to_string((*this)[i]);
  }
  out += ']';
  return out;
}

}  // namespace refrain::tensor

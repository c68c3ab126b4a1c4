// Memory of one training step: allocation is a bump of a pointer, freeing is reset() of the whole.
// After the first step of a size the arena holds one block large enough, so that a steady step
// allocates nothing from the system. Results are aligned to 64 bytes. Not for use by two threads.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "refrain/tensor/tensor.h"

namespace refrain::tensor {

class Arena {
 public:
  // Uninitialised bytes, aligned to 64.
  void* bytes(std::size_t count);

  template <class T>
  T* array(std::size_t count) {
    return static_cast<T*>(bytes(count * sizeof(T)));
  }
  Tensor tensor(const Shape& shape) { return {shape, array<real>(shape.count())}; }
  Tensor zeros(const Shape& shape);

  // Forgets everything allocated; the memory is kept for the next step.
  void reset();

  std::size_t capacity() const;

 private:
  struct Free {
    std::size_t size = 0;
    void operator()(std::byte* p) const;
  };
  struct Block {
    std::unique_ptr<std::byte, Free> bytes;
    std::size_t size = 0;
  };
  void add_block(std::size_t size);

  std::vector<Block> blocks_;  // the last one is being filled
  std::size_t used_ = 0;       // bytes of the last block
  std::size_t full_ = 0;       // bytes used of the others
};

}  // namespace refrain::tensor

#include "refrain/tensor/arena.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace refrain::tensor {
namespace {

constexpr std::size_t kAlign = 64;
constexpr std::size_t kFirstBlock = std::size_t{1} << 20;

}  // namespace

void Arena::Free::operator()(std::byte* p) const {
  ::operator delete (p, std::align_val_t{kAlign});
}

void Arena::add_block(std::size_t size) {
  auto* p = static_cast<std::byte*>(::operator new (size, std::align_val_t{kAlign}));
  blocks_.push_back({std::unique_ptr<std::byte, Free>(p), size});
  used_ = 0;
}

void* Arena::bytes(std::size_t count) {
  count = (count + kAlign - 1) / kAlign * kAlign;
  if (blocks_.empty() || used_ + count > blocks_.back().size) {
    add_block(std::max({count, kFirstBlock, capacity()}));  // doubles the whole
  }
  void* p = blocks_.back().bytes.get() + used_;
  used_ += count;
  return p;
}

Tensor Arena::zeros(const Shape& shape) {
  Tensor t = tensor(shape);
  std::memset(t.data, 0, t.count() * sizeof(real));
  return t;
}

void Arena::reset() {
  if (blocks_.size() > 1) {  // join them, so that the next step finds one block
    const std::size_t total = capacity();
    blocks_.clear();
    add_block(total);
  }
  used_ = 0;
}

std::size_t Arena::capacity() const {
  std::size_t total = 0;
  for (const auto& block : blocks_) total += block.size;
  return total;
}

}  // namespace refrain::tensor

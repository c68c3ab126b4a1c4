#include "refrain/tensor/arena.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstring>
#include <new>

namespace refrain::tensor {
namespace {

constexpr std::size_t kAlign = 64;
constexpr std::size_t kFirstBlock = std::size_t{1} << 20;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Blocks of several huge pages ask for them: a step that walks through hundreds of megabytes waits
// for the translation of addresses otherwise.
std::align_val_t alignment(std::size_t size) {
  return std::align_val_t{size >= 4 * kHugePage ? kHugePage : kAlign};
}

void ask_for_huge_pages([[maybe_unused]] std::byte* p, [[maybe_unused]] std::size_t size) {
#ifdef __linux__
  if (size >= 4 * kHugePage) madvise(p, size / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
}

}  // namespace

void Arena::Free::operator()(std::byte* p) const { ::operator delete(p, alignment(size)); }

void Arena::add_block(std::size_t size) {
  auto* p = static_cast<std::byte*>(::operator new(size, alignment(size)));
  ask_for_huge_pages(p, size);
  blocks_.push_back({std::unique_ptr<std::byte, Free>(p, Free{size}), size});
  used_ = 0;
}

void* Arena::bytes(std::size_t count) {
  count = (count + kAlign - 1) / kAlign * kAlign;
  if (blocks_.empty() || used_ + count > blocks_.back().size) {
    full_ += used_;
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
    const std::size_t total = full_ + used_;
    blocks_.clear();
    add_block(total);
  }
  full_ = used_ = 0;
}

std::size_t Arena::capacity() const {
  std::size_t total = 0;
  for (const auto& block : blocks_) total += block.size;
  return total;
}

}  // namespace refrain::tensor

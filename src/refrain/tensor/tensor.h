// A block of reals with a shape: row-major, contiguous, at most four sizes. A Tensor is a view and
// costs nothing to copy; the block belongs to an Arena (a training step), a Storage (parameters) or
// the caller. No strides, no types, no laziness.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "refrain/base/real.h"

namespace refrain::tensor {

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int> sizes);

  int rank() const { return rank_; }
  int operator[](int i) const { return sizes_[static_cast<std::size_t>(i)]; }
  std::size_t count() const;  // product of the sizes; 1 for rank 0
  bool operator==(const Shape&) const = default;
  std::string text() const;  // "[32,100,8]"

 private:
  std::array<int, 4> sizes_{};
  int rank_ = 0;
};

struct Tensor {
  Shape shape;
  real* data = nullptr;

  std::size_t count() const { return shape.count(); }
  // The first size, and the product of all others: every sequence tensor is a matrix [rows,
  // columns].
  int rows() const { return shape.rank() == 0 ? 1 : shape[0]; }
  int columns() const {
    return rows() == 0 ? 0 : static_cast<int>(count() / static_cast<std::size_t>(rows()));
  }
  real* row(int r) const {
    return data + static_cast<std::size_t>(r) * static_cast<std::size_t>(columns());
  }
  std::span<real> span() const { return {data, count()}; }
};

}  // namespace refrain::tensor

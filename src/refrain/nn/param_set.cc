#include "refrain/nn/param_set.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::nn {
namespace {

using tensor::Tensor;

// Modified Gram-Schmidt on the rows of a [rows,columns] block inside a wider matrix. Rows beyond
// the number of columns start a new orthonormal set.
void orthogonal_block(const Tensor& t, int from, int columns, base::Rng& rng) {
  const auto dot = [&](const real* a, const real* b) {
    double sum = 0;
    for (int c = 0; c < columns; ++c) sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
    return sum;
  };
  for (int r = 0; r < t.rows(); ++r) {
    real* row = t.row(r) + from;
    for (int c = 0; c < columns; ++c) row[c] = static_cast<real>(rng.normal());
    for (int pass = 0; pass < 2; ++pass) {  // twice: numerically orthogonal
      for (int q = r - r % columns; q < r; ++q) {
        const real* other = t.row(q) + from;
        const real share = static_cast<real>(dot(row, other));
        for (int c = 0; c < columns; ++c) row[c] -= share * other[c];
      }
    }
    const real norm = static_cast<real>(1 / std::sqrt(std::max(dot(row, row), 1e-30)));
    for (int c = 0; c < columns; ++c) row[c] *= norm;
  }
}

void start_values(const Param& p, const Tensor& t, base::Rng rng) {
  const int columns = t.columns() / p.blocks;
  std::fill_n(t.data, t.count(), p.start == Start::kOne ? real{1} : real{0});
  if (p.start == Start::kGlorot) {
    const double limit = std::sqrt(6.0 / (t.rows() + columns));
    for (real& x : t.span()) x = static_cast<real>(rng.uniform(-limit, limit));
  } else if (p.start == Start::kOrthogonal) {
    for (int b = 0; b < p.blocks; ++b) orthogonal_block(t, b * columns, columns, rng);
  } else if (p.start == Start::kForgetOne) {
    const auto block = t.count() / static_cast<std::size_t>(p.blocks);
    std::fill_n(t.data + block, block, real{1});
  } else if (p.start == Start::kSmallNormal) {
    const auto first = static_cast<std::size_t>(t.columns());
    for (std::size_t i = first; i < t.count(); ++i) {
      t.data[i] = static_cast<real>(0.1 * rng.normal());
    }
  }
}

}  // namespace

int ParamSet::add(Param param) {
  for (const auto& other : params_) {
    if (other.name == param.name) throw Error(Code::kInternal, "two parameters " + param.name);
  }
  constexpr std::size_t kAlign = 16;  // elements: every parameter starts at a full vector
  param.offset = count_;
  count_ += (param.shape.count() + kAlign - 1) / kAlign * kAlign;
  params_.push_back(std::move(param));
  return static_cast<int>(params_.size()) - 1;
}

void ParamSet::initialise(const base::Rng& rng) {
  values_.assign(count_, real{0});
  for (std::size_t i = 0; i < params_.size(); ++i) {
    start_values(params_[i], value(static_cast<int>(i)), rng.fork(params_[i].name));
  }
}

std::size_t ParamSet::parameter_count() const {
  std::size_t total = 0;
  for (const auto& p : params_) total += p.shape.count();
  return total;
}

std::size_t ParamSet::room(std::size_t index) const {
  const bool last = index + 1 == params_.size();
  return (last ? count_ : params_[index + 1].offset) - params_[index].offset;
}

Tensor ParamSet::value(int index) const {
  return in_block(index, const_cast<real*>(values_.data()));
}

Tensor ParamSet::in_block(int index, real* block) const {
  const Param& p = params_[static_cast<std::size_t>(index)];
  return {p.shape, block + p.offset};
}

}  // namespace refrain::nn

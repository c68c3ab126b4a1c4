#include "refrain/method/ridge_rows.h"

#include <algorithm>
#include <utility>

#include "refrain/base/threads.h"
#include "refrain/method/gram.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

// Sums of w [D,C] at each column of a row.
void add_products(const SparseRows& x, Size row, const std::vector<double>& w, Size C,
                  double* out) {
  for (Size k = x.begin[row]; k < x.begin[row + 1]; ++k) {
    const double* from = &w[static_cast<Size>(x.column[k]) * C];
    for (Size c = 0; c < C; ++c) out[c] += x.value[k] * from[c];
  }
}

std::vector<double> in_double(const std::vector<real>& x) { return {x.begin(), x.end()}; }

}  // namespace

DenseRidgeRows::DenseRidgeRows(std::vector<real> x, int columns, int threads)
    : x_(std::move(x)), threads_(threads) {
  const auto D = static_cast<Size>(columns);
  rows_ = static_cast<int>(x_.size() / D);
  mean_.assign(D, 0);
  for (Size i = 0; i < x_.size(); i += D) {
    for (Size k = 0; k < D; ++k) mean_[k] += static_cast<double>(x_[i + k]);
  }
  for (double& m : mean_) m /= rows_;
  for (Size i = 0; i < x_.size(); i += D) {
    for (Size k = 0; k < D; ++k) x_[i + k] -= static_cast<real>(mean_[k]);
  }
}

std::vector<double> DenseRidgeRows::inner_products(const std::vector<int>& places) const {
  std::vector<real> some;
  some.reserve(places.size() * mean_.size());
  for (const int place : places) {
    const auto row = x_.begin() + static_cast<std::ptrdiff_t>(place) * columns();
    some.insert(some.end(), row, row + columns());
  }
  return method::inner_products({some.data(), static_cast<int>(places.size()), columns()},
                                threads_);
}

std::vector<double> DenseRidgeRows::times(const std::vector<double>& w, int C) const {
  return in_double(method::times({x_.data(), rows_, columns()}, {w.begin(), w.end()}, C, threads_));
}

std::vector<double> DenseRidgeRows::transposed_times(const std::vector<double>& r, int C) const {
  return in_double(
      method::transposed_times({x_.data(), rows_, columns()}, {r.begin(), r.end()}, C, threads_));
}

SparseRidgeRows::SparseRidgeRows(SparseRows x, int threads) : x_(std::move(x)), threads_(threads) {
  rows_ = x_.size();
  mean_.assign(static_cast<Size>(x_.columns), 0);
  for (Size k = 0; k < x_.value.size(); ++k) {
    mean_[static_cast<Size>(x_.column[k])] += x_.value[k] / rows_;
  }
}

// Returns the inner products of the rows as they are, without centring.
std::vector<double> SparseRidgeRows::inner_products(const std::vector<int>& places) const {
  constexpr int kStrip = 32;  // rows that share a dense one
  const int m = static_cast<int>(places.size());
  const auto n = static_cast<Size>(m);
  std::vector<double> out(n * n);
  base::parallel_for((m + kStrip - 1) / kStrip, threads_, [&](int strip) {
    std::vector<double> dense(mean_.size());
    for (int i = strip * kStrip; i < std::min(m, (strip + 1) * kStrip); ++i) {
      const auto row = static_cast<Size>(places[static_cast<Size>(i)]);
      for (Size k = x_.begin[row]; k < x_.begin[row + 1]; ++k)
        dense[static_cast<Size>(x_.column[k])] = x_.value[k];
      for (Size j = 0; j < n; ++j) {
        add_products(x_, static_cast<Size>(places[j]), dense, 1,
                     &out[static_cast<Size>(i) * n + j]);
      }
      for (Size k = x_.begin[row]; k < x_.begin[row + 1]; ++k)
        dense[static_cast<Size>(x_.column[k])] = 0;
    }
  });
  return out;
}

std::vector<double> SparseRidgeRows::times(const std::vector<double>& w, int C) const {
  const auto count = static_cast<Size>(C);
  std::vector<double> off(count), out(static_cast<Size>(rows_) * count);
  for (Size i = 0; i < w.size(); ++i) off[i % count] -= mean_[i / count] * w[i];
  base::parallel_for(rows_, threads_, [&](int i) {
    double* row = &out[static_cast<Size>(i) * count];
    std::copy(off.begin(), off.end(), row);
    add_products(x_, static_cast<Size>(i), w, count, row);
  });
  return out;
}

std::vector<double> SparseRidgeRows::transposed_times(const std::vector<double>& r, int C) const {
  const auto count = static_cast<Size>(C);
  std::vector<double> sum(count), out(mean_.size() * count);
  for (Size i = 0; i < r.size(); ++i) sum[i % count] += r[i];
  for (Size i = 0; i < out.size(); ++i) out[i] = -mean_[i / count] * sum[i % count];
  for (Size i = 0; i + 1 < x_.begin.size(); ++i) {
    for (Size k = x_.begin[i]; k < x_.begin[i + 1]; ++k) {
      double* to = &out[static_cast<Size>(x_.column[k]) * count];
      for (Size c = 0; c < count; ++c) to[c] += x_.value[k] * r[i * count + c];
    }
  }
  return out;
}

}  // namespace refrain::method

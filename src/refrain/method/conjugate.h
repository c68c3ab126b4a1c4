// Conjugate gradients (Hestenes and Stiefel 1952) on (x^T x + alpha I) w = x^T y, each of the C
// columns of w with a penalty and step sizes of its own.
#pragma once

#include <cstddef>
#include <vector>

namespace refrain::method {

struct ConjugateLimits {
  int steps;
  double small;  // of the residual beside the right-hand side
};

// Rows has times(w, C) = x w [n,C] and transposed_times(r, C) = x^T r [D,C] of vectors of T.
template <class T, class Rows>
class Conjugate {
 public:
  // alpha [C]; `rows` must outlive it.
  Conjugate(const Rows& rows, std::vector<double> alpha, const ConjugateLimits& limits)
      : rows_(rows), alpha_(std::move(alpha)), limits_(limits) {}

  // w [D,C] for y [n,C].
  std::vector<T> run(const std::vector<T>& y) const {
    const int C = static_cast<int>(alpha_.size());
    auto residual = rows_.transposed_times(y, C);
    auto direction = residual;
    std::vector<T> w(residual.size());
    auto squares = column_products(residual, residual);
    const auto start = squares;
    for (int step = 0; step < limits_.steps && !done(squares, start); ++step) {
      auto image = rows_.transposed_times(rows_.times(direction, C), C);
      add_columns(alpha_, direction, image);
      const auto rate = ratios(squares, column_products(direction, image));
      add_columns(rate, direction, w);
      add_columns(negative(rate), image, residual);
      const auto before = squares;
      squares = column_products(residual, residual);
      const auto keep = ratios(squares, before);
      for (std::size_t i = 0; i < direction.size(); ++i) {
        direction[i] = residual[i] + static_cast<T>(keep[i % keep.size()]) * direction[i];
      }
    }
    return w;
  }

 private:
  using Columns = std::vector<double>;  // [C]

  bool done(const Columns& squares, const Columns& start) const {
    for (std::size_t c = 0; c < squares.size(); ++c) {
      if (squares[c] > limits_.small * limits_.small * start[c]) return false;
    }
    return true;
  }
  static Columns ratios(Columns a, const Columns& b) {
    for (std::size_t c = 0; c < a.size(); ++c) a[c] = b[c] > 0 ? a[c] / b[c] : 0;
    return a;
  }
  static Columns negative(Columns a) {
    for (double& v : a) v = -v;
    return a;
  }
  static void add_columns(const Columns& factor, const std::vector<T>& from, std::vector<T>& to) {
    const std::size_t C = factor.size();
    for (std::size_t i = 0; i < to.size(); i += C) {
      for (std::size_t c = 0; c < C; ++c) to[i + c] += static_cast<T>(factor[c]) * from[i + c];
    }
  }
  Columns column_products(const std::vector<T>& a, const std::vector<T>& b) const {
    Columns sum(alpha_.size());
    for (std::size_t i = 0; i < a.size(); i += sum.size()) {
      for (std::size_t c = 0; c < sum.size(); ++c) {
        sum[c] += static_cast<double>(a[i + c]) * static_cast<double>(b[i + c]);
      }
    }
    return sum;
  }

  const Rows& rows_;
  Columns alpha_;
  ConjugateLimits limits_;
};

}  // namespace refrain::method

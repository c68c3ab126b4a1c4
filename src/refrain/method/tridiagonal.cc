#include "refrain/method/tridiagonal.h"

#include <cmath>
#include <cstddef>
#include <utility>

namespace refrain::method {
namespace {

using Size = std::size_t;

void add_scaled(double factor, const double* x, Size n, double* y) {
  for (Size i = 0; i < n; ++i) y[i] += factor * x[i];
}

double dot(const double* x, const double* y, Size n) {
  double part[4] = {};
  Size i = 0;
  for (; i + 4 <= n; i += 4) {
    for (Size k = 0; k < 4; ++k) part[k] += x[i + k] * y[i + k];
  }
  for (; i < n; ++i) part[0] += x[i] * y[i];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

// Turns x [m] into v with (I - scale v v^T) x = (beside, 0, ..., 0).
struct Reflection {
  double scale = 0, beside = 0;
};
Reflection reflect(double* x, Size m) {
  const double norm = std::sqrt(dot(x, x, m));
  if (norm == 0) return {};
  const double beside = x[0] > 0 ? -norm : norm;
  x[0] -= beside;
  return {2 / dot(x, x, m), beside};
}

// The trailing m x m part of a (first element `a`, rows `stride` apart) becomes H a H with
// H = I - scale v v^T, by a rank-2 update. w is scratch.
struct Trailing {
  double* a;
  Size stride, m;
};
void apply_both_sides(const Trailing& t, const double* v, double scale, double* w) {
  for (Size i = 0; i < t.m; ++i) w[i] = 0;
  for (Size i = 0; i < t.m; ++i) add_scaled(scale * v[i], t.a + i * t.stride, t.m, w);
  const double half = 0.5 * scale * dot(w, v, t.m);
  add_scaled(-half, v, t.m, w);
  for (Size i = 0; i < t.m; ++i) {
    double* row = t.a + i * t.stride;
    const double vi = v[i], wi = w[i];
    for (Size j = 0; j < t.m; ++j) row[j] -= vi * w[j] + wi * v[j];
  }
}

// Q = H_0 H_1 ..., whose vectors lie in the rows of `a` right of the diagonal, transposed.
std::vector<double> transposed_q(const std::vector<double>& a, const std::vector<double>& scale,
                                 Size n) {
  std::vector<double> q(n * n), sums(n);
  for (Size i = 0; i < n; ++i) q[i * n + i] = 1;
  for (Size k = scale.size(); k-- > 0;) {
    if (scale[k] == 0) continue;
    const Size first = k + 1, m = n - first;
    const double* v = a.data() + k * n + first;
    for (Size j = 0; j < m; ++j) sums[j] = 0;
    for (Size i = 0; i < m; ++i) add_scaled(v[i], &q[(first + i) * n + first], m, sums.data());
    for (Size i = 0; i < m; ++i) {
      add_scaled(-scale[k] * v[i], sums.data(), m, &q[(first + i) * n + first]);
    }
  }
  for (Size i = 0; i < n; ++i) {
    for (Size j = 0; j < i; ++j) std::swap(q[i * n + j], q[j * n + i]);
  }
  return q;
}

}  // namespace

Tridiagonal tridiagonalise(std::vector<double> a, int order) {
  const auto n = static_cast<Size>(order);
  Tridiagonal out;
  out.n = order;
  std::vector<double> scale(n > 2 ? n - 2 : 0), w(n);
  for (Size k = 0; k + 2 < n; ++k) {
    double* v = a.data() + k * n + k + 1;
    const Size m = n - k - 1;
    const auto reflection = reflect(v, m);
    scale[k] = reflection.scale;
    out.beside.push_back(reflection.beside);
    if (reflection.scale == 0) continue;
    apply_both_sides({a.data() + (k + 1) * n + k + 1, n, m}, v, reflection.scale, w.data());
  }
  if (n >= 2) out.beside.push_back(a[(n - 2) * n + n - 1]);
  for (Size i = 0; i < n; ++i) out.diagonal.push_back(a[i * n + i]);
  out.q_transposed = transposed_q(a, scale, n);
  return out;
}

Tridiagonal::Factors Tridiagonal::factorise(double shift) const {
  Factors f;
  for (Size i = 0; i < diagonal.size(); ++i) {
    double pivot = diagonal[i] + shift;
    if (i > 0) {
      f.below.push_back(beside[i - 1] / f.pivot[i - 1]);
      pivot -= f.below[i - 1] * beside[i - 1];
    }
    // Rounding can make the smallest pivots vanish; the shift bounds them from below.
    f.pivot.push_back(pivot > 0.5 * shift ? pivot : 0.5 * shift);
  }
  return f;
}

std::vector<double> Tridiagonal::solve(double shift, const std::vector<double>& y,
                                       int columns) const {
  const auto f = factorise(shift);
  const auto count = static_cast<Size>(columns), rows = static_cast<Size>(n);
  std::vector<double> z(rows * count), out(rows * count);
  for (Size j = 0; j < rows; ++j) {
    const double* q = q_transposed.data() + j * rows;
    for (Size i = 0; i < rows; ++i) add_scaled(q[i], &y[i * count], count, &z[j * count]);
    if (j > 0) add_scaled(-f.below[j - 1], &z[(j - 1) * count], count, &z[j * count]);
  }
  for (Size j = rows; j-- > 0;) {
    for (Size c = 0; c < count; ++c) z[j * count + c] /= f.pivot[j];
    if (j + 1 < rows) add_scaled(-f.below[j], &z[(j + 1) * count], count, &z[j * count]);
    const double* q = q_transposed.data() + j * rows;
    for (Size i = 0; i < rows; ++i) add_scaled(q[i], &z[j * count], count, &out[i * count]);
  }
  return out;
}

std::vector<double> Tridiagonal::inverse_diagonal(double shift) const {
  const auto f = factorise(shift);
  const auto rows = static_cast<Size>(n);
  std::vector<double> last(rows), out(rows);  // row j of L^-1 Q^T; the sum of its squares over D
  for (Size j = 0; j < rows; ++j) {
    const double* q = q_transposed.data() + j * rows;
    const double below = j > 0 ? f.below[j - 1] : 0, weight = 1 / f.pivot[j];
    for (Size i = 0; i < rows; ++i) {
      last[i] = q[i] - below * last[i];
      out[i] += weight * last[i] * last[i];
    }
  }
  return out;
}

std::vector<std::vector<double>> Tridiagonal::inverse_blocks(
    double shift, const std::vector<std::vector<int>>& groups) const {
  const auto f = factorise(shift);
  const auto rows = static_cast<Size>(n);
  std::vector<double> last(rows);  // as above
  std::vector<std::vector<double>> out;
  for (const auto& group : groups) out.emplace_back(group.size() * group.size());
  for (Size j = 0; j < rows; ++j) {
    const double* q = q_transposed.data() + j * rows;
    const double below = j > 0 ? f.below[j - 1] : 0, weight = 1 / f.pivot[j];
    for (Size i = 0; i < rows; ++i) last[i] = q[i] - below * last[i];
    for (Size g = 0; g < groups.size(); ++g) {
      double* block = out[g].data();
      for (const int a : groups[g]) {
        const double factor = weight * last[static_cast<Size>(a)];
        for (const int b : groups[g]) *block++ += factor * last[static_cast<Size>(b)];
      }
    }
  }
  return out;
}

}  // namespace refrain::method

#include "refrain/method/left_out.h"

#include <cstddef>
#include <numeric>
#include <utility>

namespace refrain::method {
namespace {

using Size = std::size_t;

// H g H with H = I - 1/n: inner products of centred rows.
void centre_both_sides(std::vector<double>& g, Size n) {
  std::vector<double> mean(n);
  double total = 0;
  for (Size i = 0; i < n; ++i) {
    mean[i] = std::accumulate(&g[i * n], &g[i * n] + n, 0.0) / static_cast<double>(n);
    total += mean[i] / static_cast<double>(n);
  }
  for (Size i = 0; i < n; ++i) {
    for (Size j = 0; j < n; ++j) g[i * n + j] += total - mean[i] - mean[j];
  }
  for (Size i = 0; i < n; ++i) {  // exactly symmetric
    for (Size j = 0; j < i; ++j) g[i * n + j] = g[j * n + i];
  }
}

// Solves a x = b for the C columns of b [m,C] in place, a [m,m] positive definite; false where it
// is not.
bool solve_small(std::vector<double>& a, std::vector<double>& b, Size m) {
  const Size C = b.size() / m;
  for (Size k = 0; k < m; ++k) {
    const double pivot = a[k * m + k];
    if (!(pivot > 0)) return false;
    for (Size i = k + 1; i < m; ++i) {
      const double factor = a[i * m + k] / pivot;
      for (Size j = k; j < m; ++j) a[i * m + j] -= factor * a[k * m + j];
      for (Size c = 0; c < C; ++c) b[i * C + c] -= factor * b[k * C + c];
    }
  }
  for (Size k = m; k-- > 0;) {
    for (Size c = 0; c < C; ++c) {
      for (Size j = k + 1; j < m; ++j) b[k * C + c] -= a[k * m + j] * b[j * C + c];
      b[k * C + c] /= a[k * m + k];
    }
  }
  return true;
}

// Where a whole family is left out, the block of (G + alpha I)^-1 takes the place of its diagonal
// below.
std::vector<double> errors_of_families(const Tridiagonal& form, double alpha,
                                       const std::vector<double>& y, const Families& families) {
  const auto n = static_cast<Size>(form.n), count = y.size() / n;
  const auto all = form.solve(alpha, y, static_cast<int>(count));
  std::vector<std::vector<int>> groups;
  for (const auto& family : families) groups.push_back(family.rows);
  auto blocks = form.inverse_blocks(alpha, groups);
  std::vector<double> errors;
  for (Size f = 0; f < families.size(); ++f) {
    std::vector<double> own;
    for (const int row : groups[f]) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(static_cast<Size>(row) * count);
      own.insert(own.end(), from, from + static_cast<std::ptrdiff_t>(count));
    }
    for (double& v : blocks[f]) v -= 1 / (static_cast<double>(n) * alpha);
    if (!solve_small(blocks[f], own, groups[f].size())) return {};
    const auto judged = static_cast<Size>(families[f].judges) * count;
    errors.insert(errors.end(), own.begin(), own.begin() + static_cast<std::ptrdiff_t>(judged));
  }
  return errors;
}

// c_i / (G + alpha I)^-1_ii where the free offset takes 1 / (n alpha) off the diagonal.
std::vector<double> errors_of_rows(const Tridiagonal& form, double alpha,
                                   const std::vector<double>& y) {
  const auto n = static_cast<Size>(form.n), count = y.size() / n;
  auto errors = form.solve(alpha, y, static_cast<int>(count));
  const auto inverse = form.inverse_diagonal(alpha);
  for (Size i = 0; i < n; ++i) {
    const double own = inverse[i] - 1 / (static_cast<double>(n) * alpha);
    if (!(own > 0)) return {};
    for (Size c = 0; c < count; ++c) errors[i * count + c] /= own;
  }
  return errors;
}

}  // namespace

Families families_of(const std::vector<int>& source) {
  Families out;
  std::vector<Size> number(source.size());
  for (Size i = 0; i < source.size(); ++i) {
    if (source[i] != static_cast<int>(i)) continue;
    number[i] = out.size();
    out.push_back({{static_cast<int>(i)}, 1});
  }
  for (Size i = 0; i < source.size(); ++i) {
    if (source[i] == static_cast<int>(i)) continue;
    out[number[static_cast<Size>(source[i])]].rows.push_back(static_cast<int>(i));
  }
  return out;
}

Tridiagonal centred_form(std::vector<double> inner_products, int n) {
  centre_both_sides(inner_products, static_cast<Size>(n));
  return tridiagonalise(std::move(inner_products), n);
}

std::vector<double> left_out_errors(const Tridiagonal& form, double alpha,
                                    const std::vector<double>& y, const Families& families) {
  const bool alone = families.size() == static_cast<Size>(form.n);
  return alone ? errors_of_rows(form, alpha, y) : errors_of_families(form, alpha, y, families);
}

}  // namespace refrain::method

// The numerical methods under the simple methods: L-BFGS, logistic regression, tridiagonal form,
// ridge.
#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/method/gram.h"
#include "refrain/method/lbfgs.h"
#include "refrain/method/logistic.h"
#include "refrain/method/ridge.h"
#include "refrain/method/tridiagonal.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

std::vector<double> normals(Size n, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<double> out(n);
  for (double& v : out) v = rng.normal();
  return out;
}

// a w = y for a [n,n], by elimination with row exchanges.
std::vector<double> eliminate(std::vector<double> a, std::vector<double> y) {
  const Size n = y.size();
  for (Size k = 0; k < n; ++k) {
    Size pivot = k;
    for (Size i = k; i < n; ++i) {
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    }
    for (Size j = 0; j < n; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
    std::swap(y[k], y[pivot]);
    for (Size i = 0; i < n; ++i) {
      if (i == k) continue;
      const double f = a[i * n + k] / a[k * n + k];
      for (Size j = k; j < n; ++j) a[i * n + j] -= f * a[k * n + j];
      y[i] -= f * y[k];
    }
  }
  for (Size k = 0; k < n; ++k) y[k] /= a[k * n + k];
  return y;
}

TEST(Lbfgs, finds_the_minimum_of_a_badly_scaled_quadratic) {
  const SmoothFunction bowl = [](const std::vector<double>& x, std::vector<double>& gradient) {
    double value = 0;
    for (Size i = 0; i < x.size(); ++i) {
      const double weight = std::pow(10.0, static_cast<double>(i) / 2), d = x[i] - 3.0;
      value += 0.5 * weight * d * d;
      gradient[i] = weight * d;
    }
    return value;
  };
  std::vector<double> x(7, 0.0);
  EXPECT_LT(minimise(bowl, {200, 1e-8, 8}, x), 1e-12);
  for (const double v : x) EXPECT_NEAR(v, 3.0, 1e-6);
}

SparseRows dense_rows(const std::vector<double>& x, int columns) {
  SparseRows rows;
  rows.columns = columns;
  for (Size i = 0; i < x.size(); ++i) {
    rows.column.push_back(static_cast<int>(i) % columns);
    rows.value.push_back(x[i]);
    if (rows.column.back() + 1 == columns) rows.begin.push_back(rows.value.size());
  }
  return rows;
}

TEST(Logistic, at_the_optimum_the_penalty_balances_the_residuals) {
  const int n = 60, D = 4, C = 3;
  const auto x = normals(n * D, 5);
  std::vector<int> target;
  for (int i = 0; i < n; ++i) target.push_back((i * 7 + (x[static_cast<Size>(i * D)] > 0)) % C);
  const auto rows = dense_rows(x, D);
  const double strength = 2.0;
  const auto model = fit_logistic(rows, {target, C}, strength, nullptr);
  const auto p = model.predict(rows);
  for (int c = 0; c < C; ++c) {
    std::vector<double> pull(D + 1);  // the last: of the offset
    for (int i = 0; i < n; ++i) {
      const double residual =
          p[static_cast<Size>(i * C + c)] - (target[static_cast<Size>(i)] == c ? 1 : 0);
      for (int k = 0; k < D; ++k) {
        pull[static_cast<Size>(k)] += residual * x[static_cast<Size>(i * D + k)];
      }
      pull[D] += residual;
    }
    for (int k = 0; k < D; ++k) {
      const double w = model.weight[static_cast<Size>(k * C + c)];
      EXPECT_NEAR(pull[static_cast<Size>(k)] + w / strength, 0, 5e-3);
    }
    EXPECT_NEAR(pull[D], 0, 5e-3);
  }
}

TEST(Logistic, a_start_elsewhere_and_an_absent_class_change_nothing_that_matters) {
  const auto rows = dense_rows({-2, -1, 1, 2}, 1);
  const std::vector<int> target = {0, 0, 2, 2};
  const auto cold = fit_logistic(rows, {target, 3}, 1.0, nullptr);
  const auto other = fit_logistic(rows, {target, 3}, 100.0, nullptr);
  const auto warm = fit_logistic(rows, {target, 3}, 1.0, &other);
  const auto a = cold.predict(rows), b = warm.predict(rows);
  for (Size i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-2);
  EXPECT_EQ(count_right(a, {target, 3}), 4);
  for (Size i = 0; i < 4; ++i) EXPECT_LT(a[3 * i + 1], 0.01);
}

TEST(Logistic, picked_rows_are_the_rows_picked) {
  const auto rows = dense_rows({1, 2, 3, 4, 5, 6}, 2).pick({2, 0});
  EXPECT_EQ(rows.size(), 2);
  EXPECT_THAT(rows.value, testing::ElementsAre(5, 6, 1, 2));
}

std::vector<double> symmetric(Size n, std::uint64_t seed) {
  const auto b = normals(n * n, seed);
  std::vector<double> a(n * n);
  for (Size i = 0; i < n; ++i) {
    for (Size j = 0; j < n; ++j) {
      for (Size k = 0; k < n; ++k) a[i * n + j] += b[i * n + k] * b[j * n + k];
    }
  }
  return a;
}

TEST(Tridiagonal, solves_shifted_systems_and_knows_the_inverse_diagonal) {
  for (const Size n : {1U, 2U, 3U, 11U}) {
    const auto a = symmetric(n, n);
    const auto form = tridiagonalise(a, static_cast<int>(n));
    const auto y = normals(n, 77);
    for (const double shift : {0.01, 5.0}) {
      auto shifted = a;
      for (Size i = 0; i < n; ++i) shifted[i * n + i] += shift;
      const auto want = eliminate(shifted, y);
      const auto got = form.solve(shift, y, 1);
      const auto inverse = form.inverse_diagonal(shift);
      for (Size i = 0; i < n; ++i) {
        EXPECT_NEAR(got[i], want[i], 1e-7 * (1 + std::abs(want[i])));
        std::vector<double> unit(n);
        unit[i] = 1;
        EXPECT_NEAR(inverse[i], eliminate(shifted, unit)[i], 1e-7 * (1 + inverse[i]));
      }
      if (n < 3) continue;
      const auto block = form.inverse_blocks(shift, {{2, 0}}).front();
      std::vector<double> unit(n);
      unit[0] = 1;
      const auto column = eliminate(shifted, unit);
      EXPECT_NEAR(block[0], inverse[2], 1e-9 * (1 + inverse[2]));
      EXPECT_NEAR(block[1], column[2], 1e-7 * (1 + std::abs(column[2])));
      EXPECT_NEAR(block[2], column[2], 1e-7 * (1 + std::abs(column[2])));
      EXPECT_NEAR(block[3], inverse[0], 1e-9 * (1 + inverse[0]));
    }
  }
}

TEST(Tridiagonal, a_matrix_of_zeros_is_only_its_shift) {
  const auto form = tridiagonalise(std::vector<double>(16), 4);
  for (const double v : form.inverse_diagonal(0.5)) EXPECT_NEAR(v, 2.0, 1e-12);
}

TEST(Gram, products_agree_with_their_definition_across_strips_and_runs) {
  const int n = 70, D = 300, C = 3;
  const auto values = normals(n * D, 9), others = normals(D * C, 10);
  const std::vector<real> x(values.begin(), values.end()), w(others.begin(), others.end());
  const RowsOf rows{x.data(), n, D};
  const auto gram = inner_products(rows, 2);
  const auto image = times(rows, w, C, 2);
  const auto back = transposed_times(rows, image, C, 2);
  EXPECT_EQ(gram, inner_products(rows, 1));
  EXPECT_EQ(back, transposed_times(rows, image, C, 1));
  const auto at = [&](int i, int k) { return values[static_cast<Size>(i * D + k)]; };
  for (const int i : {0, 63, 64, 69}) {
    double inner = 0, product = 0;
    for (int k = 0; k < D; ++k) {
      inner += at(i, k) * at(5, k);
      product += at(i, k) * others[static_cast<Size>(k * C + 1)];
    }
    EXPECT_NEAR(gram[static_cast<Size>(i * n + 5)], inner, 1e-3);
    EXPECT_NEAR(static_cast<double>(image[static_cast<Size>(i * C + 1)]), product, 1e-3);
  }
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += at(i, 257) * static_cast<double>(image[static_cast<Size>(i * C)]);
  EXPECT_NEAR(static_cast<double>(back[257 * C]), sum, 1e-2);
}

// Least squares with a penalty on all but the last column, which is 1: weights and offset.
std::vector<double> plain_ridge(const std::vector<double>& x, const std::vector<double>& y,
                                double alpha) {
  const Size n = y.size(), D = x.size() / n, m = D + 1;
  std::vector<double> a(m * m), b(m);
  for (Size i = 0; i < n; ++i) {
    std::vector<double> row(x.begin() + static_cast<std::ptrdiff_t>(i * D),
                            x.begin() + static_cast<std::ptrdiff_t>((i + 1) * D));
    row.push_back(1);
    for (Size j = 0; j < m; ++j) {
      b[j] += row[j] * y[i];
      for (Size k = 0; k < m; ++k) a[j * m + k] += row[j] * row[k];
    }
  }
  for (Size k = 0; k < D; ++k) a[k * m + k] += alpha;
  return eliminate(a, b);
}

// Each of the first `given` rows is left out, with those `given`, twice `given`, ... after it.
double left_out_error(const std::vector<double>& x, const std::vector<double>& y, double alpha,
                      Size given) {
  const Size n = y.size(), D = x.size() / n;
  double error = 0;
  for (Size out = 0; out < given; ++out) {
    std::vector<double> rest, goals;
    for (Size i = 0; i < n; ++i) {
      if (i % given == out) continue;
      goals.push_back(y[i]);
      for (Size k = 0; k < D; ++k) rest.push_back(x[i * D + k]);
    }
    const auto w = plain_ridge(rest, goals, alpha);
    double guess = w[D];
    for (Size k = 0; k < D; ++k) guess += w[k] * x[out * D + k];
    error += (guess - y[out]) * (guess - y[out]);
  }
  return error;
}

struct Regression {
  std::vector<double> x, y;  // y = 1 or -1
  std::vector<int> target;

  Regression(int n, int D) : x(normals(static_cast<Size>(n * D), 21)) {
    const auto noise = normals(static_cast<Size>(n), 22);
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<Size>(i);
      const double goal = x[at * static_cast<Size>(D)] + 0.8 * noise[at] + 0.3;
      target.push_back(goal > 0 ? 1 : 0);
      y.push_back(goal > 0 ? 1 : -1);
    }
  }
  Ridge fit(int columns, int threads) const {
    return fit_ridge({{x.begin(), x.end()}, target, columns, 2, 1, threads});
  }
};

double best_alpha(const Regression& problem, Size given) {
  double best = 0, least = 1e300;
  for (int k = 0; k < 10; ++k) {
    const double alpha = std::pow(10.0, -3 + 6.0 * k / 9);
    const double error = left_out_error(problem.x, problem.y, alpha, given);
    if (error < least) best = alpha;
    least = std::min(least, error);
  }
  return best;
}

// 14 rows, and two slightly changed ones of each.
TEST(Ridge, rows_that_were_made_of_one_are_left_out_with_it) {
  const int D = 30, given = 14;
  Regression problem(given, D);
  const auto noise = normals(static_cast<Size>(2 * given * D), 31);
  std::vector<int> source;
  for (int i = 0; i < given; ++i) source.push_back(i);
  for (Size i = 0; i < static_cast<Size>(2 * given); ++i) {
    const Size from = i % given;
    for (Size k = 0; k < D; ++k) {
      problem.x.push_back(problem.x[from * D + k] + 0.01 * noise[i * D + k]);
    }
    problem.y.push_back(problem.y[from]);
    problem.target.push_back(problem.target[from]);
    source.push_back(static_cast<int>(from));
  }
  const auto model =
      fit_ridge({{problem.x.begin(), problem.x.end()}, problem.target, D, 2, 1, 1, source});
  EXPECT_NEAR(model.alpha, best_alpha(problem, given), 1e-9);
  EXPECT_NE(model.alpha, problem.fit(D, 1).alpha) << "as if they were samples of their own";
}

TEST(Ridge, alpha_is_the_one_with_the_least_error_when_each_row_is_left_out_and_refitted) {
  const int D = 3;
  const Regression problem(14, D);
  const auto model = problem.fit(D, 1);
  const double best = best_alpha(problem, 14);
  EXPECT_NEAR(model.alpha, best, 1e-9);
  const auto want = plain_ridge(problem.x, problem.y, best);
  for (Size k = 0; k < D; ++k)
    EXPECT_NEAR(static_cast<double>(model.weight[2 * k + 1]), want[k], 1e-4);
  EXPECT_NEAR(model.offset[1], want[D], 1e-4);
}

TEST(SlowRidge, on_many_rows_conjugate_gradients_reach_the_same_weights) {
  const int D = 5;
  const Regression problem(900, D);
  const auto model = problem.fit(D, 2);
  const auto want = plain_ridge(problem.x, problem.y, model.alpha);
  for (Size k = 0; k < D; ++k) {
    EXPECT_NEAR(static_cast<double>(model.weight[2 * k + 1]), want[k], 2e-3);
  }
  EXPECT_EQ(model.weight, problem.fit(D, 1).weight);
}

TEST(Ridge, two_rows_and_equal_rows_are_no_trouble) {
  const std::vector<int> target = {0, 1};
  const auto two = fit_ridge({{0, 1, 1, 0}, target, 2, 2, 1, 1});
  const auto decision = two.decide({0, 1, 1, 0}, 1);
  EXPECT_GT(decision[0], decision[1]);
  EXPECT_GT(decision[3], decision[2]);
  const auto equal = fit_ridge({{1, 1, 1, 1}, target, 2, 2, 1, 1});
  for (const double d : equal.decide({1, 1}, 1)) EXPECT_NEAR(d, 0, 1e-9);
}

}  // namespace
}  // namespace refrain::method

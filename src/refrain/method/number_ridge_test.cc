// Ridge regression onto numbers, against its closed formula and against refits without each sample.
#include "refrain/method/number_ridge.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
using Numbers = std::vector<double>;

// A regression with known numbers: y_c = sum of the first c + 1 features + noise.
struct Linear {
  int n, D, C;
  Numbers x, y;

  Linear(int rows, int columns, int width, double noise = 0.5)
      : n(rows), D(columns), C(width), x(static_cast<Size>(rows * columns)) {
    base::Rng rng(17);
    for (double& v : x) v = rng.normal() + 0.5;
    for (int i = 0; i < n; ++i) {
      for (int c = 0; c < C; ++c) {
        double sum = noise * (c + 1) * rng.normal();
        for (int k = 0; k <= std::min(c, D - 1); ++k) sum += at(i, k);
        y.push_back(sum);
      }
    }
    centre();
  }
  double at(int i, int k) const { return x[static_cast<Size>(i * D + k)]; }
  double goal(int i, int c) const { return y[static_cast<Size>(i * C + c)]; }
  void centre() {
    for (int c = 0; c < C; ++c) {
      double mean = 0;
      for (int i = 0; i < n; ++i) mean += goal(i, c) / n;
      for (int i = 0; i < n; ++i) y[static_cast<Size>(i * C + c)] -= mean;
    }
  }
  Families alone() const {
    Families out;
    for (int i = 0; i < n; ++i) out.push_back({{i}, 1});
    return out;
  }
  RidgeGoal ridge_goal(Families families) const { return {y, std::move(families), C, 1}; }
  DenseRidgeRows dense(int threads = 1) const { return {{x.begin(), x.end()}, D, threads}; }
  SparseRidgeRows sparse(int threads = 1) const { return {sparse_rows(), threads}; }
  SparseRows sparse_rows() const {
    SparseRows rows;
    rows.columns = D;
    for (int i = 0; i < n; ++i) {
      for (int k = 0; k < D; ++k) {
        if (at(i, k) == 0) continue;
        rows.column.push_back(k);
        rows.value.push_back(at(i, k));
      }
      rows.begin.push_back(rows.column.size());
    }
    return rows;
  }
  // The mean square length of a centred row.
  double level() const {
    double sum = 0;
    for (int k = 0; k < D; ++k) {
      double mean = 0;
      for (int i = 0; i < n; ++i) mean += at(i, k) / n;
      for (int i = 0; i < n; ++i) sum += std::pow(at(i, k) - mean, 2) / n;
    }
    return sum;
  }
};

// a w = b by elimination; a is positive definite.
Numbers eliminated(Numbers a, Numbers b) {
  const Size m = b.size();
  for (Size k = 0; k < m; ++k) {
    for (Size i = 0; i < m; ++i) {
      if (i == k) continue;
      const double f = a[i * m + k] / a[k * m + k];
      for (Size j = k; j < m; ++j) a[i * m + j] -= f * a[k * m + j];
      b[i] -= f * b[k];
    }
  }
  for (Size k = 0; k < m; ++k) b[k] /= a[k * m + k];
  return b;
}

// (x^T x + alpha I) w = x^T y with a free offset last, on the rows that are not left out.
Numbers closed_formula(const Linear& p, int column, double alpha,
                       const std::vector<int>& out = {}) {
  const auto m = static_cast<Size>(p.D) + 1;
  Numbers a(m * m), b(m);
  for (int i = 0; i < p.n; ++i) {
    if (std::find(out.begin(), out.end(), i) != out.end()) continue;
    for (Size j = 0; j < m; ++j) {
      const double xj = j + 1 < m ? p.at(i, static_cast<int>(j)) : 1;
      b[j] += xj * p.goal(i, column);
      for (Size k = 0; k < m; ++k)
        a[j * m + k] += xj * (k + 1 < m ? p.at(i, static_cast<int>(k)) : 1);
    }
  }
  for (Size k = 0; k + 1 < m; ++k) a[k * m + k] += alpha;
  return eliminated(a, b);
}

// Each family is left out and the rest refitted, for every penalty.
double best_penalty(const Linear& p, int column, const Families& families) {
  double best = 0, least = HUGE_VAL;
  for (int k = 0; k <= 20; ++k) {
    const double alpha = p.level() * std::pow(10.0, -6 + 0.5 * k);
    double error = 0;
    for (const auto& family : families) {
      const auto w = closed_formula(p, column, alpha, family.rows);
      for (int j = 0; j < family.judges; ++j) {
        const int row = family.rows[static_cast<Size>(j)];
        double said = w.back();
        for (int d = 0; d < p.D; ++d) said += w[static_cast<Size>(d)] * p.at(row, d);
        error += std::pow(said - p.goal(row, column), 2);
      }
    }
    if (error < least) best = alpha;
    least = std::min(least, error);
  }
  return best;
}

void expect_closed_formula(const NumberRidge& model, const Linear& p, double tolerance) {
  for (int c = 0; c < p.C; ++c) {
    const auto want = closed_formula(p, c, model.alpha()[static_cast<Size>(c)]);
    for (int k = 0; k < p.D; ++k) {
      const real got = model.weight()[static_cast<Size>(k * p.C + c)];
      EXPECT_NEAR(static_cast<double>(got), want[static_cast<Size>(k)], tolerance);
    }
    const auto zero = model.predict(std::vector<real>(static_cast<Size>(p.D)), 1);
    EXPECT_NEAR(zero[static_cast<Size>(c)], want.back(), tolerance);
  }
}

TEST(NumberRidge, each_column_has_the_penalty_of_its_least_error_when_rows_are_left_out) {
  const Linear p(16, 6, 3, 1.5);
  NumberRidge model;
  model.fit(p.dense(), p.ridge_goal(p.alone()));
  ASSERT_EQ(model.alpha().size(), 3U);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(model.alpha()[static_cast<Size>(c)] / best_penalty(p, c, p.alone()), 1, 1e-5);
  }
  EXPECT_NE(model.alpha()[0], model.alpha()[2]) << "this test must see two penalties";
  expect_closed_formula(model, p, 1e-4);
}

// Rows of a family are nearly the same, so that leaving out one alone says nothing.
TEST(NumberRidge, families_are_left_out_together_and_their_judges_judge) {
  Linear p(24, 12, 1, 0.7);
  base::Rng rng(3);
  Families families;
  for (int f = 0; f < 8; ++f) {
    families.push_back({{f, f + 8, f + 16}, f % 2 == 0 ? 2 : 1});
    for (const int copy : {f + 8, f + 16}) {
      for (int k = 0; k < 12; ++k) {
        p.x[static_cast<Size>(copy * 12 + k)] = p.at(f, k) + 0.02 * rng.normal();
      }
      p.y[static_cast<Size>(copy)] = p.goal(f, 0);
    }
  }
  p.centre();
  NumberRidge together, alone;
  together.fit(p.dense(), p.ridge_goal(families));
  alone.fit(p.dense(), p.ridge_goal(p.alone()));
  EXPECT_NEAR(together.alpha()[0] / best_penalty(p, 0, families), 1, 1e-5);
  EXPECT_LT(alone.alpha()[0], together.alpha()[0]);
}

TEST(NumberRidge, errors_are_those_of_refits_and_only_judges_have_one) {
  const Linear p(12, 3, 2);
  Families families;
  for (int f = 0; f < 4; ++f) families.push_back({{f, f + 4, f + 8}, f % 2 == 0 ? 2 : 1});
  const double alpha = 0.7;
  std::vector<int> all(12);
  std::iota(all.begin(), all.end(), 0);
  const auto form = centred_form(p.sparse().inner_products(all), 12);
  const auto errors = left_out_errors(form, alpha, p.y, families);
  ASSERT_EQ(errors.size(), 12U);  // six judges, two columns
  Size at = 0;
  for (const auto& family : families) {
    for (int j = 0; j < family.judges; ++j) {
      const int row = family.rows[static_cast<Size>(j)];
      for (int c = 0; c < 2; ++c) {
        const auto w = closed_formula(p, c, alpha, family.rows);
        double said = w.back();
        for (int d = 0; d < 3; ++d) said += w[static_cast<Size>(d)] * p.at(row, d);
        EXPECT_NEAR(errors[at++], p.goal(row, c) - said, 1e-9);
      }
    }
  }
}

TEST(RidgeRows, sparse_and_dense_products_are_those_of_centred_rows) {
  const Linear p(7, 4, 1);
  const Numbers w = {1, -2, 0.5, 3, 2, 1, 0, -1};  // [4,2]
  const auto sparse = p.sparse().times(w, 2), dense = p.dense().times(w, 2);
  ASSERT_EQ(sparse.size(), 14U);
  Numbers sum(2);
  for (Size i = 0; i < 14; ++i) {
    sum[i % 2] += sparse[i];
    EXPECT_NEAR(sparse[i], dense[i], 1e-5);
  }
  EXPECT_THAT(sum, testing::Each(testing::DoubleNear(0, 1e-9)));
  const Numbers ones(7, 1);
  EXPECT_THAT(p.sparse().transposed_times(ones, 1), testing::Each(testing::DoubleNear(0, 1e-9)));
  EXPECT_THAT(p.dense().transposed_times(ones, 1), testing::Each(testing::DoubleNear(0, 1e-5)));
}

TEST(NumberRidge, sparse_rows_give_what_dense_ones_give) {
  Linear p(30, 9, 2);
  for (Size i = 0; i < p.x.size(); i += 2) p.x[i] = 0;
  NumberRidge dense, sparse, threads;
  dense.fit(p.dense(), p.ridge_goal(p.alone()));
  sparse.fit(p.sparse(1), p.ridge_goal(p.alone()));
  threads.fit(p.sparse(2), p.ridge_goal(p.alone()));
  EXPECT_EQ(sparse.weight(), threads.weight());
  expect_closed_formula(sparse, p, 1e-5);
  const auto a = dense.predict({p.x.begin(), p.x.end()}, 1), b = sparse.predict(p.sparse_rows());
  ASSERT_EQ(a.size(), b.size());
  for (Size i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4);
}

TEST(NumberRidge, features_that_do_not_vary_say_nothing) {
  Linear p(10, 2, 1);
  p.x.assign(p.x.size(), 7);
  NumberRidge model;
  model.fit(p.dense(), p.ridge_goal(p.alone()));
  EXPECT_THAT(model.weight(), testing::Each(0));
  EXPECT_THAT(model.predict({7, 7, 1, 2}, 1), testing::Each(0));
}

TEST(NumberRidge, noise_is_shrunk_to_the_mean) {
  Linear p(40, 60, 1);
  base::Rng rng(5);
  for (double& v : p.y) v = rng.normal();
  p.centre();
  NumberRidge model;
  model.fit(p.dense(), p.ridge_goal(p.alone()));
  double squares = 0;
  for (const double v : model.predict({p.x.begin(), p.x.end()}, 1)) squares += v * v / 40;
  EXPECT_LT(squares, 0.3);
}

TEST(NumberRidge, on_more_rows_than_judge_few_columns_are_solved_exactly) {
  const Linear p(1000, 5, 2);
  NumberRidge model, threads;
  model.fit(p.sparse(), p.ridge_goal(p.alone()));
  threads.fit(p.sparse(2), p.ridge_goal(p.alone()));
  EXPECT_EQ(model.weight(), threads.weight());
  expect_closed_formula(model, p, 1e-6);
}

// 900 columns of which each row has three.
TEST(SlowNumberRidge, on_more_rows_and_columns_conjugate_gradients_balance_the_residuals) {
  Linear p(1100, 900, 1);
  for (int i = 0; i < p.n; ++i) {
    for (int k = 0; k < p.D; ++k) {
      if (k >= 3 && k % 300 != i % 300) p.x[static_cast<Size>(i * p.D + k)] = 0;
    }
  }
  NumberRidge model;
  model.fit(p.sparse(2), p.ridge_goal(p.alone()));
  const auto said = model.predict(p.sparse_rows());
  Numbers gradient(900);
  for (int i = 0; i < p.n; ++i) {
    for (int k = 0; k < p.D; ++k) {
      gradient[static_cast<Size>(k)] += p.at(i, k) * (said[static_cast<Size>(i)] - p.goal(i, 0));
    }
  }
  for (Size k = 0; k < 900; ++k) {
    EXPECT_NEAR(gradient[k] + model.alpha()[0] * static_cast<double>(model.weight()[k]), 0, 0.02);
  }
}

data::Dataset grouped(const std::vector<std::string>& groups) {
  data::Dataset d;
  d.streams = {{"text", data::StreamKind::kText, 0, {}}};
  for (Size i = 0; i < groups.size(); ++i) {
    d.samples.emplace_back();
    d.samples.back().streams.emplace_back("text " + std::to_string(i));
    d.samples.back().group = groups[i];
  }
  return d;
}

std::vector<std::vector<int>> rows_of(const Families& families) {
  std::vector<std::vector<int>> out;
  for (const auto& family : families) out.push_back(family.rows);
  return out;
}

TEST(NumberRidge, what_belongs_together_is_a_family_and_what_was_made_does_not_judge) {
  using testing::ElementsAre;
  const std::vector<int> chosen = {0, 1, 2, 3};
  const auto d = grouped({"a", "b", "a", "b"});
  const Training plain{{d, chosen}, {}};
  EXPECT_THAT(rows_of(families_of(plain)), ElementsAre(ElementsAre(0, 2), ElementsAre(1, 3)));
  EXPECT_EQ(families_of(plain)[1].judges, 2);
  const Training made{{d, chosen}, {}, 0, 0, 1, {2, 1, 2, 1}};
  EXPECT_THAT(rows_of(families_of(made)), ElementsAre(ElementsAre(2, 0), ElementsAre(1, 3)));
  EXPECT_EQ(families_of(made)[0].judges, 1);
  const auto one = grouped({"a", "a", "a", "a"});
  EXPECT_EQ(families_of(Training{{one, chosen}, {}}).size(), 4U) << "each alone";
}

}  // namespace
}  // namespace refrain::method

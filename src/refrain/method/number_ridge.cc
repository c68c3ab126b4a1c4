#include "refrain/method/number_ridge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "refrain/base/rng.h"
#include "refrain/data/units.h"
#include "refrain/method/conjugate.h"
#include "refrain/method/gram.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
using Numbers = std::vector<double>;

constexpr int kMostJudged = 800;   // rows that choose the penalty
constexpr int kMostColumns = 800;  // that are solved for exactly on more rows
constexpr int kPenalties = 21;
constexpr ConjugateLimits kNumberLimits = {200, 1e-5};

double penalty_at(int k) { return std::pow(10.0, -6 + 0.5 * k); }

// Rows whose inner products are known, and what they should become.
struct Chosen {
  std::vector<int> places;
  Numbers y;  // [m,C] of mean 0
  Families families;
};

// Takes the mean of each column off, [n,C].
void centre_columns(Numbers& y, Size C) {
  const double n = static_cast<double>(y.size() / C);
  Numbers mean(C);
  for (Size i = 0; i < y.size(); ++i) mean[i % C] += y[i] / n;
  for (Size i = 0; i < y.size(); ++i) y[i] -= mean[i % C];
}

// Whole families in a random order, as many as the limit on rows lets in, the first one in any
// case.
Families drawn(const RidgeGoal& goal) {
  auto families = goal.families;
  base::Rng rng = base::Rng(goal.seed).fork("number_ridge");
  rng.shuffle(families);
  Size rows = 0, count = 0;
  for (const auto& family : families) {
    rows += family.rows.size();
    if (rows > static_cast<Size>(kMostJudged) && count > 1) break;
    ++count;
  }
  families.resize(count);
  return families;
}

Chosen choose_rows(const RidgeGoal& goal, int rows) {
  Chosen out{{}, goal.y, goal.families};
  if (rows <= kMostJudged) {
    out.places.resize(static_cast<Size>(rows));
    std::iota(out.places.begin(), out.places.end(), 0);
    return out;
  }
  const auto C = static_cast<Size>(goal.width);
  out.y.clear();
  out.families = drawn(goal);
  for (auto& family : out.families) {
    for (int& row : family.rows) {
      const auto from = goal.y.begin() + static_cast<std::ptrdiff_t>(row) * goal.width;
      out.y.insert(out.y.end(), from, from + goal.width);
      out.places.push_back(row);
      row = static_cast<int>(out.places.size()) - 1;
    }
  }
  centre_columns(out.y, C);
  return out;
}

// The sum of squares of each column of errors [m,C].
Numbers column_squares(const Numbers& errors, Size C) {
  if (errors.empty()) return Numbers(C, std::numeric_limits<double>::infinity());
  Numbers sum(C);
  for (Size i = 0; i < errors.size(); ++i) sum[i % C] += errors[i] * errors[i];
  return sum;
}

// The penalty of each column of goals; `level` is the mean square length of a row.
Numbers best_penalties(const Tridiagonal& form, const Chosen& chosen, double level, Size C) {
  Numbers best(C, level), least(C, std::numeric_limits<double>::infinity());
  for (int k = kPenalties - 1; k >= 0; --k) {  // of equals the largest
    const double alpha = level * penalty_at(k);
    const auto error = column_squares(left_out_errors(form, alpha, chosen.y, chosen.families), C);
    for (Size c = 0; c < C; ++c) {
      if (error[c] < least[c]) best[c] = alpha;
      least[c] = std::min(least[c], error[c]);
    }
  }
  return best;
}

// (form + alpha_c I)^-1 y_c for each column c of y [n,C].
Numbers solve_columns(const Tridiagonal& form, const Numbers& alpha, const Numbers& y) {
  const Size C = alpha.size(), n = y.size() / C;
  Numbers out(y.size()), column(n);
  for (Size c = 0; c < C; ++c) {
    for (Size i = 0; i < n; ++i) column[i] = y[i * C + c];
    const auto solved = form.solve(alpha[c], column, 1);
    for (Size i = 0; i < n; ++i) out[i * C + c] = solved[i];
  }
  return out;
}

// x^T x [D,D], some columns at a time.
Numbers column_products(const RidgeRows& x) {
  constexpr int kBlock = 32;
  const auto D = static_cast<Size>(x.columns());
  Numbers out(D * D);
  for (int first = 0; first < x.columns(); first += kBlock) {
    const int count = std::min(kBlock, x.columns() - first);
    Numbers units(D * static_cast<Size>(count));
    for (int k = 0; k < count; ++k) {
      units[static_cast<Size>(first + k) * static_cast<Size>(count) + static_cast<Size>(k)] = 1;
    }
    const auto part = x.transposed_times(x.times(units, count), count);
    for (Size i = 0; i < part.size(); ++i) {
      const Size row = i / static_cast<Size>(count), k = i % static_cast<Size>(count);
      out[row * D + static_cast<Size>(first) + k] = part[i];
    }
  }
  for (Size i = 0; i < D; ++i) {  // exactly symmetric
    for (Size j = 0; j < i; ++j) out[i * D + j] = out[j * D + i];
  }
  return out;
}

// The weights [D,C] on more rows than inner products are made of.
Numbers weights_of_many(const RidgeRows& x, const Numbers& alpha, const Numbers& y) {
  const int C = static_cast<int>(alpha.size());
  if (x.columns() > kMostColumns)
    return Conjugate<double, RidgeRows>(x, alpha, kNumberLimits).run(y);
  const auto form = tridiagonalise(column_products(x), x.columns());
  return solve_columns(form, alpha, x.transposed_times(y, C));
}

double mean_square_length(const Tridiagonal& form) {
  return std::accumulate(form.diagonal.begin(), form.diagonal.end(), 0.0) / form.n;
}

}  // namespace

Families families_of(const Training& training) {
  const auto units = data::find_units(training.samples.dataset, training.samples.chosen);
  std::vector<int> source = training.source;
  if (source.empty()) {
    source.resize(units.of.size());
    std::iota(source.begin(), source.end(), 0);
  }
  if (units.count < 2) return families_of(source);
  Families out(static_cast<Size>(units.count), Family{{}, 0});
  for (const bool given : {true, false}) {  // those that judge come first
    for (Size i = 0; i < source.size(); ++i) {
      if ((source[i] == static_cast<int>(i)) != given) continue;
      auto& family = out[static_cast<Size>(units.of[i])];
      family.rows.push_back(static_cast<int>(i));
      family.judges += given ? 1 : 0;
    }
  }
  return out;
}

void NumberRidge::fit(const RidgeRows& x, const RidgeGoal& goal) {
  const auto C = static_cast<Size>(goal.width);
  const auto chosen = choose_rows(goal, x.rows());
  const int m = static_cast<int>(chosen.places.size());
  const auto form = centred_form(x.inner_products(chosen.places), m);
  const double level = mean_square_length(form);
  columns_ = x.columns();
  offset_.assign(C, 0);
  alpha_.assign(C, 1);
  weight_.assign(x.mean().size() * C, 0);
  if (!(level > 0)) return;
  alpha_ = best_penalties(form, chosen, level, C);
  const auto weight = m == x.rows()
                          ? x.transposed_times(solve_columns(form, alpha_, chosen.y), goal.width)
                          : weights_of_many(x, alpha_, goal.y);
  for (Size i = 0; i < weight.size(); ++i) {
    weight_[i] = static_cast<real>(weight[i]);
    offset_[i % C] -= x.mean()[i / C] * static_cast<double>(weight_[i]);
  }
}

std::vector<double> NumberRidge::predict(const std::vector<real>& x, int threads) const {
  const int rows = static_cast<int>(x.size() / static_cast<Size>(columns_));
  const auto raw = times({x.data(), rows, columns_}, weight_, width(), threads);
  Numbers out(raw.begin(), raw.end());
  for (Size i = 0; i < out.size(); ++i) out[i] += offset_[i % offset_.size()];
  return out;
}

std::vector<double> NumberRidge::predict(const SparseRows& x) const {
  const Size C = offset_.size();
  Numbers out;
  for (Size i = 0; i + 1 < x.begin.size(); ++i) {
    out.insert(out.end(), offset_.begin(), offset_.end());
    double* row = &out[i * C];
    for (Size k = x.begin[i]; k < x.begin[i + 1]; ++k) {
      const real* w = &weight_[static_cast<Size>(x.column[k]) * C];
      for (Size c = 0; c < C; ++c) row[c] += x.value[k] * static_cast<double>(w[c]);
    }
  }
  return out;
}

void NumberRidge::archive(Archive& file) {
  file.number("columns", columns_, 0, 1 << 30);
  file.list("weight", weight_);
  file.exact("offset", offset_);
  file.exact("alpha", alpha_);
  const auto C = static_cast<Size>(file.width());
  file.require(C > 0 && offset_.size() == C && alpha_.size() == C &&
               weight_.size() == static_cast<Size>(columns_) * C);
}

}  // namespace refrain::method

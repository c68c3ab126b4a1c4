#include "refrain/method/ridge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/method/conjugate.h"
#include "refrain/method/gram.h"
#include "refrain/method/left_out.h"
#include "refrain/score/temperature.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
constexpr int kMostForAlpha = 800;
constexpr int kAlphas = 10;
constexpr ConjugateLimits kConjugate = {50, 1e-3};

double alpha_at(int k) { return std::pow(10.0, -3.0 + 6.0 * k / (kAlphas - 1)); }

// Column means of x [n,D].
std::vector<double> column_means(const std::vector<real>& x, Size rows, Size columns) {
  std::vector<double> mean(columns);
  for (Size i = 0; i < rows; ++i) {
    for (Size k = 0; k < columns; ++k) mean[k] += static_cast<double>(x[i * columns + k]);
  }
  for (double& m : mean) m /= static_cast<double>(rows);
  return mean;
}

void subtract(const std::vector<double>& mean, std::vector<real>& x) {
  for (Size i = 0; i < x.size(); i += mean.size()) {
    for (Size k = 0; k < mean.size(); ++k) x[i + k] -= static_cast<real>(mean[k]);
  }
}

// Targets 1 and -1, each column centred.
std::vector<double> coded(const std::vector<int>& target, int classes, std::vector<double>& mean) {
  const auto count = static_cast<Size>(classes);
  mean.assign(count, -1);
  for (const int t : target) {
    mean[static_cast<Size>(t)] += 2.0 / static_cast<double>(target.size());
  }
  std::vector<double> y(target.size() * count);
  for (Size i = 0; i < target.size(); ++i) {
    for (Size c = 0; c < count; ++c) {
      y[i * count + c] = (target[i] == static_cast<int>(c) ? 1.0 : -1.0) - mean[c];
    }
  }
  return y;
}

double squares(const std::vector<double>& errors) {
  if (errors.empty()) return std::numeric_limits<double>::infinity();
  return std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0);
}

// [n,C] row by row, in place.
void softmax_rows(std::vector<double>& rows, int classes) {
  for (auto row = rows.begin(); row != rows.end(); row += classes) {
    const double most = *std::max_element(row, row + classes);
    double sum = 0;
    for (auto v = row; v != row + classes; ++v) sum += * v = std::exp(*v - most);
    for (auto v = row; v != row + classes; ++v) *v /= sum;
  }
}

// Targets as numbers and as +-1, centred.
struct Coded {
  const std::vector<int>& target;
  const std::vector<double>& y;     // [n,C]
  const std::vector<double>& mean;  // [C]
  int classes;
};

// The temperature that suits the leave-one-out decisions at these rows.
double temperature_of(const Coded& goal, const std::vector<int>& rows,
                      const std::vector<double>& errors) {
  if (errors.empty()) return 1;
  score::Classification c;
  c.classes = goal.classes;
  const Size C = goal.mean.size();
  for (Size i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<Size>(rows[i]);
    c.truth.push_back(goal.target[row]);
    for (Size k = 0; k < C; ++k) {
      c.probability.push_back(goal.y[row * C + k] - errors[i * C + k] + goal.mean[k]);
    }
  }
  c.predicted = c.truth;
  softmax_rows(c.probability, goal.classes);
  return score::fit_temperature(c);
}

// Sets alpha and temperature.
void choose(const Tridiagonal& gram, const Coded& goal, const Families& families, Ridge& model) {
  const auto errors = [&](double alpha) { return left_out_errors(gram, alpha, goal.y, families); };
  double best = alpha_at(kAlphas / 2), least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < kAlphas; ++k) {
    const double error = squares(errors(alpha_at(k)));
    if (error < least) best = alpha_at(k);
    least = std::min(least, error);
  }
  model.alpha = best;
  std::vector<int> sources;
  for (const auto& family : families) sources.push_back(family.rows.front());
  model.temperature = temperature_of(goal, sources, errors(best));
}

Tridiagonal factorised(const RowsOf& x, int threads) {
  return centred_form(inner_products(x, threads), x.rows);
}

// Whole families, as many as the limit on rows lets in.
void choose_on_some(const RidgeData& data, const Families& families, Ridge& model) {
  std::vector<int> order(families.size()), target, source;
  std::iota(order.begin(), order.end(), 0);
  base::Rng rng = base::Rng(data.seed).fork("ridge");
  rng.shuffle(order);
  std::vector<real> x;
  x.reserve(static_cast<Size>(kMostForAlpha) * static_cast<Size>(data.columns));
  for (const int f : order) {
    const auto& family = families[static_cast<Size>(f)].rows;
    if (target.size() + family.size() > static_cast<Size>(kMostForAlpha)) break;
    const int first = static_cast<int>(target.size());
    for (const int i : family) {
      const auto row = data.x.begin() + static_cast<std::ptrdiff_t>(i) * data.columns;
      x.insert(x.end(), row, row + data.columns);
      target.push_back(data.target[static_cast<Size>(i)]);
      source.push_back(first);
    }
  }
  std::vector<double> mean;
  const auto y = coded(target, data.classes, mean);
  const RowsOf rows{x.data(), static_cast<int>(target.size()), data.columns};
  choose(factorised(rows, data.threads), {target, y, mean, data.classes}, families_of(source),
         model);
}

struct Centred {
  RowsOf x;
  int threads;

  std::vector<real> times(const std::vector<real>& w, int C) const {
    return method::times(x, w, C, threads);
  }
  std::vector<real> transposed_times(const std::vector<real>& r, int C) const {
    return method::transposed_times(x, r, C, threads);
  }
};

std::vector<real> by_conjugate_gradients(const RidgeData& data, double alpha,
                                         const std::vector<double>& y) {
  const Centred rows{{data.x.data(), data.rows(), data.columns}, data.threads};
  const std::vector<double> alphas(static_cast<Size>(data.classes), alpha);
  return Conjugate<real, Centred>(rows, alphas, kConjugate).run({y.begin(), y.end()});
}

}  // namespace

Ridge fit_ridge(RidgeData data) {
  const auto columns = static_cast<Size>(data.columns), count = static_cast<Size>(data.classes);
  const auto mean = column_means(data.x, data.target.size(), columns);
  subtract(mean, data.x);
  Ridge model;
  model.columns = data.columns;
  model.classes = data.classes;
  const auto y = coded(data.target, data.classes, model.offset);
  if (data.source.empty()) {
    data.source.resize(data.target.size());
    std::iota(data.source.begin(), data.source.end(), 0);
  }
  const auto families = families_of(data.source);
  if (data.rows() > kMostForAlpha) {
    choose_on_some(data, families, model);
    model.weight = by_conjugate_gradients(data, model.alpha, y);
  } else {
    const RowsOf x{data.x.data(), data.rows(), data.columns};
    const auto gram = factorised(x, data.threads);
    choose(gram, {data.target, y, model.offset, data.classes}, families, model);
    const auto dual = gram.solve(model.alpha, y, data.classes);
    model.weight = transposed_times(x, {dual.begin(), dual.end()}, data.classes, data.threads);
  }
  for (Size k = 0; k < columns; ++k) {
    for (Size c = 0; c < count; ++c) {
      model.offset[c] -= mean[k] * static_cast<double>(model.weight[k * count + c]);
    }
  }
  return model;
}

std::vector<double> Ridge::predict(const std::vector<real>& x, int threads) const {
  auto p = decide(x, threads);
  for (double& v : p) v /= temperature;
  softmax_rows(p, classes);
  return p;
}

void Ridge::archive(Archive& file) {
  file.number("columns", columns, 1, 1 << 30);
  file.number("alpha", alpha);
  file.number("temperature", temperature);
  file.require(temperature > 0);
  file.list("weight", weight);
  file.list("offset", offset);
  classes = file.width();
  file.require(offset.size() == static_cast<Size>(classes) &&
               weight.size() == static_cast<Size>(columns) * offset.size());
}

std::vector<double> Ridge::decide(const std::vector<real>& x, int threads) const {
  const int rows = static_cast<int>(x.size() / static_cast<Size>(columns));
  const auto raw = times({x.data(), rows, columns}, weight, classes, threads);
  std::vector<double> out(raw.begin(), raw.end());
  for (Size i = 0; i < out.size(); ++i) out[i] += offset[i % offset.size()];
  return out;
}

}  // namespace refrain::method

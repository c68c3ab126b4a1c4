#include "refrain/task/baselines/ridge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/score/temperature.h"
#include "refrain/task/baselines/gram.h"
#include "refrain/task/baselines/tridiagonal.h"

namespace refrain::task {
namespace {

using Size = std::size_t;
constexpr int kMostForAlpha = 800;
constexpr int kAlphas = 10;
constexpr int kMostSteps = 50;         // of conjugate gradients
constexpr double kSmallEnough = 1e-3;  // of the residual beside the right-hand side

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

// The rows of each source, the source itself first.
using Families = std::vector<std::vector<int>>;

Families families_of(const std::vector<int>& source) {
  Families out;
  std::vector<Size> number(source.size());
  for (Size i = 0; i < source.size(); ++i) {
    if (source[i] != static_cast<int>(i)) continue;
    number[i] = out.size();
    out.push_back({static_cast<int>(i)});
  }
  for (Size i = 0; i < source.size(); ++i) {
    if (source[i] == static_cast<int>(i)) continue;
    out[number[static_cast<Size>(source[i])]].push_back(static_cast<int>(i));
  }
  return out;
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

// The errors [families,C] at the sources where a whole family is left out: the block of
// (G + alpha I)^-1 takes the place of its diagonal below.
std::vector<double> left_out_errors(const Tridiagonal& gram, double alpha,
                                    const std::vector<double>& y, const Families& families) {
  const auto n = static_cast<Size>(gram.n), count = y.size() / n;
  const auto all = gram.solve(alpha, y, static_cast<int>(count));
  auto blocks = gram.inverse_blocks(alpha, families);
  std::vector<double> errors;
  for (Size f = 0; f < families.size(); ++f) {
    std::vector<double> own;
    for (const int row : families[f]) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(static_cast<Size>(row) * count);
      own.insert(own.end(), from, from + static_cast<std::ptrdiff_t>(count));
    }
    for (double& v : blocks[f]) v -= 1 / (static_cast<double>(n) * alpha);
    if (!solve_small(blocks[f], own, families[f].size())) return {};
    errors.insert(errors.end(), own.begin(), own.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return errors;
}

// The leave-one-out errors [n,C], c_i / (G + alpha I)^-1_ii where the free offset takes
// 1 / (n alpha) off the diagonal; empty where they cannot be told.
std::vector<double> left_out_errors(const Tridiagonal& gram, double alpha,
                                    const std::vector<double>& y, int classes) {
  const auto n = static_cast<Size>(gram.n), count = static_cast<Size>(classes);
  auto errors = gram.solve(alpha, y, classes);
  const auto inverse = gram.inverse_diagonal(alpha);
  for (Size i = 0; i < n; ++i) {
    const double own = inverse[i] - 1 / (static_cast<double>(n) * alpha);
    if (!(own > 0)) return {};
    for (Size c = 0; c < count; ++c) errors[i * count + c] /= own;
  }
  return errors;
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
  const auto errors = [&](double alpha) {
    const bool alone = families.size() == static_cast<Size>(gram.n);
    return alone ? left_out_errors(gram, alpha, goal.y, goal.classes)
                 : left_out_errors(gram, alpha, goal.y, families);
  };
  double best = alpha_at(kAlphas / 2), least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < kAlphas; ++k) {
    const double error = squares(errors(alpha_at(k)));
    if (error < least) best = alpha_at(k);
    least = std::min(least, error);
  }
  model.alpha = best;
  std::vector<int> sources;
  for (const auto& family : families) sources.push_back(family.front());
  model.temperature = temperature_of(goal, sources, errors(best));
}

Tridiagonal factorised(const RowsOf& x, int threads) {
  auto gram = inner_products(x, threads);
  centre_both_sides(gram, static_cast<Size>(x.rows));
  return tridiagonalise(std::move(gram), x.rows);
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
    const auto& family = families[static_cast<Size>(f)];
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

// Conjugate gradients (Hestenes and Stiefel 1952) on (x^T x + alpha I) w = x^T y, each of the C
// columns with step sizes of its own.
class Conjugate {
 public:
  Conjugate(const RidgeData& data, double alpha)
      : x_{data.x.data(), data.rows(), data.columns},
        C_(data.classes),
        threads_(data.threads),
        alpha_(alpha) {}

  std::vector<real> run(const std::vector<double>& y) {
    const std::vector<real> goal(y.begin(), y.end());
    auto residual = transposed_times(x_, goal, C_, threads_);
    auto direction = residual;
    std::vector<real> w(residual.size());
    auto squares = column_products(residual, residual);
    const auto start = squares;
    for (int step = 0; step < kMostSteps && !done(squares, start); ++step) {
      auto image = transposed_times(x_, times(x_, direction, C_, threads_), C_, threads_);
      for (Size i = 0; i < image.size(); ++i) image[i] += static_cast<real>(alpha_) * direction[i];
      const auto rate = ratios(squares, column_products(direction, image));
      add_columns(rate, direction, w);
      add_columns(negative(rate), image, residual);
      const auto before = squares;
      squares = column_products(residual, residual);
      const auto keep = ratios(squares, before);
      for (Size i = 0; i < direction.size(); ++i) {
        direction[i] = residual[i] + static_cast<real>(keep[i % keep.size()]) * direction[i];
      }
    }
    return w;
  }

 private:
  static bool done(const std::vector<double>& squares, const std::vector<double>& start) {
    for (Size c = 0; c < squares.size(); ++c) {
      if (squares[c] > kSmallEnough * kSmallEnough * start[c]) return false;
    }
    return true;
  }
  static std::vector<double> ratios(std::vector<double> a, const std::vector<double>& b) {
    for (Size c = 0; c < a.size(); ++c) a[c] = b[c] > 0 ? a[c] / b[c] : 0;
    return a;
  }
  static std::vector<double> negative(std::vector<double> a) {
    for (double& v : a) v = -v;
    return a;
  }
  static void add_columns(const std::vector<double>& factor, const std::vector<real>& from,
                          std::vector<real>& to) {
    const Size C = factor.size();
    for (Size i = 0; i < to.size(); i += C) {
      for (Size c = 0; c < C; ++c) to[i + c] += static_cast<real>(factor[c]) * from[i + c];
    }
  }
  std::vector<double> column_products(const std::vector<real>& a,
                                      const std::vector<real>& b) const {
    std::vector<double> sum(static_cast<Size>(C_));
    for (Size i = 0; i < a.size(); i += sum.size()) {
      for (Size c = 0; c < sum.size(); ++c) {
        sum[c] += static_cast<double>(a[i + c]) * static_cast<double>(b[i + c]);
      }
    }
    return sum;
  }

  RowsOf x_;
  int C_, threads_;
  double alpha_;
};

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
    model.weight = Conjugate(data, model.alpha).run(y);
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

}  // namespace refrain::task

#include "refrain/tape/likelihood_loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace refrain::tape {
namespace {

// A scale is at least that much of the window's spread: a likelihood has no bound without it.
constexpr double kLeastScale = 1e-2;
constexpr double kLeastFreedom = 2;
constexpr double kLeastDispersion = 1e-4;
constexpr double kLeastMean = 1e-6;  // in units
constexpr double kMostCount = 1e15;  // counts beyond it are none in double
constexpr double kAsymptotic = 15;   // from here on the series of log_gamma and digamma hold

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double softplus_slope(double x) {
  const double e = std::exp(-std::fabs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

// Returns log gamma(x) for x > 0: Stirling's series, reached by the recurrence.
double log_gamma(double x) {
  double product = 1;
  for (; x < kAsymptotic; x += 1) product *= x;
  const double s = 1 / (x * x);
  const double series = (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s / 1680))) / x;
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series -
         std::log(product);
}

double digamma(double x) {
  double sum = 0;
  for (; x < kAsymptotic; x += 1) sum -= 1 / x;
  const double s = 1 / (x * x);
  return sum + std::log(x) - 0.5 / x -
         s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
}

struct LossAndSlopes {
  double value = 0;
  std::array<double, 3> slope = {};  // by location, scale and freedom
};

LossAndSlopes gaussian(const Distribution& d, double target) {
  const double z = (target - d.location) / d.scale;
  return {0.5 * std::log(2 * std::numbers::pi) + std::log(d.scale) + 0.5 * z * z,
          {-z / d.scale, (1 - z * z) / d.scale, 0}};
}

LossAndSlopes student_t(const Distribution& d, double target) {
  const double n = d.freedom, z = (target - d.location) / d.scale, square = z * z;
  const double pull = (n + 1) * z / (n + square);
  const double value = log_gamma(n / 2) - log_gamma((n + 1) / 2) +
                       0.5 * std::log(std::numbers::pi * n) + std::log(d.scale) +
                       (n + 1) / 2 * std::log1p(square / n);
  const double by_freedom =
      0.5 * (digamma(n / 2) - digamma((n + 1) / 2) + 1 / n + std::log1p(square / n) - pull * z / n);
  return {value, {-pull / d.scale, (1 - pull * z) / d.scale, by_freedom}};
}

LossAndSlopes negative_binomial(const Distribution& d, double count) {
  const double m = d.location, r = 1 / d.scale;
  const double value = log_gamma(r) + log_gamma(count + 1) - log_gamma(count + r) +
                       r * std::log1p(m / r) + count * std::log1p(r / m);
  const double by_r = digamma(r) - digamma(count + r) + std::log1p(m / r) + (count - m) / (r + m);
  return {value, {(m - count) * r / (m * (r + m)), -by_r * r * r, 0}};
}

LossAndSlopes loss_of(Likelihood kind, const Distribution& d, double target) {
  switch (kind) {
    case Likelihood::kGaussian:
      return gaussian(d, target);
    case Likelihood::kStudentT:
      return student_t(d, target);
    case Likelihood::kNegativeBinomial:
      return negative_binomial(d, target);
  }
  return {};
}

// Returns the derivatives of the distribution's numbers by those of the network, in the same order.
std::array<double, 3> slopes_of(Likelihood kind, const real* numbers, double unit) {
  const auto slope = [&](int i) { return softplus_slope(static_cast<double>(numbers[i])); };
  switch (kind) {
    case Likelihood::kGaussian:
      return {1, slope(1), 0};
    case Likelihood::kStudentT:
      return {1, slope(1), slope(2)};
    case Likelihood::kNegativeBinomial:
      return {unit * slope(0), slope(1) / std::sqrt(unit), 0};
  }
  return {};
}

}  // namespace

int numbers_of(Likelihood kind) { return kind == Likelihood::kStudentT ? 3 : 2; }

Distribution distribution_of(Likelihood kind, const real* numbers, double unit) {
  const auto positive = [&](int i) { return softplus(static_cast<double>(numbers[i])); };
  Distribution out;
  if (kind == Likelihood::kNegativeBinomial) {
    out.location = std::min(unit * (positive(0) + kLeastMean), kMostCount);
    out.scale = positive(1) / std::sqrt(unit) + kLeastDispersion;
    return out;
  }
  out.location = static_cast<double>(numbers[0]);
  out.scale = positive(1) + kLeastScale;
  if (kind == Likelihood::kStudentT) out.freedom = kLeastFreedom + positive(2);
  return out;
}

Var likelihood_loss(Tape& tape, Var x, Likelihood kind, const LikelihoodTarget& o) {
  const Tensor y = tape.value(x);
  const int B = y.rows(), P = numbers_of(kind), O = y.columns() / P;
  const Var out = tape.result({1}, {x});
  const Tensor slope = tape.arena().tensor({B, O * P});  // of the batch's loss
  double loss = 0;
  for (int b = 0; b < B; ++b) {
    const double weight = o.sample_weight == nullptr ? 1 : static_cast<double>(o.sample_weight[b]);
    const double unit = o.unit == nullptr ? 1 : static_cast<double>(o.unit[b]);
    const double factor = weight / O / o.total_weight;
    const real* targets = o.target + static_cast<std::ptrdiff_t>(b) * O;
    for (int c = 0; c < O; ++c) {
      const real* numbers = y.row(b) + static_cast<std::ptrdiff_t>(c) * P;
      real* to = slope.row(b) + static_cast<std::ptrdiff_t>(c) * P;
      double target = static_cast<double>(targets[c]);
      const bool missing = std::isnan(target);
      if (kind == Likelihood::kNegativeBinomial) target = std::round(target * unit);
      const auto one =
          missing ? LossAndSlopes{} : loss_of(kind, distribution_of(kind, numbers, unit), target);
      const auto inner = slopes_of(kind, numbers, unit);
      loss += factor * one.value;
      for (std::size_t i = 0; i < static_cast<std::size_t>(P); ++i) {
        to[i] = static_cast<real>(factor * one.slope[i] * inner[i]);
      }
    }
  }
  tape.value(out).data[0] = static_cast<real>(loss);

  tape.on_backward(out, [slope, dy = tape.gradient(out), dx = tape.gradient(x)] {
    for (std::size_t i = 0; i < slope.count(); ++i) dx.data[i] += dy.data[0] * slope.data[i];
  });
  return out;
}

}  // namespace refrain::tape

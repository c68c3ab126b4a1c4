#include "refrain/score/distributions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace refrain::score {
namespace {

constexpr double kTiny = 1e-300, kPrecise = 1e-16;
constexpr int kMostTerms = 100000;

// Where the rising function reaches p, between low and high.
template <class Function>
double invert(const Function& rising, double p, double low, double high) {
  for (int i = 0; i < 200 && high - low > 1e-15 * std::max(1.0, std::abs(low)); ++i) {
    const double middle = low + (high - low) / 2;
    (rising(middle) < p ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

// A continued fraction 1 / (1 + a_1 / (1 + a_2 / (1 + ...))) with a_m = term(m), by Lentz's method.
template <class Term>
double continued_fraction(const Term& term) {
  const auto safe = [](double x) { return std::abs(x) < kTiny ? kTiny : x; };
  double value = 1, c = 1, d = 0;
  for (int m = 1; m < kMostTerms; ++m) {
    const double a = term(m);
    d = 1 / safe(1 + a * d);
    c = safe(1 + a / c);
    value *= c * d;
    if (std::abs(c * d - 1) < kPrecise) break;
  }
  return 1 / value;
}

double beta_tail(double a, double b, double x) {
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x)) /
                       a;
  return front * continued_fraction([&](int m) {
           const double k = m / 2;
           if (m % 2 == 0) return k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
           return -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
         });
}

// Q(a, x) by its continued fraction, for x > a + 1: x + 1 - a - 1 (1 - a) / (x + 3 - a - ...).
double gamma_tail(double a, double x) {
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, value = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double factor = -m * (m - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    value *= c * d;
    if (std::abs(c * d - 1) < kPrecise) break;
  }
  return value * std::exp(a * std::log(x) - x - std::lgamma(a));
}

// P(a, x) by its series, for x <= a + 1.
double gamma_head(double a, double x) {
  double term = 1 / a, sum = term;
  for (int m = 1; m < kMostTerms && term > kPrecise * sum; ++m) {
    term *= x / (a + m);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (p > 0.5) return -normal_quantile(1 - p);
  return p == 0.5 ? 0 : invert(normal_cdf, p, -40, 0);
}

double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2) ? beta_tail(a, b, x) : 1 - beta_tail(b, a, 1 - x);
}

double t_two_sided(double t, double df) {
  return std::isinf(t) ? 0 : incomplete_beta(df / 2, 0.5, df / (df + t * t));
}

double t_quantile(double p, double df) {
  if (p < 0.5) return -t_quantile(1 - p, df);
  // Bisected in log t: with one degree of freedom the quantiles reach far.
  const auto below = [&](double x) { return 1 - t_two_sided(std::exp(x), df) / 2; };
  return p == 0.5 ? 0 : std::exp(invert(below, p, -40, 40));
}

double chi_square_above(double x, double df) {
  if (x <= 0) return 1;
  const double a = df / 2, half = x / 2;
  return half > a + 1 ? gamma_tail(a, half) : 1 - gamma_head(a, half);
}

double f_above(double x, double df1, double df2) {
  if (x <= 0) return 1;
  return std::isinf(x) ? 0 : incomplete_beta(df2 / 2, df1 / 2, df2 / (df2 + df1 * x));
}

double fair_coin_two_sided(double heads, double tosses) {
  const double few = std::min(heads, tosses - heads);
  if (tosses - 2 * few < 1) return 1;
  // P(X <= few) = I_1/2(tosses - few, few + 1)
  return std::min(1.0, 2 * incomplete_beta(tosses - few, few + 1, 0.5));
}

double normal_range_cdf(double q, int k) {
  if (q <= 0) return 0;
  // k * integral of phi(z) (Phi(z) - Phi(z - q))^(k-1) over the largest value z, by Simpson's rule.
  constexpr int kPieces = 2000;
  const double low = -9, high = 9 + q, step = (high - low) / kPieces;
  double sum = 0;
  for (int i = 0; i <= kPieces; ++i) {
    const double z = low + i * step, weight = i == 0 || i == kPieces ? 1 : i % 2 == 1 ? 4 : 2;
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    sum += weight * density * std::pow(normal_cdf(z) - normal_cdf(z - q), k - 1);
  }
  return k * sum * step / 3;
}

double normal_range_quantile(double p, int k) {
  return invert([&](double q) { return normal_range_cdf(q, k); }, p, 0, 60);
}

}  // namespace refrain::score

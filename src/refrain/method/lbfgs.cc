#include "refrain/method/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace refrain::method {
namespace {

// Four partial sums, so that the additions do not wait for each other.
double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double part[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) part[k] += a[i + k] * b[i + k];
  }
  for (; i < a.size(); ++i) part[0] += a[i] * b[i];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

void add_scaled(double factor, const std::vector<double>& x, std::vector<double>& y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] += factor * x[i];
}

double largest(const std::vector<double>& x) {
  double most = 0;
  for (const double v : x) most = std::max(most, std::abs(v));
  return most;
}

// A remembered step: how x and the gradient changed.
struct Pair {
  std::vector<double> s, y;
  double rho;
};

// direction = -(approximate inverse Hessian) gradient: the two-loop recursion.
void descend(const std::deque<Pair>& memory, const std::vector<double>& gradient,
             std::vector<double>& direction) {
  for (std::size_t i = 0; i < gradient.size(); ++i) direction[i] = -gradient[i];
  std::vector<double> alpha(memory.size());
  for (std::size_t k = memory.size(); k-- > 0;) {
    alpha[k] = memory[k].rho * dot(memory[k].s, direction);
    add_scaled(-alpha[k], memory[k].y, direction);
  }
  if (!memory.empty()) {
    const auto& last = memory.back();
    const double scale = 1.0 / (last.rho * dot(last.y, last.y));
    for (double& d : direction) d *= scale;
  }
  for (std::size_t k = 0; k < memory.size(); ++k) {
    const double beta = memory[k].rho * dot(memory[k].y, direction);
    add_scaled(alpha[k] - beta, memory[k].s, direction);
  }
}

class Search {
 public:
  Search(const SmoothFunction& function, std::vector<double>& x)
      : function_(function), x_(x), gradient_(x.size()), direction_(x.size()) {
    value_ = function_(x_, gradient_);
  }

  double run(const LbfgsLimits& limits) {
    for (int i = 0; i < limits.iterations && largest(gradient_) > limits.gradient; ++i) {
      descend(memory_, gradient_, direction_);
      if (!step(limits)) break;
    }
    return value_;
  }

 private:
  bool step(const LbfgsLimits& limits) {
    const double slope = dot(gradient_, direction_);
    if (!(slope < 0)) return false;
    double rate = memory_.empty() ? std::min(1.0, 1.0 / std::sqrt(-slope)) : 1.0;
    std::vector<double> trial(x_.size()), gradient(x_.size());
    for (int tries = 0; tries < 30; ++tries, rate *= 0.5) {
      trial = x_;
      add_scaled(rate, direction_, trial);
      const double value = function_(trial, gradient);
      if (value <= value_ + 1e-4 * rate * slope) {
        accept(std::move(trial), std::move(gradient), limits);
        value_ = value;
        return true;
      }
    }
    return false;
  }

  void accept(std::vector<double> x, std::vector<double> gradient, const LbfgsLimits& limits) {
    Pair pair{std::move(x_), std::move(gradient_), 0};
    for (std::size_t i = 0; i < x.size(); ++i) {
      pair.s[i] = x[i] - pair.s[i];
      pair.y[i] = gradient[i] - pair.y[i];
    }
    x_ = std::move(x);
    gradient_ = std::move(gradient);
    const double curvature = dot(pair.s, pair.y);
    if (curvature <= 1e-12 * dot(pair.y, pair.y)) return;
    pair.rho = 1.0 / curvature;
    memory_.push_back(std::move(pair));
    if (static_cast<int>(memory_.size()) > limits.memory) memory_.pop_front();
  }

  const SmoothFunction& function_;
  std::vector<double>& x_;
  std::vector<double> gradient_, direction_;
  double value_ = 0;
  std::deque<Pair> memory_;
};

}  // namespace

double minimise(const SmoothFunction& function, const LbfgsLimits& limits, std::vector<double>& x) {
  return Search(function, x).run(limits);
}

}  // namespace refrain::method

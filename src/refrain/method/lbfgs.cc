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
  Search(const SmoothFunction& function, const LbfgsLimits& limits, std::vector<double>& x)
      : function_(function), limits_(limits), x_(x), gradient_(x.size()), direction_(x.size()) {
    value_ = function_(x_, gradient_) + penalty(x_);
  }

  double run() {
    for (int i = 0; i < limits_.iterations; ++i) {
      const auto slopes = slopes_here();
      if (largest(slopes) <= limits_.gradient) break;
      descend(memory_, slopes, direction_);
      if (limits_.l1 > 0) keep_descending(slopes);
      if (!step(slopes)) break;
    }
    return value_;
  }

 private:
  double penalty(const std::vector<double>& x) const {
    double sum = 0;
    if (limits_.l1 > 0) {
      for (const double v : x) sum += std::abs(v);
    }
    return limits_.l1 * sum;
  }

  // The gradient with that of the penalty; at 0 the one of the side that falls, if one does.
  std::vector<double> slopes_here() const {
    std::vector<double> out = gradient_;
    if (limits_.l1 <= 0) return out;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double g = gradient_[i];
      const double at_zero = std::max(0.0, g - limits_.l1) + std::min(0.0, g + limits_.l1);
      out[i] = x_[i] > 0 ? g + limits_.l1 : x_[i] < 0 ? g - limits_.l1 : at_zero;
    }
    return out;
  }

  // Components that would not fall stand still.
  void keep_descending(const std::vector<double>& slopes) {
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      if (direction_[i] * slopes[i] >= 0) direction_[i] = 0;
    }
  }

  // x moved by rate times the direction; a component stops at 0 rather than change its sign.
  void move(const std::vector<double>& slopes, double rate, std::vector<double>& trial) const {
    trial = x_;
    add_scaled(rate, direction_, trial);
    if (limits_.l1 <= 0) return;
    for (std::size_t i = 0; i < trial.size(); ++i) {
      const double side = x_[i] != 0 ? x_[i] : -slopes[i];
      if (trial[i] * side < 0) trial[i] = 0;
    }
  }

  bool step(const std::vector<double>& slopes) {
    const double slope = dot(slopes, direction_);
    if (!(slope < 0)) return false;
    double rate = memory_.empty() ? std::min(1.0, 1.0 / std::sqrt(-slope)) : 1.0;
    std::vector<double> trial(x_.size()), gradient(x_.size());
    for (int tries = 0; tries < 30; ++tries, rate *= 0.5) {
      move(slopes, rate, trial);
      const double value = function_(trial, gradient) + penalty(trial);
      if (value <= value_ + 1e-4 * rate * slope) {
        accept(std::move(trial), std::move(gradient));
        value_ = value;
        return true;
      }
    }
    return false;
  }

  void accept(std::vector<double> x, std::vector<double> gradient) {
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
    if (static_cast<int>(memory_.size()) > limits_.memory) memory_.pop_front();
  }

  const SmoothFunction& function_;
  const LbfgsLimits& limits_;
  std::vector<double>& x_;
  std::vector<double> gradient_, direction_;
  double value_ = 0;
  std::deque<Pair> memory_;
};

}  // namespace

double minimise(const SmoothFunction& function, const LbfgsLimits& limits, std::vector<double>& x) {
  return Search(function, limits, x).run();
}

}  // namespace refrain::method

// For tests: compares the gradients of a function on the tape with finite differences.
//
//   GradientCheck check;
//   check.leaf("x", {6, 3});   check.leaf("w", {3, 4});
//   EXPECT_LT(check.worst([&](Tape& t, const Var* v) { return linear(t, v[0], v[1], {}); }),
//   kTolerance);
//
// The loss is the sum of the result times fixed random numbers. A derivative is taken from four
// points, f(x +- h) and f(x +- 2h); where it disagrees a smaller h is tried, which forgives a kink
// (relu, maximum) that happened to lie within h, but no wrong gradient. A leaf that stands still
// (a frozen parameter) must leave the others' gradients as they are, to the bit, and all leaves
// standing still must leave nothing to differentiate.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/tape/tape.h"

namespace refrain::tape {

class GradientCheck {
 public:
  // Takes the leaves' variables in the order of their declaration and gives a result of any shape.
  using Function = std::function<Var(Tape&, const Var*)>;

  // The required agreement: 1e-7 in double; in float, rounding hides all but gross errors.
  static constexpr bool kDouble = sizeof(real) == 8;
  static constexpr double kTolerance = kDouble ? 1e-7 : 0.1;

  explicit GradientCheck(std::uint64_t seed = 1) : rng_(seed) {}

  // A parameter or input, random in [-size, size). The returned numbers may be changed.
  std::vector<real>& leaf(const std::string& name, const Shape& shape, double size = 1) {
    Leaf leaf{name, shape, std::vector<real>(shape.count()), std::vector<real>(shape.count())};
    for (real& x : leaf.value) x = static_cast<real>(rng_.uniform(-size, size));
    leaves_.push_back(std::move(leaf));
    return leaves_.back().value;
  }

  // The largest relative error of any derivative of any leaf. Small derivatives count relative to
  // 1 % of their leaf's largest and 0.01 % of the largest of all (float: 10 %, 1 %).
  double worst(const Function& f) {
    if (!stands_still(f)) return std::numeric_limits<double>::infinity();
    analytic(f);
    double all = 0, result = 0;
    for (const Leaf& leaf : leaves_) all = std::max(all, largest(leaf));
    for (Leaf& leaf : leaves_) {
      const double floor = std::max((kDouble ? 1e-2 : 0.1) * largest(leaf),
                                    std::max((kDouble ? 1e-4 : 1e-2) * all, 1e-30));
      for (std::size_t i = 0; i < leaf.value.size(); ++i) {
        const double error = relative_error(f, leaf, i, floor);
        if (!(error <= result)) result = error, where_ = leaf.name + "[" + std::to_string(i) + "]";
        if (std::isnan(error)) return std::numeric_limits<double>::infinity();
      }
    }
    return result;
  }

  // Where the largest error of the last `worst` was.
  const std::string& where() const { return where_; }

 private:
  struct Leaf {
    std::string name;
    Shape shape;
    std::vector<real> value, gradient;
    bool still = false;  // a constant
  };

  Var run(const Function& f, bool recording) {
    tape_.reset(recording);
    vars_.clear();
    for (Leaf& leaf : leaves_) {
      const bool wanted = recording && !leaf.still;
      vars_.push_back(tape_.variable({leaf.shape, leaf.value.data()},
                                     {leaf.shape, wanted ? leaf.gradient.data() : nullptr}));
    }
    const Var y = f(tape_, vars_.data());
    while (upstream_.size() < tape_.value(y).count()) {
      upstream_.push_back(static_cast<real>(rng_.uniform(-1, 1)));
    }
    return y;
  }

  void analytic(const Function& f) {
    for (Leaf& leaf : leaves_) std::fill(leaf.gradient.begin(), leaf.gradient.end(), real{0});
    const Var y = run(f, true);
    if (!tape_.wants_gradient(y)) return;
    const Tensor d_y = tape_.gradient(y);
    for (std::size_t i = 0; i < d_y.count(); ++i) d_y.data[i] += upstream_[i];
    tape_.backward();
  }

  // True if leaves that stand still, each alone and all together, are left out.
  bool stands_still(const Function& f) {
    analytic(f);
    std::vector<std::vector<real>> whole;
    for (const Leaf& leaf : leaves_) whole.push_back(leaf.gradient);
    for (Leaf& one : leaves_) {
      one.still = true;
      where_ = "leaves beside " + one.name + ", which stands still";
      analytic(f);
      one.still = false;
      for (std::size_t i = 0; i < whole.size(); ++i) {
        const bool own = &leaves_[i] == &one;
        const auto nothing = std::vector<real>(whole[i].size());
        if (leaves_[i].gradient != (own ? nothing : whole[i])) return false;
      }
    }
    for (Leaf& leaf : leaves_) leaf.still = true;
    where_ = "the result, with all leaves standing still";
    const bool wanted = tape_.wants_gradient(run(f, true));
    for (Leaf& leaf : leaves_) leaf.still = false;
    return !wanted;
  }

  double loss(const Function& f) {
    const Tensor y = tape_.value(run(f, false));
    double sum = 0;
    for (std::size_t i = 0; i < y.count(); ++i) {
      sum += static_cast<double>(y.data[i]) * static_cast<double>(upstream_[i]);
    }
    return sum;
  }

  double numeric(const Function& f, real& x, real h) {
    const real old = x;
    const auto slope = [&](real step) {
      const real above = old + step, below = old - step;  // as rounded
      x = above;
      const double up = loss(f);
      x = below;
      const double down = loss(f);
      x = old;
      return (up - down) / (static_cast<double>(above) - static_cast<double>(below));
    };
    return (4 * slope(h) - slope(2 * h)) / 3;
  }

  double relative_error(const Function& f, Leaf& leaf, std::size_t i, double floor) {
    double best = std::numeric_limits<double>::infinity();
    for (const double h : {kDouble ? 2e-4 : 2e-2, kDouble ? 2e-5 : 2e-3, kDouble ? 2e-6 : 2e-4}) {
      const double n = numeric(f, leaf.value[i], static_cast<real>(h));
      const double a = static_cast<double>(leaf.gradient[i]);
      const double error = std::abs(n - a) / std::max({std::abs(n), std::abs(a), floor});
      if (std::isnan(error)) return error;
      best = std::min(best, error);
      if (best < kTolerance / 10) break;
    }
    return best;
  }

  static double largest(const Leaf& leaf) {
    double most = 0;
    for (const real g : leaf.gradient) most = std::max(most, std::abs(static_cast<double>(g)));
    return most;
  }

  base::Rng rng_;
  Tape tape_;
  std::deque<Leaf> leaves_;
  std::vector<Var> vars_;
  std::vector<real> upstream_;
  std::string where_;
};

}  // namespace refrain::tape

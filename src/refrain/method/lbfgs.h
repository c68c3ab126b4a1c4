// Limited-memory BFGS (Nocedal 1980; Liu and Nocedal 1989) for smooth convex functions of many
// variables, with backtracking until the function falls enough (Armijo). With an L1 penalty it
// keeps to the orthant of each step, so that components become exactly 0 (OWL-QN, Andrew and Gao
// 2007).
#pragma once

#include <functional>
#include <vector>

namespace refrain::method {

struct LbfgsLimits {
  int iterations = 100;
  double gradient = 1e-5;  // stop when no component is larger
  int memory = 8;
  double l1 = 0;  // minimises the function plus l1 * (sum of |x|)
};

// The value at x; fills the gradient, which has the size of x.
using SmoothFunction =
    std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

// Moves x to a minimum; returns the value there, the penalty included.
double minimise(const SmoothFunction& function, const LbfgsLimits& limits, std::vector<double>& x);

}  // namespace refrain::method

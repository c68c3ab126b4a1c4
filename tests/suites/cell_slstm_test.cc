// The slstm where its gates are huge, tiny or closed for long: against its weighted mean, computed
// with logarithms in double.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

// log(exp(a) + exp(b))
double log_sum(double a, double b) {
  return std::max(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
}

// h of one unit without recurrent weights, whose gates' sums are a [T,4] in the order i, f, z, o.
std::vector<double> expected_states(const Numbers& a) {
  std::vector<double> out;
  double log_n = -INFINITY, mean = 0;
  for (std::size_t t = 0; t < a.size(); t += 4) {
    const double f = static_cast<double>(a[t + 1]), in = static_cast<double>(a[t]);
    const double kept = log_n - log_sum(0, -f);  // log sigmoid(f)
    log_n = std::isinf(kept) ? in : log_sum(kept, in);
    const double share = std::exp(in - log_n);
    mean += share * (std::tanh(static_cast<double>(a[t + 2])) - mean);
    out.push_back(sigmoid_of(static_cast<double>(a[t + 3])) * mean);
  }
  return out;
}

// The largest difference to the cell's own states.
double error_of(Numbers a) {
  const auto T = static_cast<int>(a.size() / 4);
  tensor::StepTable table;
  table.assign({T});
  tape::Tape tape;
  tape.reset(false);
  Numbers w_x(16), w_h(4), b(4);
  for (std::size_t i = 0; i < 4; ++i) w_x[i * 5] = 1;
  tape::RecurrentLayer layer;
  layer.cell = &kernels::cells().at("slstm");
  layer.units = 1;
  layer.direction[0].w_x = tape.constant({{4, 4}, w_x.data()});
  layer.direction[0].w_h = tape.constant({{1, 4}, w_h.data()});
  layer.direction[0].b = tape.constant({{4}, b.data()});
  const auto expected = expected_states(a);
  const tape::Var y = recurrent(tape, tape.constant({{T, 4}, a.data()}), layer, table.steps());
  double worst = 0;
  for (std::size_t t = 0; t < expected.size(); ++t) {
    const double h = static_cast<double>(tape.value(y).data[t]);
    if (!std::isfinite(h)) return INFINITY;
    worst = std::max(worst, std::fabs(h - expected[t]));
  }
  return worst;
}

Numbers random_gates(int steps, double size) {
  base::Rng rng(3);
  Numbers a;
  for (int i = 0; i < 4 * steps; ++i) a.push_back(static_cast<real>(size * rng.normal()));
  return a;
}

TEST(Slstm, is_the_weighted_mean_of_its_inputs) {
  for (const double size : {0.5, 3.0, 20.0, 500.0}) {
    EXPECT_LT(error_of(random_gates(300, size)), 2e-4) << size;
  }
}

// Nothing comes in for long: the normaliser must neither vanish nor drown the next input.
TEST(Slstm, forgets_for_ten_thousand_steps_and_learns_again) {
  for (const double forget : {-6.0, 0.0, 1.0}) {
    Numbers a = random_gates(10'000, 1);
    for (std::size_t t = 8; t + 8 < a.size(); t += 4) {
      a[t] = -60'000;
      a[t + 1] = static_cast<real>(forget);
    }
    a[a.size() - 8] = a[a.size() - 4] = 3;
    EXPECT_LT(error_of(a), 2e-4) << forget;
  }
}

TEST(Slstm, starts_with_its_first_input_however_weak) {
  Numbers a = random_gates(3, 1);
  a[0] = -5000;
  EXPECT_LT(error_of(a), 1e-5);
}

}  // namespace
}  // namespace refrain::suites

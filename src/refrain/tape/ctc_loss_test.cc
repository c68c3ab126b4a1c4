#include "refrain/tape/ctc_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/tape/gradient_check.h"

namespace refrain::tape {
namespace {

constexpr double kCtcClose = sizeof(real) == 8 ? 1e-10 : 3e-5;

using Symbols = std::vector<int>;

// Symbols that are written by `path`: equal neighbours merged, then blanks dropped.
Symbols written(const Symbols& path, int blank) {
  Symbols out;
  for (std::size_t t = 0; t < path.size(); ++t) {
    const bool again = t > 0 && path[t] == path[t - 1];
    if (!again && path[t] != blank) out.push_back(path[t]);
  }
  return out;
}

// Scores of some sequences, and what enumerating all paths gives.
struct CtcCase {
  int K, blank;
  tensor::StepTable table;
  std::vector<real> scores;
  std::vector<int> symbol, begin = {0};

  CtcCase(int symbols, int blank_symbol, const std::vector<Symbols>& targets,
          const std::vector<int>& lengths, double size)
      : K(symbols), blank(blank_symbol) {
    table.assign(lengths);
    base::Rng rng(7);
    for (int i = 0; i < steps().N * K; ++i) {
      scores.push_back(static_cast<real>(rng.uniform(-size, size)));
    }
    for (const auto& t : targets) {
      symbol.insert(symbol.end(), t.begin(), t.end());
      begin.push_back(static_cast<int>(symbol.size()));
    }
  }

  const tensor::Steps& steps() const { return table.steps(); }
  CtcLoss options() const {
    CtcLoss o;
    o.symbol = symbol.data();
    o.begin = begin.data();
    o.blank = blank;
    return o;
  }
  Symbols target(int b) const {
    return {symbol.begin() + begin[static_cast<std::size_t>(b)],
            symbol.begin() + begin[static_cast<std::size_t>(b) + 1]};
  }

  // Log probability of a path but for the softmax's denominators.
  double score(int b, const Symbols& path) const {
    double sum = 0;
    for (std::size_t t = 0; t < path.size(); ++t) {
      const int n = steps().row(static_cast<int>(t), b);
      sum += static_cast<double>(scores[static_cast<std::size_t>(n * K + path[t])]);
    }
    return sum;
  }

  void for_all(int b, const std::function<void(const Symbols&)>& see) const {
    Symbols path(static_cast<std::size_t>(steps().length[b]));
    for (bool more = true; more;) {
      see(path);
      more = false;
      for (auto& k : path) {
        if (++k < K) {
          more = true;
          break;
        }
        k = 0;
      }
    }
  }

  double surprise(int b) const {
    double most = -1e300, all = 0, own = 0, own_most = -1e300;
    const Symbols wanted = target(b);
    for_all(b, [&](const Symbols& p) {
      most = std::max(most, score(b, p));
      if (written(p, blank) == wanted) own_most = std::max(own_most, score(b, p));
    });
    for_all(b, [&](const Symbols& p) {
      all += std::exp(score(b, p) - most);
      if (written(p, blank) == wanted) own += std::exp(score(b, p) - own_most);
    });
    return most + std::log(all) - own_most - std::log(own);
  }
};

std::vector<double> surprises(CtcCase& c) {
  Tape tape;
  tape.reset(false);
  std::vector<double> out(static_cast<std::size_t>(c.steps().B));
  CtcLoss o = c.options();
  o.surprise = out.data();
  ctc_loss(tape, tape.constant({{c.steps().N, c.K}, c.scores.data()}), o, c.steps());
  return out;
}

void expect_enumerated(CtcCase& c) {
  const auto found = surprises(c);
  for (int b = 0; b < c.steps().B; ++b) {
    const double expected = c.surprise(b);
    EXPECT_NEAR(found[static_cast<std::size_t>(b)], expected,
                kCtcClose * std::max(1.0, std::abs(expected)))
        << b;
  }
}

TEST(CtcLoss, is_what_enumerating_all_paths_gives) {
  // Lengths are sorted, longest first: targets stand in that order.
  CtcCase c(4, 0, {{1, 2, 2}, {3, 1}, {2}, {}}, {6, 5, 2, 2}, 2);
  expect_enumerated(c);
  CtcCase last(3, 2, {{0, 0}, {1, 0, 1}, {1}}, {6, 3, 1}, 3);
  expect_enumerated(last);
}

TEST(CtcLoss, is_exact_where_probabilities_leave_the_range_of_numbers) {
  for (const double size : {200.0, 1500.0}) {
    CtcCase c(3, 0, {{1, 2, 1}, {2, 2}, {1}}, {6, 4, 3}, size);
    expect_enumerated(c);
  }
}

TEST(CtcLoss, of_many_improbable_symbols_keeps_its_digits) {
  // Every symbol has e^-40 of the blank's probability at each step: 50 of them have e^-2000.
  const int T = 120, L = 50;
  Symbols target;
  for (int i = 0; i < L; ++i) target.push_back(1 + i % 2);
  CtcCase c(3, 0, {target}, {T}, 0);
  for (int t = 0; t < T; ++t) c.scores[static_cast<std::size_t>(t * 3)] = 40;
  // All paths with each symbol written once have e^(40 (T - L)): there are C(T, L) of them, and
  // paths that write a symbol twice have e^-40 of that.
  const double ways = std::lgamma(T + 1) - std::lgamma(L + 1) - std::lgamma(T - L + 1);
  const double expected = T * std::log(std::exp(40.0) + 2) - 40.0 * (T - L) - ways;
  EXPECT_NEAR(surprises(c)[0], expected, 1e-6 * expected);
}

TEST(CtcLoss, has_the_gradient_that_finite_differences_have) {
  for (const double size : {1.0, sizeof(real) == 8 ? 500.0 : 1.0}) {
    CtcCase c(4, 1, {{0, 2, 2}, {3}, {}}, {6, 3, 2}, 1);
    const std::vector<real> weight = {1, real{0.5}, 2};
    GradientCheck check;
    auto& scores = check.leaf("scores", {c.steps().N, 4}, size);
    if (size > 1) std::fill(scores.begin() + 6, scores.end(), real{0});
    EXPECT_LT(check.worst([&](Tape& t, const Var* v) {
      CtcLoss o = c.options();
      o.weight = weight.data();
      o.total_weight = 3.5;
      return ctc_loss(t, v[0], o, c.steps());
    }),
              GradientCheck::kTolerance)
        << size;
  }
}

TEST(CtcLoss, of_a_sequence_is_the_same_in_any_batch_to_the_bit) {
  CtcCase all(5, 0, {{1, 2, 3}, {4, 4}, {2}}, {9, 7, 3}, 3);
  const auto together = surprises(all);
  for (int b = 0; b < 3; ++b) {
    CtcCase one(5, 0, {all.target(b)}, {all.steps().length[b]}, 3);
    for (int t = 0; t < all.steps().length[b]; ++t) {
      std::copy_n(all.scores.begin() + all.steps().row(t, b) * 5, 5, one.scores.begin() + t * 5);
    }
    EXPECT_EQ(surprises(one)[0], together[static_cast<std::size_t>(b)]);
  }
}

TEST(CtcLoss, names_a_sequence_that_has_too_few_steps) {
  CtcCase c(3, 0, {{1, 1}}, {2}, 1);
  EXPECT_EQ(ctc_steps(c.symbol.data(), 2), 3);
  try {
    surprises(c);
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "[ctc_loss] 2 symbols need 3 steps, there are 2");
  }
}

TEST(CtcAlign, is_the_best_of_all_paths) {
  CtcCase c(3, 0, {{1, 2, 2}}, {7}, 3);
  Symbols best;
  double most = -1e300;
  c.for_all(0, [&](const Symbols& p) {
    if (written(p, 0) != c.target(0) || c.score(0, p) <= most) return;
    most = c.score(0, p);
    best = p;
  });
  Tape tape;
  tape.reset(false);
  int first[3], last[3];
  ctc_align(tape, {{7, 3}, c.scores.data()}, c.options(), {first, last});
  Symbols path(7, 0);
  for (int i = 0; i < 3; ++i) {
    for (int t = first[i]; t <= last[i]; ++t)
      path[static_cast<std::size_t>(t)] = c.symbol[static_cast<std::size_t>(i)];
  }
  EXPECT_EQ(path, best);
}

}  // namespace
}  // namespace refrain::tape

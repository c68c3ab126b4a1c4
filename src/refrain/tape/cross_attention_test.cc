#include "refrain/tape/cross_attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/tape/gradient_check.h"

namespace refrain::tape {
namespace {

// Queries of lengths 2, 4, 1 and keys of lengths 3, 1, 5, in the order of the batch.
struct Pairs {
  tensor::StepTable queries, keys;
  Pairs() {
    queries.assign({2, 4, 1});
    keys.assign({3, 1, 5});
  }
  AttendedSteps steps() const { return {&queries.steps(), &keys.steps()}; }
  // The row of the keys at the place of the batch that row b of the queries has.
  int read(int b) const {
    for (int r = 0; r < 3; ++r) {
      if (keys.steps().position[r] == queries.steps().position[b]) return r;
    }
    return -1;
  }
};

std::vector<real> numbers(int count, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<real> out;
  for (int i = 0; i < count; ++i) out.push_back(static_cast<real>(rng.uniform(-1, 1)));
  return out;
}

// The result by its definition, for one head.
std::vector<double> by_definition(const Pairs& p, const std::vector<real>& q,
                                  const std::vector<real>& k, const std::vector<real>& v,
                                  const std::vector<real>& energy) {
  const int F = 4, G = 6;
  const auto &sq = p.queries.steps(), &sk = p.keys.steps();
  std::vector<double> out(static_cast<std::size_t>(sq.N * G));
  for (int b = 0; b < sq.B; ++b) {
    const int r = p.read(b);
    for (int t = 0; t < sq.length[b]; ++t) {
      std::vector<double> weight;
      double total = 0;
      for (int u = 0; u < sk.length[r]; ++u) {
        double score = 0;
        for (int i = 0; i < F; ++i) {
          const auto a = static_cast<double>(q[static_cast<std::size_t>(sq.row(t, b) * F + i)]);
          const auto c = static_cast<double>(k[static_cast<std::size_t>(sk.row(u, r) * F + i)]);
          score += energy.empty() ? a * c / 2
                                  : static_cast<double>(energy[static_cast<std::size_t>(i)]) *
                                        std::tanh(a + c);
        }
        weight.push_back(std::exp(score));
        total += weight.back();
      }
      for (int u = 0; u < sk.length[r]; ++u) {
        for (int i = 0; i < G; ++i) {
          out[static_cast<std::size_t>(sq.row(t, b) * G + i)] +=
              weight[static_cast<std::size_t>(u)] / total *
              static_cast<double>(v[static_cast<std::size_t>(sk.row(u, r) * G + i)]);
        }
      }
    }
  }
  return out;
}

TEST(CrossAttention, averages_the_values_of_the_sequence_at_the_same_place_of_the_batch) {
  const Pairs p;
  auto q = numbers(7 * 4, 1), k = numbers(9 * 4, 2), v = numbers(9 * 6, 3), e = numbers(4, 4);
  for (const bool additive : {false, true}) {
    Tape tape;
    tape.reset(false);
    CrossAttention a;
    if (additive) a.energy = tape.constant({{4}, e.data()});
    const real* weights = nullptr;
    a.weights = &weights;
    const Var y =
        cross_attention(tape,
                        {tape.constant({{7, 4}, q.data()}), tape.constant({{9, 4}, k.data()}),
                         tape.constant({{9, 6}, v.data()})},
                        a, p.steps());
    const auto expected = by_definition(p, q, k, v, additive ? e : std::vector<real>{});
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(tape.value(y).data[i]), expected[i], 1e-5);
    }
    // The longest sequence of queries, at place 1, reads the keys at place 1: a single step.
    for (int t = 0; t < 4; ++t) EXPECT_NEAR(static_cast<double>(weights[t]), 1, 1e-6);
  }
}

TEST(CrossAttention, has_the_gradient_that_finite_differences_have) {
  const Pairs p;
  for (const int heads : {0, 1, 2}) {  // 0: additive
    GradientCheck check;
    check.leaf("queries", {7, 4});
    check.leaf("keys", {9, 4});
    check.leaf("values", {9, 6});
    if (heads == 0) check.leaf("energy", {4});
    EXPECT_LT(check.worst([&](Tape& t, const Var* v) {
      CrossAttention a;
      a.heads = std::max(heads, 1);
      if (heads == 0) a.energy = v[3];
      return cross_attention(t, {v[0], v[1], v[2]}, a, p.steps());
    }),
              GradientCheck::kTolerance)
        << heads;
  }
}

TEST(CrossAttention, sizes_that_do_not_match_are_refused) {
  const Pairs p;
  auto q = numbers(7 * 4, 1), k = numbers(9 * 4, 2), v = numbers(9 * 6, 3);
  Tape tape;
  tape.reset(false);
  const Attended x{tape.constant({{7, 4}, q.data()}), tape.constant({{9, 4}, k.data()}),
                   tape.constant({{9, 6}, v.data()})};
  CrossAttention a;
  a.heads = 4;
  EXPECT_THROW(cross_attention(tape, x, a, p.steps()), Error);
  a.heads = 1;
  EXPECT_THROW(cross_attention(tape, x, a, {&p.keys.steps(), &p.keys.steps()}), Error);
}

}  // namespace
}  // namespace refrain::tape

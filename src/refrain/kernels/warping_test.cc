#include "refrain/kernels/warping.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Sixteen random candidates [T,C,16] and a query [T,C].
struct Case {
  int steps, channels;
  std::vector<float> query, candidates, scratch;

  Case(int T, int C) : steps(T), channels(C) {
    base::Rng rng(static_cast<std::uint64_t>(T * 100 + C));
    query.resize(static_cast<std::size_t>(T * C));
    candidates.resize(query.size() * kWarpingLanes);
    scratch.resize(static_cast<std::size_t>(2 * (T + 1) * kWarpingLanes));
    for (float& v : query) v = static_cast<float>(rng.normal());
    for (float& v : candidates) v = static_cast<float>(rng.normal());
  }

  std::vector<float> distances(int window, float cutoff) {
    std::vector<float> out(kWarpingLanes);
    warping_distances(
        {query.data(), candidates.data(), steps, channels, window, cutoff, scratch.data()},
        out.data());
    return out;
  }

  double cost(int i, int j, int lane) const {
    double sum = 0;
    for (int c = 0; c < channels; ++c) {
      const auto other = static_cast<std::size_t>((j * channels + c) * kWarpingLanes + lane);
      const double d = static_cast<double>(query[static_cast<std::size_t>(i * channels + c)]) -
                       static_cast<double>(candidates[other]);
      sum += d * d;
    }
    return sum;
  }

  // The definition, on the whole matrix.
  double plain(int window, int lane) const {
    const auto at = [&](int i, int j) { return static_cast<std::size_t>(i * (steps + 1) + j); };
    std::vector<double> d(static_cast<std::size_t>((steps + 1) * (steps + 1)), HUGE_VAL);
    d[0] = 0;
    for (int i = 1; i <= steps; ++i) {
      for (int j = 1; j <= steps; ++j) {
        if (std::abs(i - j) > window) continue;
        const double least = std::min({d[at(i - 1, j - 1)], d[at(i - 1, j)], d[at(i, j - 1)]});
        d[at(i, j)] = least + cost(i - 1, j - 1, lane);
      }
    }
    return d[at(steps, steps)];
  }
};

class Warping16 : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};

TEST_P(Warping16, distances_are_those_of_the_definition_for_every_window) {
  for (const int steps : {1, 2, 7, 20}) {
    for (const int channels : {1, 3}) {
      Case c(steps, channels);
      for (int window = 0; window < steps; ++window) {
        const auto got = c.distances(window, kInfinity);
        for (int lane = 0; lane < kWarpingLanes; ++lane) {
          const double want = c.plain(window, lane);
          EXPECT_NEAR(got[static_cast<std::size_t>(lane)], want, 1e-4 * (1 + want))
              << steps << " steps, window " << window << ", lane " << lane;
        }
      }
    }
  }
}

TEST_P(Warping16, what_lies_within_the_cutoff_is_exact_and_hopeless_work_stops) {
  Case c(24, 1);
  const auto all = c.distances(4, kInfinity);
  const float least = *std::min_element(all.begin(), all.end());
  EXPECT_EQ(c.distances(4, least), all);  // one lane stays at the cutoff: nothing is abandoned
  for (const float d : c.distances(4, 0.5F * least)) EXPECT_GT(d, 0.5F * least);
  for (const float d : c.distances(4, 0)) EXPECT_EQ(d, kInfinity);
  Case one(1, 1);  // a single cell: its cost is the distance
  const auto costs = one.distances(0, kInfinity);
  EXPECT_EQ(one.distances(0, *std::min_element(costs.begin(), costs.end())), costs);
}

TEST_P(Warping16, lower_bounds_stay_below_the_distances_and_meet_them_without_warping) {
  Case c(18, 2);
  const auto n = c.query.size();
  std::vector<float> bound(kWarpingLanes);
  warping_lower_bounds(c.query.data(), {c.candidates.data(), c.candidates.data()}, n, bound.data());
  const auto straight = c.distances(0, kInfinity);
  for (std::size_t k = 0; k < bound.size(); ++k) EXPECT_NEAR(bound[k], straight[k], 1e-3);
  auto low = c.candidates, high = c.candidates;  // a window of one step
  const auto lane = [&](int t, int k) { return static_cast<std::size_t>(t * 2 * 16 + k); };
  for (int t = 0; t < 18; ++t) {
    for (int k = 0; k < 2 * 16; ++k) {
      for (const int other : {std::max(0, t - 1), std::min(17, t + 1)}) {
        low[lane(t, k)] = std::min(low[lane(t, k)], c.candidates[lane(other, k)]);
        high[lane(t, k)] = std::max(high[lane(t, k)], c.candidates[lane(other, k)]);
      }
    }
  }
  warping_lower_bounds(c.query.data(), {low.data(), high.data()}, n, bound.data());
  const auto warped = c.distances(1, kInfinity);
  for (std::size_t k = 0; k < bound.size(); ++k) {
    EXPECT_LE(bound[k], warped[k]);
    EXPECT_GT(bound[k], 0);
  }
}

INSTANTIATE_TEST_SUITE_P(AllIsas, Warping16, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

}  // namespace
}  // namespace refrain::kernels

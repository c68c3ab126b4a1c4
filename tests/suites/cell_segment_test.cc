// Every registered cell: cutting the steps into segments, keeping or computing activations again,
// pooling states on the way and truncating back-propagation change nothing but what they say.
#include <gtest/gtest.h>

#include "refrain/tape/activation.h"
#include "refrain/tape/gradient_check.h"
#include "refrain/tape/pooling.h"
#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

using tape::GradientCheck;
using tape::Recompute;
using tape::Tape;
using tape::Var;

constexpr int kFew = 5;          // matrix rows of a segment
constexpr int kWhole = 1 << 20;  // all in one

class CellSegments : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(AllCells, CellSegments, testing::ValuesIn(kernels::cells().names()),
                         [](const auto& p) { return p.param; });

struct How {
  int segment_rows = kFew;
  Recompute recompute = Recompute::kNever;
  int truncate = 0;
  bool dropped = false;      // recurrent dropout and zoneout
  tape::Pooled pooled = {};  // none: the states themselves
  bool apart = false;        // pooled by pool_... from the states
  bool recording = true;
};

Var pool(Tape& t, Var states, const tape::Pooled& wanted, int reverse_from,
         const tensor::Steps& steps) {
  std::vector<Var> parts;
  if (wanted.last) parts.push_back(pool_last(t, states, reverse_from, steps));
  if (wanted.mean) parts.push_back(pool_mean(t, states, steps));
  if (wanted.max) parts.push_back(pool_max(t, states, steps));
  return concatenate(t, parts.data(), static_cast<int>(parts.size()));
}

struct Result {
  Numbers y;
  std::vector<Numbers> d;  // of x, then of each parameter; rows as in Steps
  std::size_t bytes = 0;   // of the arena
};

// `weigh(t, b)` scales the upstream gradient of a state.
template <class Weigh>
Result run_layer(const Net& net, const std::vector<int>& lengths, const How& how, Weigh weigh) {
  tensor::StepTable table;
  table.assign(lengths);
  const tensor::Steps& steps = table.steps();
  base::Rng rng(7);
  Numbers x(static_cast<std::size_t>(steps.N * net.I));
  for (real& v : x) v = static_cast<real>(rng.uniform(-1, 1));
  std::vector<std::uint64_t> keys;
  for (int b = 0; b < steps.B; ++b) keys.push_back(rng.fork(static_cast<std::uint64_t>(b)).key());
  Result out;
  out.d.emplace_back(x.size());
  for (const auto& p : net.parameters) out.d.emplace_back(p.size());
  std::vector<Numbers> values = net.parameters;
  Tape t;
  t.reset(how.recording);
  const auto leaf = [&](const tensor::Shape& shape, real* value, real* d) {
    return t.variable({shape, value}, {shape, how.recording ? d : nullptr});
  };
  const Var in = leaf({steps.N, net.I}, x.data(), out.d[0].data());
  std::vector<Var> vars;
  for (std::size_t i = 0; i < values.size(); ++i) {
    vars.push_back(leaf(net.shapes[i], values[i].data(), out.d[i + 1].data()));
  }
  tape::RecurrentLayer layer = make_layer(*net.cell, net.H, net.way, vars.data());
  layer.segment_rows = how.segment_rows;
  layer.recompute = how.recompute;
  layer.truncate = how.truncate;
  for (auto& part : layer.direction) {
    if (!how.dropped) continue;
    part.zoneout = {real{0.3f}, keys.data()};
    part.mask = variational_mask(t, net.H, {real{0.4f}, keys.data()}, steps.B);
  }
  Var y;
  if (how.pooled.count() == 0) {
    y = recurrent(t, in, layer, steps);
  } else if (how.apart) {
    const int reverse_from = net.way == Way::kReverse ? 0 : net.H;
    y = pool(t, recurrent(t, in, layer, steps), how.pooled, reverse_from, steps);
  } else {
    y = recurrent_pooled(t, in, layer, how.pooled, steps);
  }
  const auto& value = t.value(y);
  out.y.assign(value.data, value.data + value.count());
  if (how.recording) {
    real* d = t.gradient(y).data;
    for (int r = 0; r < value.rows(); ++r) {
      for (int f = 0; f < value.columns(); ++f) {
        *d++ = static_cast<real>(rng.uniform(-1, 1)) * static_cast<real>(weigh(steps, r));
      }
    }
    t.backward();
  }
  out.bytes = t.arena().capacity();
  return out;
}

Result run_layer(const Net& net, const std::vector<int>& lengths, const How& how) {
  return run_layer(net, lengths, how, [](const auto&, int) { return 1; });
}

void expect_close(const std::vector<Numbers>& a, const std::vector<Numbers>& b, const char* what) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < a[i].size(); ++k) {
      ASSERT_NEAR(a[i][k], b[i][k], 2e-5 * (1 + std::abs(b[i][k]))) << what << " " << i << " " << k;
    }
  }
}

const std::vector<std::vector<int>> kSegmentLengths = {
    {17, 3, 9, 1, 17, 12}, {40}, {1, 1}, {7, 7, 7}};
constexpr Way kSegmentWays[] = {Way::kForward, Way::kReverse, Way::kBoth};

TEST_P(CellSegments, leave_the_states_and_change_gradients_by_rounding_only) {
  for (const Way way : kSegmentWays) {
    const Net net(GetParam(), 3, 6, way);
    for (const auto& lengths : kSegmentLengths) {
      for (const bool dropped : {false, true}) {
        const Result one = run_layer(net, lengths, {.segment_rows = kWhole, .dropped = dropped});
        const Result few = run_layer(net, lengths, {.dropped = dropped});
        EXPECT_EQ(one.y, few.y) << text(way);
        expect_close(few.d, one.d, text(way));
      }
    }
  }
}

TEST_P(CellSegments, computed_again_give_the_same_bits) {
  for (const Way way : kSegmentWays) {
    const Net net(GetParam(), 3, 6, way);
    for (const auto& lengths : kSegmentLengths) {
      for (const bool dropped : {false, true}) {
        for (const tape::Pooled pooled : {tape::Pooled{}, tape::Pooled{true, true, true}}) {
          How how{.dropped = dropped, .pooled = pooled};
          const Result kept = run_layer(net, lengths, how);
          how.recompute = Recompute::kAlways;
          const Result again = run_layer(net, lengths, how);
          EXPECT_EQ(kept.y, again.y) << text(way);
          EXPECT_EQ(kept.d, again.d) << text(way) << (dropped ? ", dropped" : "");
          how.recording = false;
          EXPECT_EQ(kept.y, run_layer(net, lengths, how).y) << text(way) << ", prediction";
        }
      }
    }
  }
}

TEST_P(CellSegments, pooled_on_the_way_equal_states_pooled_afterwards) {
  for (const Way way : kSegmentWays) {
    const Net net(GetParam(), 3, 6, way);
    for (const auto& lengths : kSegmentLengths) {
      for (const tape::Pooled pooled :
           {tape::Pooled{true, false, false}, tape::Pooled{false, true, false},
            tape::Pooled{false, false, true}, tape::Pooled{true, true, true}}) {
        const Result on_the_way = run_layer(net, lengths, {.pooled = pooled});
        const Result after = run_layer(net, lengths, {.pooled = pooled, .apart = true});
        expect_close({on_the_way.y}, {after.y}, text(way));
        expect_close(on_the_way.d, after.d, text(way));
      }
    }
  }
}

// Without parameters every state is 0: the first of equal numbers is the largest, whatever the way.
TEST_P(CellSegments, pooled_on_the_way_agree_about_the_first_of_equal_states) {
  for (const Way way : kSegmentWays) {
    Net net(GetParam(), 3, 6, way);
    for (auto& p : net.parameters) std::fill(p.begin(), p.end(), real{0});
    const How how{.pooled = {false, false, true}};
    How apart = how;
    apart.apart = true;
    const Result on_the_way = run_layer(net, {7, 4}, how), after = run_layer(net, {7, 4}, apart);
    expect_close({on_the_way.y}, {after.y}, text(way));
    expect_close(on_the_way.d, after.d, text(way));
  }
}

TEST_P(CellSegments, pooled_have_right_gradients_in_double) {
  if (!GradientCheck::kDouble) GTEST_SKIP() << "checked by the double build";
  for (const Way way : kSegmentWays) {
    for (const Recompute recompute : {Recompute::kNever, Recompute::kAlways}) {
      const Net net(GetParam(), 2, 3, way);
      tensor::StepTable table;
      table.assign({9, 4, 1, 6});
      GradientCheck check(11);
      check.leaf("x", {table.steps().N, net.I});
      for (std::size_t i = 0; i < net.shapes.size(); ++i) {
        check.leaf(std::to_string(i), net.shapes[i], 0.5);
      }
      const double worst = check.worst([&](Tape& t, const Var* v) {
        tape::RecurrentLayer layer = make_layer(*net.cell, net.H, way, v + 1);
        layer.segment_rows = kFew;
        layer.recompute = recompute;
        return recurrent_pooled(t, v[0], layer, {true, true, true}, table.steps());
      });
      EXPECT_LT(worst, GradientCheck::kTolerance) << text(way) << " at " << check.where();
    }
  }
}

// By linearity: what a window's own states send back inside that window, and nothing more.
TEST_P(CellSegments, truncated_gradients_stay_inside_their_window) {
  const std::vector<int> lengths = {11, 8, 11, 3};
  constexpr int kWindow = 4;
  for (const Way way : {Way::kForward, Way::kReverse}) {
    const Net net(GetParam(), 2, 5, way);
    tensor::StepTable table;
    table.assign(lengths);
    const tensor::Steps& steps = table.steps();
    const Result cut = run_layer(net, lengths, {.truncate = kWindow, .dropped = true});
    const auto time = [&](int row) {
      int t = 0;
      while (t + 1 < steps.T && steps.offset[t + 1] <= row) ++t;
      return t;
    };
    for (int first = 0; first < steps.T; first += kWindow) {
      const auto inside = [&](int row) {
        return time(row) >= first && time(row) < first + kWindow;
      };
      const Result whole = run_layer(net, lengths, {.dropped = true},
                                     [&](const auto&, int row) { return inside(row) ? 1 : 0; });
      for (int row = 0; row < steps.N; ++row) {
        for (int i = 0; i < net.I && inside(row); ++i) {
          const auto at = static_cast<std::size_t>(row * net.I + i);
          EXPECT_NEAR(cut.d[0][at], whole.d[0][at], 1e-5) << text(way) << " row " << row;
        }
      }
    }
    const Result long_window = run_layer(net, lengths, {.truncate = 100, .dropped = true});
    EXPECT_EQ(long_window.d, run_layer(net, lengths, {.dropped = true}).d);
    EXPECT_NE(long_window.d, cut.d);
  }
}

TEST_P(CellSegments, computed_again_need_memory_as_the_square_root_of_the_steps) {
  const Net net(GetParam(), 1, 8, Way::kBoth);
  const How how{.segment_rows = 32, .recompute = Recompute::kAlways, .pooled = {true, true, true}};
  How kept = how;
  kept.recompute = Recompute::kNever;
  const auto bytes = [&](int T, const How& h) {
    return static_cast<double>(run_layer(net, {T, T}, h).bytes);
  };
  const double growth = bytes(64000, how) / bytes(4000, how);
  EXPECT_LT(growth, 5.5);  // sqrt(16) and what an arena's growth by blocks leaves unused
  EXPECT_GT(bytes(64000, kept) / bytes(64000, how), 15);
}

}  // namespace
}  // namespace refrain::suites

// Every registered cell: what must not change a result. "The same" is bit for bit unless said
// otherwise.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <set>

#include "refrain/kernels/isa.h"
#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

struct CellOnIsa {
  std::string cell, isa;
};

void PrintTo(const CellOnIsa& c, std::ostream* out) { *out << c.cell << " on " << c.isa; }

std::vector<CellOnIsa> all_cells_on_all_isas() {
  std::vector<CellOnIsa> all;
  for (const auto& cell : kernels::cells().names()) {
    for (const auto& isa : kernels::available_isas()) all.push_back({cell, isa});
  }
  return all;
}

class CellInvariance : public testing::TestWithParam<CellOnIsa> {
 protected:
  void SetUp() override { kernels::choose_isa(GetParam().isa); }
  void TearDown() override { kernels::choose_isa("auto"); }
  Net net(int H, Way way) const { return {GetParam().cell, 3, H, way}; }
};
INSTANTIATE_TEST_SUITE_P(AllCells, CellInvariance, testing::ValuesIn(all_cells_on_all_isas()),
                         [](const auto& p) { return p.param.cell + "_" + p.param.isa; });

constexpr Way kWays[] = {Way::kForward, Way::kReverse, Way::kBoth};
constexpr int kSizes[] = {1, 3, 8, 16, 17, 40};
const std::vector<int> kLengths = {3, 7, 1, 4, 4, 2, 9, 1, 5, 3, 6, 2, 2, 8, 1, 1, 3};

Given only(const Given& all, std::size_t b) {
  Given one{{all.x[b]}, {all.d_y[b]}, {}};
  if (!all.masks.empty()) one.masks = {all.masks[b]};
  return one;
}

// Calls body(net, run) for all sizes, ways, with and without recurrent dropout.
template <class Fixture, class Body>
void for_nets(const Fixture& make_net, const Body& body) {
  for (const int H : kSizes) {
    for (const Way way : kWays) {
      for (const bool masked : {false, true}) {
        SCOPED_TRACE("H = " + std::to_string(H) + ", " + text(way) + (masked ? ", masked" : ""));
        const Net net = make_net(H, way);
        body(net, random_run(net, kLengths, masked));
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(CellInvariance, a_sequence_in_a_ragged_batch_is_as_alone) {
  for_nets([&](int H, Way way) { return net(H, way); },
           [](const Net& net, const Given& all) {
             const Outcome together = run(net, all);
             for (std::size_t b = 0; b < all.x.size(); ++b) {
               const Outcome alone = run(net, only(all, b));
               ASSERT_EQ(alone.y[0], together.y[b]) << "sequence " << b;
               ASSERT_EQ(alone.d_x[0], together.d_x[b]) << "sequence " << b;
             }
           });
}

TEST_P(CellInvariance, the_order_of_the_batch_changes_nothing_of_a_sequence) {
  for_nets([&](int H, Way way) { return net(H, way); },
           [](const Net& net, const Given& all) {
             std::vector<std::size_t> order(all.x.size());
             for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
             base::Rng(9).shuffle(order);
             Given shuffled;
             for (const std::size_t b : order) {
               const Given one = only(all, b);
               shuffled.x.push_back(one.x[0]);
               shuffled.d_y.push_back(one.d_y[0]);
               if (!one.masks.empty()) shuffled.masks.push_back(one.masks[0]);
             }
             const Outcome before = run(net, all), after = run(net, shuffled);
             for (std::size_t i = 0; i < order.size(); ++i) {
               ASSERT_EQ(after.y[i], before.y[order[i]]);
               ASSERT_EQ(after.d_x[i], before.d_x[order[i]]);
             }
           });
}

TEST_P(CellInvariance, the_reverse_direction_is_forward_on_the_reversed_sequence) {
  for (const int H : kSizes) {
    for (const bool masked : {false, true}) {
      const Net forward = net(H, Way::kForward), reverse = net(H, Way::kReverse);
      const Given r = random_run(forward, kLengths, masked);
      Given turned = r;
      for (auto& x : turned.x) x = reversed(x, forward.I);
      for (auto& d_y : turned.d_y) d_y = reversed(d_y, H);
      const Outcome a = run(forward, r), b = run(reverse, turned);
      for (std::size_t i = 0; i < r.x.size(); ++i) {
        ASSERT_EQ(reversed(b.y[i], H), a.y[i]) << H;
        ASSERT_EQ(reversed(b.d_x[i], forward.I), a.d_x[i]) << H;
      }
      for (std::size_t i = 0; i < a.d_parameters.size(); ++i) {
        for (std::size_t k = 0; k < a.d_parameters[i].size(); ++k) {  // another order of adding
          ASSERT_NEAR(static_cast<double>(a.d_parameters[i][k]),
                      static_cast<double>(b.d_parameters[i][k]),
                      2e3 * static_cast<double>(std::numeric_limits<real>::epsilon()));
        }
      }
    }
  }
}

TEST_P(CellInvariance, both_directions_side_by_side_are_each_alone) {
  for (const int H : kSizes) {
    const Net both = net(H, Way::kBoth);
    Net forward = net(H, Way::kForward), reverse = net(H, Way::kReverse);
    const std::size_t parts = forward.parameters.size();
    for (std::size_t i = 0; i < parts; ++i) {
      forward.parameters[i] = both.parameters[i];
      reverse.parameters[i] = both.parameters[parts + i];
    }
    const Given r = random_run(both, kLengths, false);
    Given half = r;
    for (auto& d_y : half.d_y) d_y.resize(d_y.size() / 2);  // only outputs are compared
    const Outcome all = run(both, r), left = run(forward, half), right = run(reverse, half);
    for (std::size_t b = 0; b < r.x.size(); ++b) {
      const auto columns = static_cast<std::size_t>(H);
      for (std::size_t i = 0; i < left.y[b].size(); ++i) {
        const std::size_t at = i / columns * 2 * columns + i % columns;
        ASSERT_EQ(all.y[b][at], left.y[b][i]);
        ASSERT_EQ(all.y[b][at + columns], right.y[b][i]);
      }
    }
  }
}

void expect_close(const Numbers& a, const Numbers& b) {
  ASSERT_EQ(a.size(), b.size());
  double largest = 1;
  for (const real x : b) largest = std::max(largest, std::abs(static_cast<double>(x)));
  const double tolerance = 500 * static_cast<double>(std::numeric_limits<real>::epsilon());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(a[i]), static_cast<double>(b[i]), tolerance * largest);
  }
}

TEST_P(CellInvariance, this_instruction_set_agrees_with_the_best_one) {
  for_nets([&](int H, Way way) { return net(H, way); },
           [](const Net& net, const Given& r) {
             kernels::choose_isa(GetParam().isa);
             const Outcome here = run(net, r);
             kernels::choose_isa("auto");
             const Outcome best = run(net, r);
             kernels::choose_isa(GetParam().isa);
             for (std::size_t b = 0; b < r.x.size(); ++b) {
               expect_close(here.y[b], best.y[b]);
               expect_close(here.d_x[b], best.d_x[b]);
             }
             for (std::size_t i = 0; i < here.d_parameters.size(); ++i) {
               expect_close(here.d_parameters[i], best.d_parameters[i]);
             }
           });
}

TEST_P(CellInvariance, a_mask_of_ones_is_no_mask) {
  const Net n = net(17, Way::kBoth);
  const Given plain = random_run(n, kLengths, false);
  Given ones = plain;
  ones.masks.assign(plain.x.size(), Numbers(17, real{1}));
  const Outcome a = run(n, plain), b = run(n, ones);
  EXPECT_EQ(a.y, b.y);
  for (std::size_t i = 0; i < a.d_x.size(); ++i) expect_close(a.d_x[i], b.d_x[i]);
}

TEST_P(CellInvariance, what_is_not_a_number_reaches_its_own_sequence_from_then_on_and_no_other) {
  const int H = 17;
  const Net n = net(H, Way::kForward);
  Given r = random_run(n, kLengths, false);
  const std::size_t bad_sequence = 1, bad_step = 3;
  r.x[bad_sequence][bad_step * 3 + 1] = std::numeric_limits<real>::quiet_NaN();
  const Outcome out = run(n, r);
  for (std::size_t b = 0; b < r.x.size(); ++b) {
    for (std::size_t i = 0; i < out.y[b].size(); ++i) {
      const bool bad = b == bad_sequence && i / static_cast<std::size_t>(H) >= bad_step;
      ASSERT_EQ(std::isnan(out.y[b][i]), bad) << "sequence " << b << " number " << i;
    }
  }
}

TEST(Cells, have_distinct_names_a_description_and_sizes_that_fit) {
  std::set<std::string> names;
  for (const auto& item : kernels::cells().items()) {
    EXPECT_TRUE(names.insert(item.name).second) << item.name;
    EXPECT_FALSE(item.description.empty()) << item.name;
    EXPECT_LE(item.value.x_offset + item.value.gates, item.value.z_width) << item.name;
    EXPECT_LE(item.value.h_offset + item.value.gates, item.value.z_width) << item.name;
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"rnn", "lstm", "gru"}));
}

}  // namespace
}  // namespace refrain::suites

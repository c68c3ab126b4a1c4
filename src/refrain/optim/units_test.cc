#include "refrain/optim/units.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::optim {
namespace {

struct Params {
  nn::ParamSet set;
  Params() {
    set.add({"w", {2, 3}});
    set.add({"b", {2}, nn::Start::kZero, 1, false});
    set.add({"words", {3, 2}, nn::Start::kSmallNormal});
    set.at(set.add({"frozen", {2, 2}})).frozen = true;
    set.initialise(base::Rng(1));
  }
  void fill(const std::string& name, const std::vector<double>& values, std::vector<real>& block) {
    for (const auto& p : set.params()) {
      for (std::size_t i = 0; p.name == name && i < values.size(); ++i) {
        block[p.offset + i] = static_cast<real>(values[i]);
      }
    }
  }
  std::vector<double> read(const std::string& name, const std::vector<real>& block) const {
    std::vector<double> out;
    for (const auto& p : set.params()) {
      for (std::size_t i = 0; p.name == name && i < p.shape.count(); ++i) {
        out.push_back(std::round(1e4 * static_cast<double>(block[p.offset + i])) / 1e4);
      }
    }
    return out;
  }
};

using Numbers = std::vector<double>;

TEST(MaxNorm, cuts_columns_of_weights_and_rows_of_words_and_nothing_else) {
  Params p;
  p.fill("w", {3, 0.3, 0, 4, 0.4, 0}, p.set.values());
  p.fill("b", {30, 40}, p.set.values());
  p.fill("words", {0, 0, 6, 8, 0.6, 0.8}, p.set.values());
  p.fill("frozen", {9, 9, 9, 9}, p.set.values());
  Units units(p.set);
  units.limit_norms(0, p.set);
  EXPECT_EQ(p.read("w", p.set.values()), (Numbers{3, 0.3, 0, 4, 0.4, 0})) << "0 cuts nothing";
  units.limit_norms(2, p.set);
  EXPECT_EQ(p.read("w", p.set.values()), (Numbers{1.2, 0.3, 0, 1.6, 0.4, 0}));
  EXPECT_EQ(p.read("b", p.set.values()), (Numbers{30, 40}));
  EXPECT_EQ(p.read("words", p.set.values()), (Numbers{0, 0, 1.2, 1.6, 0.6, 0.8}));
  EXPECT_EQ(p.read("frozen", p.set.values()), (Numbers{9, 9, 9, 9}));
}

TEST(AdaptiveClipping, holds_each_units_gradient_to_a_share_of_its_weights) {
  Params p;
  p.fill("w", {6, 0, 1, 8, 0, 0}, p.set.values());
  std::vector<real> d(p.set.count());
  p.fill("w", {30, 3e-5, 0.01, 40, 4e-5, 0}, d);
  p.fill("b", {0.03, 0.04}, d);
  p.fill("frozen", {9, 9, 9, 9}, d);
  const std::vector<real> before = d;
  Units units(p.set);
  EXPECT_FALSE(units.clip_adaptive(0, p.set, d.data()));
  EXPECT_EQ(d, before) << "0 cuts nothing";
  EXPECT_TRUE(units.clip_adaptive(0.1, p.set, d.data()));
  EXPECT_EQ(p.read("w", d), (Numbers{0.6, 0, 0.01, 0.8, 0, 0})) << "ten times 0.1";
  EXPECT_EQ(p.read("b", d), (Numbers{0.0001, 0.0001})) << "a bias of zeros counts as 1e-3";
  EXPECT_EQ(p.read("frozen", d), (Numbers{9, 9, 9, 9}));
  EXPECT_FALSE(units.clip_adaptive(10, p.set, d.data()));
}

}  // namespace
}  // namespace refrain::optim

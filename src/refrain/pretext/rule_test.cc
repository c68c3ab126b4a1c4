#include "refrain/pretext/rule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/pretext/made_up_series.h"

namespace refrain::pretext {
namespace {

double loss_at(SeriesRule& rule, int update) {
  const base::Rng rng(9);
  rule.take(std::span<const int>(&update, 1), rng);
  return rule.evaluate(rng, update);
}

struct ObjectiveCase {
  const char* name;
  const char* objective;
  int segment = 1, batch = 8;
  const char* stem_form = "stem";
};

class SeriesGradients : public testing::TestWithParam<ObjectiveCase> {};

INSTANTIATE_TEST_SUITE_P(All, SeriesGradients,
                         testing::Values(ObjectiveCase{"contrast", "contrast"},
                                         ObjectiveCase{"contrast_of_shards", "contrast", 1, 32},
                                         ObjectiveCase{"mask", "mask"},
                                         ObjectiveCase{"mask_in_segments", "mask", 3},
                                         ObjectiveCase{"mask_beside", "mask", 2, 8, "branch"},
                                         ObjectiveCase{"mask_of_shards", "mask", 1, 32},
                                         ObjectiveCase{"next", "next"},
                                         ObjectiveCase{"labels", "labels"}),
                         [](const auto& p) { return p.param.name; });

TEST_P(SeriesGradients, agree_with_finite_differences) {
  constexpr bool kDouble = sizeof(real) == 8;
  PretextSpec spec = small_spec(GetParam().objective);
  spec.encoder.segment = GetParam().segment;
  spec.encoder.stem.stem_form = GetParam().stem_form;
  MadeUpCourse made(spec);
  base::Rng shake(13);  // zeros lie on relu's kink
  auto& values = made.network->params.values();
  for (real& x : values) x += static_cast<real>(shake.uniform(-0.2, 0.2));
  SeriesRule rule(made.course(GetParam().batch));
  loss_at(rule, 1);
  const std::vector<real> gradient = rule.gradient();
  const base::Rng rng(9);
  double largest = 0;
  for (const real g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
  ASSERT_GT(largest, 0);
  const double h = kDouble ? 1e-6 : 1e-2;
  int kinks = 0, checked = 0;
  for (const auto& p : made.network->params.params()) {
    for (std::size_t i = 0; i < p.shape.count(); i += 41, ++checked) {
      real& x = values[p.offset + i];
      const real old = x;
      x = old + static_cast<real>(h);
      const double up = rule.evaluate(rng, 1);
      x = old - static_cast<real>(h);
      const double down = rule.evaluate(rng, 1);
      x = old;
      const double wanted = static_cast<double>(gradient[p.offset + i]);
      const double error = std::abs((up - down) / (2 * h) - wanted);
      if (error > (kDouble ? 1e-6 : 0.05) * largest) ++kinks;
    }
  }
  EXPECT_LE(kinks, checked / 20);  // relu and maximum have some
}

TEST_P(SeriesGradients, are_the_same_bits_on_one_thread_and_two) {
  std::vector<real> gradients[2];
  double losses[2];
  for (const int threads : {1, 2}) {
    PretextSpec spec = small_spec(GetParam().objective);
    MadeUpCourse made(spec);
    SeriesRule rule(made.course(32, threads));
    losses[threads - 1] = loss_at(rule, 3);
    gradients[threads - 1] = rule.gradient();
  }
  EXPECT_EQ(losses[0], losses[1]);
  EXPECT_EQ(gradients[0], gradients[1]);
}

// The update after others is the update that a fresh rule begins with.
TEST_P(SeriesGradients, depend_on_the_number_of_the_update_alone) {
  MadeUpCourse made(small_spec(GetParam().objective));
  SeriesRule one(made.course(16)), other(made.course(16));
  for (const int update : {0, 1, 2, 3, 4}) loss_at(one, update);
  EXPECT_EQ(loss_at(one, 7), loss_at(other, 7));
  EXPECT_EQ(one.gradient(), other.gradient());
}

TEST(Contrast, is_the_cross_entropy_of_similarities) {
  PretextSpec spec = small_spec("contrast");
  MadeUpCourse made(spec);
  const auto& objective = *made.network->objective;
  constexpr int kRows = 6, kColumns = 64;
  std::vector<real> z(kRows * kColumns), d(z.size());
  base::Rng rng(2);
  for (real& x : z) x = static_cast<real>(rng.normal());
  const std::vector<Look> looks(kRows);
  std::vector<Told> told = {{looks, {{kRows, kColumns}, z.data()}, d.data(), nullptr}};
  const double loss = objective.loss(told);
  const auto cosine = [&](int i, int j) {
    double ab = 0, aa = 0, bb = 0;
    for (int c = 0; c < kColumns; ++c) {
      const auto a = static_cast<double>(z[static_cast<std::size_t>(i * kColumns + c)]);
      const auto b = static_cast<double>(z[static_cast<std::size_t>(j * kColumns + c)]);
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
    return ab / std::sqrt(aa * bb);
  };
  double wanted = 0;
  for (int i = 0; i < kRows; ++i) {
    double sum = 0;
    for (int j = 0; j < kRows; ++j) sum += j == i ? 0 : std::exp(cosine(i, j) / 0.2);
    wanted += std::log(sum) - cosine(i, i ^ 1) / 0.2;
  }
  EXPECT_NEAR(loss, wanted / kRows, 1e-5);
}

TEST(Mask, hides_its_share_and_asks_for_what_was_there) {
  PretextSpec spec = small_spec("mask");
  MadeUpCourse made(spec);
  std::vector<Look> looks;
  made.network->objective->look(*made.samples, 3, base::Rng(1), looks);
  const auto& read = looks.front().read.streams.front();
  const auto whole = read_sample(*made.samples, 3).streams.front();
  const int inputs = made.features.inputs(0);
  int hidden = 0;
  for (int t = 0; t < read.length; ++t) {
    const auto first = static_cast<std::size_t>(t * inputs);
    if (looks.front().counts[first] > 0) ++hidden;
    for (int c = 0; c < inputs; ++c) {
      const std::size_t i = first + static_cast<std::size_t>(c);
      EXPECT_EQ(looks.front().wanted[i], whole.values[i]);
      EXPECT_EQ(looks.front().counts[i], looks.front().counts[first]);
      EXPECT_EQ(read.values[i], looks.front().counts[i] > 0 ? real{0} : whole.values[i]);
    }
  }
  EXPECT_EQ(hidden, static_cast<int>(std::lround(0.3 * read.length)));
}

// A run of hidden steps in a straight series: the line gives it back.
TEST(Mask, draws_lines_between_what_is_seen) {
  PretextSpec spec = small_spec("mask");
  spec.features.views = "raw";
  MadeUpCourse made(spec, 8);
  for (auto& sample : made.dataset.samples) {
    auto& s = std::get<data::Series>(sample.streams.front());
    for (int t = 0; t < s.steps; ++t) {
      for (int c = 0; c < s.channels; ++c) {
        s.values[static_cast<std::size_t>(t * s.channels + c)] = static_cast<float>(t * (c + 1));
      }
    }
  }
  std::vector<Look> looks;
  for (int place = 0; place < 8; ++place) {
    made.network->objective->look(*made.samples, place, base::Rng(5), looks);
  }
  int inside = 0;
  for (const Look& look : looks) {
    const int I = made.features.inputs(0), T = look.read.streams.front().length;
    int first = 0, last = T - 1;
    while (first < T && look.counts[static_cast<std::size_t>(first * I)] > 0) ++first;
    while (last >= 0 && look.counts[static_cast<std::size_t>(last * I)] > 0) --last;
    for (int t = first; t < last; ++t) {
      const auto i = static_cast<std::size_t>(t * I);
      if (look.counts[i] <= 0) continue;
      ++inside;
      EXPECT_NEAR(look.simple[i], look.wanted[i], 1e-4);
    }
  }
  EXPECT_GT(inside, 4);
}

TEST(Next, reads_the_beginning_and_asks_for_what_follows) {
  PretextSpec spec = small_spec("next");
  spec.objective.horizon = 3;
  spec.features.views = "raw";
  MadeUpCourse made(spec);
  std::set<int> cuts;
  for (int place = 0; place < 20; ++place) {
    std::vector<Look> looks;
    made.network->objective->look(*made.samples, place, base::Rng(place), looks);
    const auto whole = read_sample(*made.samples, place).streams.front();
    const int cut = looks.front().read.streams.front().length;
    cuts.insert(cut);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(looks.front().wanted[i], whole.values[static_cast<std::size_t>(2 * cut) + i]);
      EXPECT_EQ(looks.front().simple[i],
                whole.values[static_cast<std::size_t>(2 * (cut - 1)) + i % 2]);
    }
  }
  EXPECT_GT(cuts.size(), 4U);
}

TEST(HeldOut, is_judged_the_same_every_time_and_beside_simple_methods) {
  for (const char* objective : {"contrast", "mask", "next", "labels"}) {
    SCOPED_TRACE(objective);
    MadeUpCourse made(small_spec(objective), 12);
    Figures figures;
    const double loss = judge_held_out(made.course(8, 2), &figures);
    EXPECT_EQ(judge_held_out(made.course(8, 1), nullptr), loss);
    EXPECT_EQ(figures.rows.size(), 12U);
    for (const auto& [name, rows] : figures.simple) EXPECT_EQ(rows.size(), 12U) << name;
    EXPECT_EQ(figures.simple.empty(), std::string(objective) == "labels");
  }
}

}  // namespace
}  // namespace refrain::pretext

#include "refrain/data/mixup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace refrain::data {
namespace {

std::vector<EncodedSample> samples_of(const std::vector<int>& lengths) {
  std::vector<EncodedSample> samples;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    EncodedSample sample;
    sample.index = static_cast<std::int64_t>(100 + i);
    sample.target = 0;
    sample.streams.push_back(
        {lengths[i], std::vector<real>(static_cast<std::size_t>(lengths[i]), real{1}), {}});
    samples.push_back(std::move(sample));
  }
  return samples;
}

// Returns for each chosen sample its partner and its own weight.
std::map<int, std::pair<int, real>> drawn(const std::vector<EncodedSample>& samples,
                                          const std::vector<int>& chosen, const base::Rng& rng) {
  Pairs pairs;
  pairs.draw(samples, chosen.data(), static_cast<int>(chosen.size()), 0.4, rng);
  std::map<int, std::pair<int, real>> out;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    out[chosen[i]] = {chosen[static_cast<std::size_t>(pairs.partner()[i])], pairs.own()[i]};
  }
  return out;
}

TEST(Pairs, make_one_circle_of_all_samples) {
  const auto samples = samples_of(std::vector<int>(9, 2));
  const auto pairs = drawn(samples, {0, 1, 2, 3, 4, 5, 6, 7, 8}, base::Rng(1));
  std::set<int> seen;
  for (int at = 0; seen.insert(at).second;) at = pairs.at(at).first;
  EXPECT_EQ(seen.size(), 9U);
}

TEST(Pairs, depend_on_the_epoch_and_not_on_the_order_of_the_batch) {
  const auto samples = samples_of(std::vector<int>(6, 2));
  const auto one = drawn(samples, {0, 1, 2, 3, 4, 5}, base::Rng(1));
  EXPECT_EQ(one, drawn(samples, {5, 2, 0, 3, 1, 4}, base::Rng(1)));
  EXPECT_NE(one, drawn(samples, {0, 1, 2, 3, 4, 5}, base::Rng(2)));
}

TEST(Pairs, a_single_sample_is_its_own_partner) {
  const auto samples = samples_of({2, 2});
  EXPECT_EQ(drawn(samples, {1}, base::Rng(1)).at(1).first, 1);
}

TEST(Pairs, weights_have_the_mean_and_the_variance_of_the_beta_distribution) {
  for (const double alpha : {0.05, 0.2, 1.0, 4.0, 100.0}) {
    constexpr int kDraws = 20000;
    base::Rng rng(3);
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double x = draw_beta(alpha, rng);
      ASSERT_TRUE(x >= 0 && x <= 1) << x;
      sum += x;
      squares += (x - 0.5) * (x - 0.5);
    }
    const double variance = 1 / (4 * (2 * alpha + 1));
    EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(variance / kDraws)) << alpha;
    EXPECT_NEAR(squares / kDraws / variance, 1, 0.06) << alpha;
  }
}

TEST(Pairs, weights_of_a_tiny_parameter_are_numbers) {
  base::Rng rng(4);
  for (int i = 0; i < 1000; ++i) {
    const double x = draw_beta(1e-6, rng);
    EXPECT_TRUE(x < 1e-3 || x > 1 - 1e-3) << x;
  }
}

TEST(Mix, is_as_long_as_the_longer_of_each_pair) {
  const std::vector<int> lengths = {3, 7, 1, 5};
  const auto samples = samples_of(lengths);
  const std::vector<int> chosen = {0, 1, 2, 3};
  Batch batch;
  assemble(samples, chosen.data(), 4, {{"x", StreamKind::kSeries, 1, {}}}, batch);
  EXPECT_FALSE(batch.mixed());
  Pairs pairs;
  pairs.draw(samples, chosen.data(), 4, 1, base::Rng(5));
  mix_in(pairs, batch);
  EXPECT_TRUE(batch.mixed());
  const auto& steps = batch.streams[0].mixed.steps();
  for (int b = 0; b < 4; ++b) {
    const auto place = static_cast<std::size_t>(steps.position[b]);
    const auto partner = static_cast<std::size_t>(pairs.partner()[place]);
    EXPECT_EQ(steps.length[b], std::max(lengths[place], lengths[partner]));
  }
  assemble(samples, chosen.data(), 4, {{"x", StreamKind::kSeries, 1, {}}}, batch);
  EXPECT_FALSE(batch.mixed()) << "another batch begins without";
}

}  // namespace
}  // namespace refrain::data

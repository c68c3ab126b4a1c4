#include "refrain/language/ngram_blend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::language {
namespace {

constexpr int kWords = 9, kMark = 0;

std::vector<int> repeated(int n) {
  std::vector<int> text;
  for (int i = 0; i < n; ++i) text.push_back(1 + (i * i / 3) % (kWords - 1));
  return text;
}

NgramBlend small_blend(int order = 3) { return NgramBlend({repeated(200), kWords, kMark, order}); }

std::vector<double> alike(std::size_t n) {
  return std::vector<double>(n, std::log(static_cast<double>(kWords)));
}

TEST(NgramBlend, its_probabilities_add_up_to_one_and_are_those_of_its_scores) {
  NgramBlend blend = small_blend();
  blend.set_weight(0.2);
  const std::vector<int> text = {3, 1, 4, 1, 5, 8, 2};
  const auto nats = blend.surprises(text, alike(text.size()));
  std::vector<int> before;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::vector<double> log_p(kWords, -std::log(static_cast<double>(kWords)));
    blend.mix(before, log_p);
    double sum = 0;
    for (const double p : log_p) sum += std::exp(p);
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(-log_p[static_cast<std::size_t>(text[i])], nats[i], 1e-12);
    before.push_back(text[i]);
  }
}

TEST(NgramBlend, the_weight_follows_whoever_predicts_the_held_out_text) {
  const auto held = repeated(400);
  NgramBlend blend = small_blend();
  blend.choose_weight(held, alike(held.size()));
  EXPECT_LT(blend.weight(), 0.2);  // n-grams know this text
  const std::vector<double> sure(held.size(), 0.001);
  blend.choose_weight(held, sure);
  EXPECT_GT(blend.weight(), 0.9);
}

TEST(NgramBlend, on_the_held_out_text_it_is_better_than_either) {
  base::Rng rng(3);
  std::vector<int> held = repeated(300);
  for (int& unit : held) {
    if (rng.uniform() < 0.3) unit = 1 + static_cast<int>(rng.below(kWords - 1));
  }
  std::vector<double> network;
  for (std::size_t i = 0; i < held.size(); ++i) network.push_back(i % 2 == 0 ? 0.7 : 2.5);
  NgramBlend blend = small_blend();
  blend.choose_weight(held, network);
  const auto sum = [](const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0);
  };
  const double mixed = sum(blend.surprises(held, network));
  EXPECT_LT(mixed, sum(network));
  EXPECT_LT(mixed, sum(blend.ngrams().surprises(held)));
}

TEST(NgramBlend, an_empty_text_leaves_the_weight_even) {
  NgramBlend blend = small_blend(2);
  blend.choose_weight({}, {});
  EXPECT_EQ(blend.weight(), 0.5);
}

TEST(NgramBlend, a_damaged_weight_is_refused) {
  NgramBlend blend = small_blend(2);
  for (const double bad : {-0.1, 1.5, std::nan("")}) EXPECT_THROW(blend.set_weight(bad), Error);
}

TEST(PackedUnits, texts_of_any_vocabulary_come_back) {
  for (const int vocabulary : {1, 2, 66, 256, 4096, 10'000, 16'777'216}) {
    for (const int n : {0, 1, 2, 3, 7, 100}) {
      std::vector<int> text;
      for (int i = 0; i < n; ++i) text.push_back((i * 7919 + vocabulary - 1) % vocabulary);
      const auto packed = pack_units(text, vocabulary);
      EXPECT_EQ(unpack_units(packed, vocabulary, text.size()), text);
    }
  }
  EXPECT_EQ(pack_units(std::vector<int>(9, 1), 66).values.size(), 3U);
}

TEST(PackedUnits, numbers_that_hold_no_units_are_refused) {
  const auto packed = pack_units({1, 2, 3, 4}, 66);
  EXPECT_THROW(unpack_units(packed, 66, 9), Error);
  for (const real bad : {real(-1), real(0.5), real(1 << 24), real(66 * 66 * 66)}) {
    auto other = packed;
    other.values[0] = bad;
    EXPECT_THROW(unpack_units(other, 66, 4), Error);
  }
}

}  // namespace
}  // namespace refrain::language

#include "refrain/language/kneser_ney.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::language {
namespace {

constexpr int kVocabulary = 9;

std::vector<int> made_text(int n, int words = kVocabulary - 2) {
  base::Rng rng(6);
  std::vector<int> text = {1, 2};
  while (static_cast<int>(text.size()) < n) {
    const int likely = (text.back() * 3 + text[text.size() - 2]) % words;
    text.push_back(rng.uniform() < 0.7
                       ? likely
                       : static_cast<int>(rng.below(static_cast<std::uint64_t>(words))));
  }
  return text;
}

void expect_sums_of_one(const KneserNey& model, const std::vector<int>& text) {
  base::Rng rng(2);
  for (int draw = 0; draw < 200; ++draw) {
    std::vector<int> before;
    if (draw % 2 == 0 && text.size() > 8) {
      const auto at = static_cast<std::size_t>(rng.below(text.size() - 6));
      before.assign(text.begin() + static_cast<std::ptrdiff_t>(at),
                    text.begin() + static_cast<std::ptrdiff_t>(at + rng.below(6)));
    } else {
      for (std::uint64_t i = rng.below(6); i > 0; --i) {
        before.push_back(static_cast<int>(rng.below(kVocabulary)));
      }
    }
    double sum = 0;
    for (int w = 0; w < kVocabulary; ++w) {
      const double p = model.probability(before, w);
      EXPECT_GT(p, 0);
      sum += p;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST(KneserNey, probabilities_add_up_to_one_after_anything_known_and_unknown) {
  const auto text = made_text(3000);
  for (const int order : {1, 2, 3, 5}) {
    expect_sums_of_one(KneserNey::fit(text, kVocabulary, 0, order), text);
  }
}

TEST(KneserNey, the_shortest_texts_work) {
  for (const auto& text :
       {std::vector<int>{}, {3}, {3, 3}, {1, 2, 3, 4}, {5, 5, 5, 5, 5, 5, 5, 5, 5}}) {
    for (const int order : {1, 2, 4}) {
      expect_sums_of_one(KneserNey::fit(text, kVocabulary, 0, order), text);
    }
  }
}

// Calculated by hand: text 1 2 1 3 after the mark 0, vocabulary 5, bigrams. Bigrams 01 12 21 13,
// all once: the discount has no counts of 2, so Y = 1, held at 0.9. Words before: 1 has two (0, 2),
// 2 and 3 one.
TEST(KneserNey, agrees_with_a_calculation_by_hand) {
  const std::vector<int> text = {1, 2, 1, 3};
  const auto model = KneserNey::fit(text, 5, 0, 2);
  // Unigrams: n1 = 2, n2 = 1: Y = 1/2, D1 = 1 - 2 (1/2) (1/2) = 1/2; no 3s: D2 = 1/2.
  const double left = (0.5 * 2 + 0.5 * 1) / 4;
  const double p1 = (2 - 0.5) / 4 + left / 5, p2 = (1 - 0.5) / 4 + left / 5, p4 = left / 5;
  EXPECT_NEAR(model.probability({}, 1), p1, 1e-12);
  EXPECT_NEAR(model.probability({}, 4), p4, 1e-12);
  const std::vector<int> after_one = {1};  // followed by 2 and 3, once each
  EXPECT_NEAR(model.probability(after_one, 2), (1 - 0.9) / 2 + 0.9 * p2, 1e-12);
  EXPECT_NEAR(model.probability(after_one, 1), 0.9 * p1, 1e-12);
  const std::vector<int> after_four = {4};  // never seen
  EXPECT_NEAR(model.probability(after_four, 1), p1, 1e-12);
  EXPECT_NEAR(model.surprises(text)[1], -std::log((1 - 0.9) / 2 + 0.9 * p2), 1e-12);
}

TEST(KneserNey, longer_histories_help_where_the_text_has_them) {
  const auto text = made_text(6000);
  const std::vector<int> train(text.begin(), text.begin() + 5000),
      test(text.begin() + 5000, text.end());
  const auto nats = [&](int order) {
    double sum = 0;
    for (const double s : KneserNey::fit(train, kVocabulary, 0, order).surprises(test)) sum += s;
    return sum / static_cast<double>(test.size());
  };
  EXPECT_NEAR(nats(1), std::log(7), 0.05);  // the next word depends on the last two together
  EXPECT_LT(nats(3), 0.8 * std::log(7));
}

TEST(KneserNey, an_order_of_none_is_refused) {
  EXPECT_THROW(KneserNey::fit({}, 3, 0, 0), Error);
  EXPECT_THROW(KneserNey::fit({}, 3, 0, KneserNey::kMostOrder + 1), Error);
}

}  // namespace
}  // namespace refrain::language

#include "refrain/method/word_features.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::method {
namespace {

std::vector<Words> texts() {
  return {words_of("Anna flew to Oslo in 2019 ."), words_of("Bert flew to Rome"), words_of(""),
          words_of("李 四 去 北 京"), words_of("Élan")};
}

TEST(WordsOf, are_what_stands_between_blanks) {
  EXPECT_THAT(words_of("a , b"), testing::ElementsAre("a", ",", "b"));
  EXPECT_THAT(words_of("a"), testing::ElementsAre("a"));
  EXPECT_THAT(words_of(""), testing::ElementsAre(""));
}

TEST(WordFeatures, of_what_was_fitted_are_those_of_the_fit) {
  WordFeatures features;
  const auto fitted = features.fit(texts(), 1, 1);
  EXPECT_EQ(fitted.size(), 5);
  EXPECT_EQ(fitted.steps_of(0), 7);
  EXPECT_EQ(fitted.steps_of(2), 1);
  const auto again = features.of(texts(), 2);
  EXPECT_EQ(again.feature, fitted.feature);
  EXPECT_EQ(again.begin, fitted.begin);
  EXPECT_EQ(again.sequence, fitted.sequence);
}

TEST(WordFeatures, rare_ones_are_left_out) {
  WordFeatures all, some;
  all.fit(texts(), 1, 1);
  some.fit(texts(), 2, 1);
  EXPECT_LT(some.features(), all.features() / 2);
  EXPECT_GT(some.features(), 20);
}

// How many features two words share, each alone in its text.
std::size_t shared(const std::string& a, const std::string& b) {
  WordFeatures features;
  const auto steps = features.fit({{a}, {b}}, 1, 1);
  std::size_t count = 0;
  for (std::size_t k = 0; k < steps.begin[1]; ++k) {
    for (std::size_t l = steps.begin[1]; l < steps.begin[2]; ++l) {
      count += steps.feature[k] == steps.feature[l] ? 1 : 0;
    }
  }
  return count;
}

TEST(WordFeatures, tell_what_words_have_in_common) {
  const std::size_t nothing = shared("Anna", "7%");
  EXPECT_GT(shared("Anna", "Bert"), nothing);                 // the shape
  EXPECT_GT(shared("Anna", "Anne"), shared("Anna", "Bert"));  // the beginning
  EXPECT_GT(shared("Lena", "Anna"), shared("Lena", "Bert"));  // the end
  EXPECT_GT(shared("ANNA", "anna"), nothing);                 // in lower case
  EXPECT_GT(shared("1984", "2019"), nothing);                 // digits are alike
  EXPECT_GT(shared("Élan", "Anna"), shared("élan", "Anna"));
}

TEST(WordFeatures, forgotten_ones_are_gone_and_the_others_keep_their_order) {
  WordFeatures features;
  const auto before = features.fit(texts(), 1, 1);
  std::vector<char> kept(static_cast<std::size_t>(features.features()));
  std::vector<int> number(kept.size(), -1);
  int next = 0;
  for (std::size_t f = 0; f < kept.size(); f += 3) {
    kept[f] = 1;
    number[f] = next++;
  }
  features.keep(kept);
  EXPECT_EQ(features.features(), next);
  const auto after = features.of(texts(), 1);
  std::vector<int> expected;
  for (const int f : before.feature) {
    if (number[static_cast<std::size_t>(f)] >= 0) {
      expected.push_back(number[static_cast<std::size_t>(f)]);
    }
  }
  EXPECT_EQ(after.feature, expected);
  EXPECT_EQ(after.sequence, before.sequence);
}

TEST(WordFeatures, what_was_kept_reads_back_and_damage_is_found) {
  WordFeatures features;
  features.fit(texts(), 1, 1);
  features.keep(std::vector<char>(static_cast<std::size_t>(features.features()), 1));
  tensor::TensorFile file;
  Archive out(file, "", 3);
  features.archive(out);
  WordFeatures read;
  Archive in(file, "", 3, out.head());
  read.archive(in);
  EXPECT_EQ(read.of(texts(), 1).feature, features.of(texts(), 1).feature);
  tensor::TensorFile other;
  Archive again(other, "", 3);
  read.archive(again);
  EXPECT_EQ(again.head(), out.head());
  for (const char* name : {"form", "first", "second"}) {
    auto head = out.head();
    head[name].push_back(1);
    Archive damaged(file, "", 3, head);
    EXPECT_THROW(WordFeatures().archive(damaged), Error) << name;
    head = out.head();
    head[name][0] = 1 << 28;
    Archive wrong(file, "", 3, head);
    EXPECT_THROW(WordFeatures().archive(wrong), Error) << name;
  }
}

}  // namespace
}  // namespace refrain::method

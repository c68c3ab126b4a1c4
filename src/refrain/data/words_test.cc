#include "refrain/data/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace refrain::data {
namespace {

using testing::ElementsAre;

TEST(Words, stand_between_blanks_and_are_folded_where_that_is_wanted) {
  EXPECT_THAT(words_at_blanks("U.S. won't  GO", true), ElementsAre("u.s.", "won't", "go"));
  EXPECT_THAT(words_at_blanks("Straße", false), ElementsAre("Straße"));
  EXPECT_TRUE(words_at_blanks("", true).empty());
}

TEST(Words, a_text_without_any_has_one_step_and_a_series_as_many_as_rows) {
  Sample sample;
  EXPECT_EQ(step_count(sample), 1);
  for (const auto& [text, steps] : {std::pair{"", 1}, {"a", 1}, {"a  b", 2}}) {
    sample.streams = {std::string(text)};
    EXPECT_EQ(step_count(sample), steps) << text;
  }
  sample.streams = {Series{3, 2, std::vector<float>(6)}};
  EXPECT_EQ(step_count(sample), 3);
  EXPECT_TRUE(words_at_blanks(sample).empty());
}

}  // namespace
}  // namespace refrain::data

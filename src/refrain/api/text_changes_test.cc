#include "refrain/api/inside/text_changes.h"

#include <gmock/gmock.h>

namespace refrain::api {
namespace {

using testing::ElementsAre;
using Kind = TextPart::Kind;

TEST(TextChanges, what_is_new_and_what_is_gone_stand_in_the_order_of_the_text) {
  EXPECT_THAT(text_changes("the film is fine today", "the movie is today"),
              ElementsAre(TextPart{Kind::kSame, "the "}, TextPart{Kind::kGone, "film "},
                          TextPart{Kind::kNew, "movie "}, TextPart{Kind::kSame, "is "},
                          TextPart{Kind::kGone, "fine "}, TextPart{Kind::kSame, "today"}));
  EXPECT_EQ(changed_tokens(text_changes("the film is fine today", "the movie is today")), 3);
}

TEST(TextChanges, chinese_is_compared_by_characters) {
  EXPECT_THAT(text_changes("很好吃", "很难吃"),
              ElementsAre(TextPart{Kind::kSame, "很"}, TextPart{Kind::kGone, "好"},
                          TextPart{Kind::kNew, "难"}, TextPart{Kind::kSame, "吃"}));
}

TEST(TextChanges, equal_texts_are_one_part_and_empty_ones_none_of_the_words) {
  EXPECT_THAT(text_changes("a b", "a b"), ElementsAre(TextPart{Kind::kSame, "a b"}));
  EXPECT_THAT(text_changes("a b", ""), ElementsAre(TextPart{Kind::kGone, "a b"}));
  EXPECT_THAT(text_changes("", "a"), ElementsAre(TextPart{Kind::kNew, "a"}));
}

}  // namespace
}  // namespace refrain::api

#include "refrain/data/tag_scheme.h"

#include <gmock/gmock.h>

namespace refrain::data {
namespace {

using testing::ElementsAre;
using Tags = std::vector<std::string>;

TEST(TagScheme, every_scheme_becomes_bio) {
  const Tags bio = {"O", "B-LOC", "I-LOC", "B-LOC", "O", "B-PER"};
  EXPECT_EQ(to_bio(bio), bio);
  EXPECT_EQ(to_bio({"O", "I-LOC", "I-LOC", "B-LOC", "O", "I-PER"}), bio);             // IOB1
  EXPECT_EQ(to_bio({"O", "B-LOC", "E-LOC", "S-LOC", "O", "S-PER"}), bio);             // BIOES
  EXPECT_EQ(to_bio({"O", "B-LOC", "L-LOC", "U-LOC", "O", "U-PER"}), bio);             // BILOU
  EXPECT_EQ(to_bio({"B-PER", "M-PER", "E-PER"}), (Tags{"B-PER", "I-PER", "I-PER"}));  // BMES
}

TEST(TagScheme, a_span_of_another_type_or_behind_an_end_begins_anew) {
  EXPECT_EQ(to_bio({"I-PER", "I-LOC"}), (Tags{"B-PER", "B-LOC"}));
  EXPECT_EQ(to_bio({"B-PER", "E-PER", "I-PER"}), (Tags{"B-PER", "I-PER", "B-PER"}));
  EXPECT_EQ(to_bio({"E-PER", "O", "M-PER"}), (Tags{"B-PER", "O", "B-PER"}));
  for (const char* last : {"S-PER", "L-PER", "U-PER"}) {
    EXPECT_EQ(to_bio({last, "I-PER"})[1], "B-PER") << last;
  }
}

TEST(TagScheme, other_tags_stay) {
  EXPECT_THAT(to_bio({"NN", "I-", "X-Y", ""}), ElementsAre("NN", "I-", "X-Y", ""));
  EXPECT_TRUE(is_span_tag("O"));
  EXPECT_TRUE(is_span_tag("B-fromloc.city_name"));
  EXPECT_FALSE(is_span_tag("NN"));
  EXPECT_FALSE(is_span_tag("B-"));
}

}  // namespace
}  // namespace refrain::data

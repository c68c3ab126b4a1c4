#include "refrain/task/tag/codec.h"

#include <gmock/gmock.h>

namespace refrain::task {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::Pointwise;

TEST(TagCodec, tags_with_blanks_come_back_from_one_line) {
  const std::vector<std::string> tags = {"walk up", "B-work of art", "O"};
  EXPECT_EQ(split_tags(join_tags(tags)), tags);
  EXPECT_THAT(split_tags("O B-X"), ElementsAre("O", "B-X"));
  EXPECT_TRUE(split_tags("").empty());
}

TEST(TagCodec, what_is_shown_of_bioes_is_bio_with_all_of_its_probability) {
  const TagCodec codec({"B-X", "I-X", "O"}, true, true);
  ASSERT_THAT(codec.names(), ElementsAre("O", "B-X", "I-X", "E-X", "S-X"));
  EXPECT_THAT(codec.shown_names(), ElementsAre("O", "B-X", "I-X"));
  const double p[] = {0.25, 0.125, 0.0625, 0.0625, 0.5, 1, 0, 0, 0, 0};
  EXPECT_THAT(codec.shown(p, 2, 5),
              Pointwise(DoubleEq(), std::vector<double>{0.25, 0.625, 0.125, 1, 0, 0}));
}

TEST(TagCodec, plain_tags_are_shown_as_they_are) {
  const TagCodec codec({"E-1", "S-1"}, false, false);
  EXPECT_THAT(codec.shown_names(), ElementsAre("E-1", "S-1"));
  const double p[] = {0.25, 0.75};
  EXPECT_THAT(codec.shown(p, 1, 2), ElementsAre(0.25, 0.75));
}

}  // namespace
}  // namespace refrain::task

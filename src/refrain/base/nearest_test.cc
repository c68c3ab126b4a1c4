#include "refrain/base/nearest.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

const std::vector<std::string> kWords = {"hidden", "layers", "learning_rate", "lr"};

TEST(Nearest, finds_a_word_with_one_slip_of_each_kind) {
  EXPECT_EQ(nearest("hiden", kWords), "hidden");    // one letter missing
  EXPECT_EQ(nearest("hiddden", kWords), "hidden");  // one too many
  EXPECT_EQ(nearest("hidder", kWords), "hidden");   // one wrong
  EXPECT_EQ(nearest("hiddne", kWords), "hidden");   // two swapped
  EXPECT_EQ(nearest("leraning_rate", kWords), "learning_rate");
}

TEST(Nearest, a_swap_of_neighbours_is_one_slip) { EXPECT_EQ(nearest("rl", kWords), "lr"); }

TEST(Nearest, the_first_of_equally_near_words_is_taken) {
  EXPECT_EQ(nearest("bat", {"cat", "rat", "bats"}), "cat");
}

TEST(Nearest, gives_nothing_when_no_word_is_close) {
  EXPECT_EQ(nearest("banana", kWords), "");
  EXPECT_EQ(nearest("", {}), "");
  EXPECT_EQ(nearest(std::string(100000, 'h'), kWords), "");
}

TEST(Nearest, the_hint_names_the_nearest_or_all) {
  EXPECT_EQ(did_you_mean("layer", kWords), "did you mean 'layers'?");
  EXPECT_EQ(did_you_mean("zzzz", {"a1", "b2"}), "choose one of a1, b2");
}

}  // namespace
}  // namespace refrain::base

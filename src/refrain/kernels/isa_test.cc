#include "refrain/kernels/isa.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::kernels {
namespace {

class Isa : public testing::Test {
 protected:
  void TearDown() override { choose_isa("auto"); }
};

TEST_F(Isa, this_machine_has_at_least_one) {
  ASSERT_FALSE(available_isas().empty());
  EXPECT_EQ(current_isa(), available_isas().front());
}

TEST_F(Isa, each_available_one_can_be_chosen_and_left_again) {
  for (const auto& name : available_isas()) {
    choose_isa(name);
    EXPECT_EQ(current_isa(), name);
  }
  choose_isa("auto");
  EXPECT_EQ(current_isa(), available_isas().front());
  choose_isa(available_isas().back());
  choose_isa("");
  EXPECT_EQ(current_isa(), available_isas().front());
}

TEST_F(Isa, asking_which_there_are_leaves_the_chosen_one_in_use) {
  const auto all = available_isas();
  choose_isa(all.back());
  EXPECT_EQ(available_isas(), all);
  EXPECT_EQ(current_isa(), all.back());
}

TEST_F(Isa, an_unknown_name_is_refused_and_changes_nothing) {
  const std::string before = available_isas().back();
  choose_isa(before);
  try {
    choose_isa(before + "x");
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    EXPECT_THAT(e.what(), testing::HasSubstr("'" + before + "x'"));
    EXPECT_THAT(e.hint(), testing::HasSubstr(before));
  }
  EXPECT_EQ(current_isa(), before);
}

}  // namespace
}  // namespace refrain::kernels

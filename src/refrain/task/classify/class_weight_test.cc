#include "refrain/task/classify/class_weight.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::task {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kLabels = {"sick", "well"};

std::string refused(const std::string& text) {
  try {
    check_class_weight(text, {}, kLabels);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    return e.what() + (" / " + e.hint());
  }
  return "taken";
}

TEST(ClassWeights, are_none_balanced_or_named) {
  EXPECT_THAT(class_weights("none", kLabels, {3, 9}), IsEmpty());
  EXPECT_THAT(class_weights("", kLabels, {3, 9}), IsEmpty());
  EXPECT_THAT(class_weights("sick=1", kLabels, {3, 9}), IsEmpty());
  EXPECT_THAT(class_weights("balanced", kLabels, {3, 9}), ElementsAre(2, DoubleEq(12.0 / 18)));
  EXPECT_THAT(class_weights("sick=5", kLabels, {3, 9}), ElementsAre(5, 1));
  EXPECT_THAT(class_weights(" well = 0.5 , sick=2 ", kLabels, {3, 9}), ElementsAre(2, 0.5));
  EXPECT_THAT(class_weights(R"({"well": 0.5, "a=b, c": 4})", kLabels, {3, 9}), ElementsAre(1, 0.5));
}

TEST(ClassWeights, wrong_ones_are_refused_with_what_helps) {
  EXPECT_EQ(refused("sick=5, well=1e-3"), "taken");
  EXPECT_THAT(refused("sik=5"), HasSubstr("there is no class 'sik' / did you mean"));
  EXPECT_THAT(refused("balancd"),
              HasSubstr("'balancd' is not of the form label=weight / write none"));
  EXPECT_THAT(refused("sick=0"), HasSubstr("the weight of 'sick' is '0', not a number above 0"));
  EXPECT_THAT(refused("sick=-1"), HasSubstr("'-1'"));
  EXPECT_THAT(refused("sick=much"), HasSubstr("'much'"));
  EXPECT_THAT(refused("sick=1e999"), HasSubstr("'1e999'"));
  EXPECT_THAT(refused(R"({"sick": "much"})"), HasSubstr("is \"much\", not a number above 0"));
  EXPECT_THAT(refused(R"({"sick": 2)"), HasSubstr("is not valid JSON"));
}

TEST(Reweighed, rows_sum_to_one_and_odds_are_times_the_weights) {
  EXPECT_THAT(reweighed({0.5, 0.5, 0.2, 0.8}, {4, 1}),
              ElementsAre(DoubleEq(0.8), DoubleEq(0.2), DoubleEq(0.5), DoubleEq(0.5)));
  EXPECT_THAT(reweighed({0.5, 0.5}, {}), ElementsAre(0.5, 0.5));
  EXPECT_THAT(reweighed({0, 0}, {4, 1}), ElementsAre(0, 0));
}

}  // namespace
}  // namespace refrain::task

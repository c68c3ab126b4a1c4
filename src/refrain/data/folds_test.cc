#include "refrain/data/folds.h"

#include <gmock/gmock.h>

#include <numeric>
#include <set>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;

Dataset make_set(int n, int groups = 0) {
  Dataset out;
  out.path = "set";
  out.has_labels = true;
  out.streams.push_back({"text", StreamKind::kText, 0, {}});
  for (int i = 0; i < n; ++i) {
    Sample sample;
    sample.label = i % 2 == 0 ? "a" : "b";
    if (groups > 0) sample.group = "g" + std::to_string(i % groups);
    sample.streams.emplace_back("text " + std::to_string(i));
    out.samples.push_back(std::move(sample));
  }
  return out;
}

std::vector<int> whole(const Dataset& set) {
  std::vector<int> out(set.samples.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

TEST(Folds, test_each_sample_once_and_train_on_the_others) {
  const Dataset set = make_set(23);
  std::multiset<int> tested;
  for (const Fold& fold : make_folds(set, whole(set), {4, "stratified", 0}, base::Rng(1))) {
    EXPECT_EQ(fold.train.size() + fold.test.size(), 23U);
    for (const int i : fold.test) {
      tested.insert(i);
      EXPECT_EQ(std::count(fold.train.begin(), fold.train.end(), i), 0);
    }
  }
  EXPECT_EQ(tested.size(), 23U);
  EXPECT_EQ(std::set<int>(tested.begin(), tested.end()).size(), 23U);
}

TEST(Folds, by_time_are_blocks_with_a_gap_on_either_side) {
  const Dataset set = make_set(9);
  const auto folds = make_folds(set, whole(set), {3, "time", 1}, base::Rng(1));
  ASSERT_EQ(folds.size(), 3U);
  EXPECT_THAT(folds[1].test, ElementsAre(3, 4, 5));
  EXPECT_THAT(folds[1].train, ElementsAre(0, 1, 7, 8));
}

TEST(Folds, by_time_leave_out_what_is_related_to_a_tested_sample) {
  Dataset set = make_set(9);
  set.samples[0].streams = set.samples[4].streams;  // a duplicate
  set.samples[8].source = 3;                        // made from a tested sample
  set.samples[1].group = set.samples[5].group = "same";
  const auto folds = make_folds(set, whole(set), {3, "time", 0}, base::Rng(1));
  EXPECT_THAT(folds[1].test, ElementsAre(3, 4, 5));
  EXPECT_THAT(folds[1].train, ElementsAre(2, 6, 7));
}

TEST(Folds, a_sample_without_a_group_is_left_out_alone) {
  auto set = make_set(12, 3);
  set.samples[4].group.clear();
  const auto folds = make_folds(set, whole(set), {0, "leave_one_group_out", 0}, base::Rng(1));
  ASSERT_EQ(folds.size(), 4u);
  EXPECT_EQ(folds[0].test, std::vector<int>{4});
  EXPECT_EQ(folds[0].train.size(), 11u);
}

TEST(Folds, leave_one_group_out_tests_each_group_alone) {
  const Dataset set = make_set(9, 3);
  const auto folds = make_folds(set, whole(set), {0, "leave_one_group_out", 0}, base::Rng(1));
  ASSERT_EQ(folds.size(), 3U);
  EXPECT_THAT(folds[2].test, ElementsAre(2, 5, 8));
  EXPECT_THAT(folds[2].train, ElementsAre(0, 1, 3, 4, 6, 7));
}

TEST(Folds, that_cannot_be_made_are_refused) {
  const Dataset set = make_set(4);
  const auto code = [&](const FoldSpec& spec) {
    try {
      make_folds(set, whole(set), spec, base::Rng(1));
    } catch (const Error& e) {
      return e.code() == Code::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(code({5, "time", 0}));
  EXPECT_TRUE(code({1, "time", 0}));
  EXPECT_TRUE(code({5, "stratified", 0}));
  EXPECT_TRUE(code({0, "leave_one_group_out", 0}));
  EXPECT_TRUE(code({2, "time", 4}));
  const Dataset one = make_set(4, 1);
  try {
    make_folds(one, whole(one), {0, "leave_one_group_out", 0}, base::Rng(1));
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("all samples are of group 'g0'"));
  }
}

}  // namespace
}  // namespace refrain::data

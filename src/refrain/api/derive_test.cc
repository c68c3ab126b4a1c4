#include "refrain/api/derive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace refrain::api {
namespace {

using testing::HasSubstr;

constexpr int kSamples = 6;
constexpr std::size_t kSteps = 8;

class DerivedSamples : public testing::Test {
 protected:
  DerivedSamples() {
    for (int i = 0; i < kSamples; ++i) {
      auto& values = values_[static_cast<std::size_t>(i)];
      for (std::size_t t = 0; t < kSteps; ++t) values[t] = static_cast<float>(i) + 0.1F * t;
      samples_.series.push_back({values.data(), kSteps});
      samples_.labels.push_back(i % 2 == 0 ? "even" : "odd");
    }
  }

  static Options options(const std::string& augment, const std::string& threads = "1") {
    Options out;
    out.set("augment", augment);
    out.set("seed", "3");
    out.set("threads", threads);
    return out;
  }

  static std::string refusal(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kUsage);
      EXPECT_FALSE(e.hint().empty());
      return e.what();
    }
    return "accepted";
  }

  std::array<std::array<float, kSteps>, kSamples> values_{};
  Samples samples_;
};

TEST_F(DerivedSamples, come_copy_by_copy_and_name_their_sources) {
  const Derived found = derive(samples_, options("jitter(p=1)"), 2, {});
  ASSERT_EQ(found.series.size(), 2U * kSamples);
  for (std::size_t i = 0; i < found.series.size(); ++i) {
    EXPECT_EQ(found.sources[i], static_cast<int>(i) % kSamples);
    EXPECT_EQ(found.labels[i], samples_.labels[i % kSamples]);
    EXPECT_TRUE(found.shares[i].empty());
  }
  EXPECT_NE(found.series[0], found.series[kSamples]);
  EXPECT_EQ(derive(samples_, options("jitter(p=1)", "2"), 2, {}).series, found.series);
}

TEST_F(DerivedSamples, have_shares_and_the_label_of_the_larger_one_where_they_are_mixed) {
  const Derived found = derive(samples_, options("mixup(p=1)"), 4, {});
  int mixed = 0;
  for (std::size_t i = 0; i < found.shares.size(); ++i) {
    if (found.shares[i].size() < 2) continue;
    ++mixed;
    const auto& [a, b] = std::pair(found.shares[i][0], found.shares[i][1]);
    EXPECT_NEAR(a.second + b.second, 1, 1e-9);
    EXPECT_EQ(found.labels[i], a.second >= b.second ? a.first : b.first);
  }
  EXPECT_GT(mixed, 0);
}

TEST_F(DerivedSamples, borrow_nothing_from_samples_of_weight_zero) {
  samples_.weights = {1, 0, 1, 0, 1, 0};
  const Derived found = derive(samples_, options("mixup(p=1)"), 2, {});
  EXPECT_EQ(found.sources, (std::vector<int>{0, 2, 4, 0, 2, 4}));
  for (const auto& shares : found.shares) EXPECT_TRUE(shares.empty());
}

TEST_F(DerivedSamples, what_cannot_be_done_is_refused) {
  const auto with = [&](const std::string& spec, int copies) {
    return refusal([&] { derive(samples_, options(spec), copies, {}); });
  };
  EXPECT_THAT(with("typo", 1), HasSubstr("typo changes texts, and the samples of 'X' are series"));
  EXPECT_THAT(with("auto", 1), HasSubstr("auto chooses while training"));
  EXPECT_THAT(with("none", 1), HasSubstr("--augment is missing"));
  EXPECT_THAT(with("jitter", 0), HasSubstr("copies is 0"));
  EXPECT_THAT(with("jitter", 1001), HasSubstr("copies is 1001"));
}

TEST(Augmentations, are_listed_with_every_option_and_p) {
  int groups = 0;
  for (const auto& operation : augmentations()) {
    ASSERT_FALSE(operation.options.empty()) << operation.name;
    EXPECT_EQ(operation.options.back().name, "p");
    if (operation.kind != "group") {
      EXPECT_EQ(augmentation_text(operation.name + "(p=0.5)"), operation.name + "(p=0.5)");
      continue;
    }
    ++groups;
    const bool counted = operation.name == "some_of" || operation.name == "repeat";
    EXPECT_EQ(operation.options.size(), counted ? 2U : 1U);
    if (counted) {
      EXPECT_EQ(operation.options.front().name, "n");
    }
  }
  EXPECT_EQ(groups, 4);
}

}  // namespace
}  // namespace refrain::api

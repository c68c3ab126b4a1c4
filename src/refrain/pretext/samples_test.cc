#include "refrain/pretext/samples.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/pretext/made_up_series.h"

namespace refrain::pretext {
namespace {

const data::Series& series_of(const Collected& all, std::size_t i) {
  return std::get<data::Series>(all.dataset.samples[i].streams.front());
}

TEST(Join, puts_channels_of_one_name_together_and_misses_the_others) {
  const auto a = made_up_series(3, 2, "a.csv", {"x", "y"});
  const auto b = made_up_series(2, 2, "b.csv", {"y", "z"});
  const Collected all = join({a, b}, false, false);
  EXPECT_EQ(all.dataset.streams.front().channel_names, (std::vector<std::string>{"x", "y", "z"}));
  ASSERT_EQ(all.dataset.samples.size(), 5U);
  const auto& own = std::get<data::Series>(b.samples[0].streams.front());
  EXPECT_EQ(series_of(all, 3).channels, 3);
  EXPECT_TRUE(std::isnan(series_of(all, 3).values[0]));
  EXPECT_EQ(series_of(all, 3).values[1], own.values[0]);
  EXPECT_EQ(series_of(all, 3).values[5], own.values[3]);
  EXPECT_TRUE(std::isnan(series_of(all, 0).values[2]));
}

TEST(Join, keeps_files_apart_in_groups_and_labels) {
  const auto a = made_up_series(4, 1, "a.csv"), b = made_up_series(4, 1, "b.csv");
  const Collected all = join({a, b}, false, true);
  EXPECT_EQ(all.classes, (std::vector<std::string>{"a.csv: quick", "a.csv: slow", "b.csv: quick",
                                                   "b.csv: slow"}));
  EXPECT_EQ(all.label, (std::vector<int>{1, 0, 1, 0, 3, 2, 3, 2}));
  EXPECT_NE(all.dataset.samples[0].group, all.dataset.samples[4].group);
}

TEST(Join, takes_each_channel_as_a_series_of_the_same_group) {
  const auto a = made_up_series(2, 3, "a.csv"), b = made_up_series(1, 1, "b.csv");
  const Collected all = join({a, b}, true, false);
  ASSERT_EQ(all.dataset.samples.size(), 7U);
  EXPECT_EQ(all.dataset.streams.front().channels, 1);
  EXPECT_EQ(all.dataset.samples[0].group, all.dataset.samples[2].group);
  EXPECT_NE(all.dataset.samples[0].group, all.dataset.samples[3].group);
  const auto& own = std::get<data::Series>(a.samples[0].streams.front());
  EXPECT_EQ(series_of(all, 1).values[2], own.values[7]);
}

TEST(Rates, bring_all_files_to_the_lowest) {
  std::vector<data::Dataset> parts = {made_up_series(2, 2, "a.csv"), made_up_series(2, 2, "b.csv")};
  const auto before = std::get<data::Series>(parts[1].samples[0].streams.front());
  const int steps = std::get<data::Series>(parts[0].samples[0].streams.front()).steps;
  settle_rates(parts, parse_rates("500,250", 2));
  EXPECT_EQ(std::get<data::Series>(parts[0].samples[0].streams.front()).steps, (steps + 1) / 2);
  EXPECT_EQ(std::get<data::Series>(parts[1].samples[0].streams.front()).values, before.values);
}

TEST(Rates, that_are_no_numbers_or_not_one_a_file_are_refused) {
  for (const char* list :
       {"", "500", "500,", "500,0", "500,x", "500,250,100", "500,-1", "500,inf"}) {
    EXPECT_THROW(parse_rates(list, 2), Error) << list;
  }
}

TEST(Join, refuses_other_numbers_of_channels_without_names) {
  const auto a = made_up_series(2, 3, "a.csv"), b = made_up_series(1, 1, "b.csv");
  try {
    join({a, b}, false, false);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("a.csv has 3 channels and b.csv has 1"),
              std::string::npos);
    EXPECT_NE(e.hint().find("--channels apart"), std::string::npos);
  }
}

}  // namespace
}  // namespace refrain::pretext

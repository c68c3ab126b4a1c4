// Reads the shared series and compares with the counts that their publishers give.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "refrain/data/history/read.h"

namespace refrain::data {
namespace {

const std::string kSharedSeries = REFRAIN_SOURCE_DIR "/../shared/data/timeseries/";

struct SharedHistories {
  const char* path;
  const char* format;
  std::size_t series, least, most;  // their number, steps of the shortest and the longest
  const char* calendar;
  const char* first;  // stamp of the first step
};

const std::vector<SharedHistories>& shared_histories() {
  static const std::vector<SharedHistories> kFiles = {
      {"M4/Hourly-train.csv", "rows", 414, 700, 960, "steps", "1"},
      {"M4/Hourly-test.csv", "rows", 414, 48, 48, "steps", "1"},
      {"M4/Weekly-train.csv", "rows", 359, 80, 2597, "steps", "1"},
      {"M4/Weekly-test.csv", "rows", 359, 13, 13, "steps", "1"},
      {"M3/Yearly-train.csv", "rows", 645, 14, 41, "steps", "1"},
      {"M3/Yearly-test.csv", "rows", 645, 6, 6, "steps", "1"},
      {"M3/Other-train.csv", "rows", 174, 63, 96, "steps", "1"},
      {"m1_yearly_dataset/m1_yearly_dataset.tsf", "tsf", 181, 15, 58, "yearly",
       "1972-01-01 00-00-00"},
      {"ETTh1/ETTh1.csv", "columns", 7, 17420, 17420, "hourly", "2016-07-01 00:00:00"},
      {"Airline/Airline.csv", "columns", 1, 144, 144, "monthly", "1949-01"},
      {"ShampooSales/ShampooSales.csv", "columns", 1, 36, 36, "monthly", "1991-01"},
      {"Lynx/Lynx.csv", "columns", 1, 114, 114, "yearly", "1821"}};
  return kFiles;
}

TEST(SharedHistories, have_the_published_sizes) {
  for (const auto& file : shared_histories()) {
    const std::string path = kSharedSeries + file.path;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/data: " << file.path;
    const Histories read = read_histories(path, {}, base::Log());
    EXPECT_EQ(read.format, file.format) << path;
    ASSERT_EQ(read.series.size(), file.series) << path;
    const auto shorter = [](const auto& a, const auto& b) { return a.steps() < b.steps(); };
    const auto [least, most] = std::minmax_element(read.series.begin(), read.series.end(), shorter);
    EXPECT_EQ(least->steps(), file.least) << path;
    EXPECT_EQ(most->steps(), file.most) << path;
    EXPECT_EQ(read.calendar.name(), file.calendar) << path;
    EXPECT_EQ(read.calendar.stamp(read.series[0].start, 0), file.first) << path;
  }
}

}  // namespace
}  // namespace refrain::data

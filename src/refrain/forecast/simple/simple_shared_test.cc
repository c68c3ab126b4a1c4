// The published figures of the M4 competition's benchmarks, from its hourly and weekly series.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "refrain/forecast/simple/season.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

const std::string kM4Folder = std::string(REFRAIN_SOURCE_DIR) + "/../shared/data/timeseries/M4/";

// One series a line behind a header: quoted cells, the name first, empty cells at the end.
std::vector<std::vector<double>> m4_series(const std::string& file) {
  std::ifstream in(kM4Folder + file);
  std::vector<std::vector<double>> out;
  std::string line, cell;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::erase(line, '"');
    std::istringstream cells(line);
    std::getline(cells, cell, ',');
    out.emplace_back();
    while (std::getline(cells, cell, ',') && !cell.empty()) out.back().push_back(std::stod(cell));
  }
  return out;
}

struct M4Score {
  double smape = 0, mase = 0;
};

struct M4Sets {
  std::vector<std::vector<double>> past, next;
  int season = 1;
};

M4Score m4_score(const M4Sets& sets, const std::string& method) {
  M4Score score;
  const double n = double(sets.past.size());
  for (size_t i = 0; i < sets.past.size(); ++i) {
    const auto& next = sets.next[i];
    const auto f =
        simple_methods().at(method).forecast(sets.past[i], {int(next.size()), {sets.season}});
    const double cells = n * double(next.size());
    const double scale = seasonal_naive_error(sets.past[i], sets.season);
    for (size_t h = 0; h < next.size(); ++h) {
      const double error = std::abs(next[h] - f.at(h));
      score.smape += 200 * error / (std::abs(next[h]) + std::abs(f[h])) / cells;
      score.mase += error / scale / cells;
    }
  }
  return score;
}

TEST(SlowSimpleMethods, m4_weekly_scores_are_the_published_ones) {
  if (!std::filesystem::exists(kM4Folder)) GTEST_SKIP() << "no ../shared/data/timeseries/M4";
  const M4Sets sets{m4_series("Weekly-train.csv"), m4_series("Weekly-test.csv"), 1};
  ASSERT_EQ(sets.past.size(), 359u);
  const M4Score naive2 = m4_score(sets, "naive2"), theta = m4_score(sets, "theta");
  EXPECT_NEAR(naive2.smape, 9.161, 0.00051);
  EXPECT_NEAR(naive2.mase, 2.777, 0.00051);
  EXPECT_NEAR(theta.smape, 9.093, 0.00051);
  EXPECT_NEAR(theta.mase, 2.637, 0.00051);
}

TEST(SlowSimpleMethods, m4_hourly_scores_are_the_published_ones) {
  if (!std::filesystem::exists(kM4Folder)) GTEST_SKIP() << "no ../shared/data/timeseries/M4";
  const M4Sets sets{m4_series("Hourly-train.csv"), m4_series("Hourly-test.csv"), 24};
  ASSERT_EQ(sets.past.size(), 414u);
  const M4Score naive2 = m4_score(sets, "naive2"), theta = m4_score(sets, "theta");
  const M4Score seasonal = m4_score(sets, "seasonal_naive");
  EXPECT_NEAR(naive2.smape, 18.383, 0.00051);
  EXPECT_NEAR(naive2.mase, 2.395, 0.00051);
  EXPECT_NEAR(seasonal.smape, 13.912, 0.00051);
  EXPECT_NEAR(seasonal.mase, 1.193, 0.00051);
  EXPECT_NEAR(theta.smape, 18.138, 0.00051);
  EXPECT_NEAR(theta.mase, 2.455, 0.00051);
}

}  // namespace
}  // namespace refrain::forecast

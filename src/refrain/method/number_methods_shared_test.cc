// Methods that predict numbers on public sets beside the project: what a hidden channel does is
// told from the others.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "refrain/data/reader.h"
#include "refrain/method/list.h"

namespace refrain::method {
namespace {

const std::string kFolder = std::string(REFRAIN_SOURCE_DIR) + "/../shared/data/timeseries/";

// Series without their first channel, whose mean and deviation are the numbers.
struct Hidden {
  data::Dataset data;
  std::vector<int> chosen;
  std::vector<double> values;

  explicit Hidden(const std::string& path) : data(data::read_labelled(path, {}, {})) {
    for (auto& sample : data.samples) {
      chosen.push_back(static_cast<int>(chosen.size()));
      auto& series = std::get<data::Series>(sample.streams[0]);
      data::Series rest{series.steps, series.channels - 1, {}};
      double sum = 0, squares = 0;
      for (int t = 0; t < series.steps; ++t) {
        const auto row = series.values.begin() + static_cast<std::ptrdiff_t>(t) * series.channels;
        sum += static_cast<double>(*row);
        squares += static_cast<double>(*row) * static_cast<double>(*row);
        rest.values.insert(rest.values.end(), row + 1, row + series.channels);
      }
      const double mean = sum / series.steps;
      values.push_back(mean);
      values.push_back(std::sqrt(squares / series.steps - mean * mean));
      series = std::move(rest);
    }
    --data.streams[0].channels;
  }
};

// The root mean square errors of both numbers beside those of the mean of the test part.
std::pair<double, double> errors(Method& method, const std::string& set) {
  const Hidden train(kFolder + set + "/" + set + "_TRAIN.ts");
  const Hidden test(kFolder + set + "/" + set + "_TEST.ts");
  Training training{{train.data, train.chosen}, {}, 0, 1, 2};
  training.values = train.values;
  training.width = 2;
  method.fit(training);
  const auto said = method.predict({test.data, test.chosen}, 2);
  double mean[2] = {}, error[2] = {}, variance[2] = {};
  const auto n = static_cast<double>(test.chosen.size());
  for (std::size_t i = 0; i < said.size(); ++i) mean[i % 2] += test.values[i] / n;
  for (std::size_t i = 0; i < said.size(); ++i) {
    error[i % 2] += std::pow(said[i] - test.values[i], 2);
    variance[i % 2] += std::pow(mean[i % 2] - test.values[i], 2);
  }
  return {std::sqrt(error[0] / variance[0]), std::sqrt(error[1] / variance[1])};
}

class SharedNumbers : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << "no folder " << kFolder;
  }
};

TEST_F(SharedNumbers, summaries_tell_how_a_hidden_channel_moves) {
  const auto [mean, deviation] = errors(*make_summary_ridge(), "BasicMotions");
  EXPECT_LT(mean, 0.6);
  EXPECT_LT(deviation, 0.6);
}

using SlowSharedNumbers = SharedNumbers;

TEST_F(SlowSharedNumbers, convolutions_tell_how_a_hidden_channel_moves) {
  const auto [mean, deviation] = errors(*make_rocket_ridge(), "BasicMotions");
  EXPECT_LT(mean, 0.6);
  EXPECT_LT(deviation, 0.6);
}

TEST_F(SlowSharedNumbers, neighbours_tell_how_a_hidden_channel_moves) {
  const auto [mean, deviation] = errors(*make_neighbour_mean_dtw(), "BasicMotions");
  EXPECT_LT(mean, 1);
  EXPECT_LT(deviation, 0.6);
}

}  // namespace
}  // namespace refrain::method

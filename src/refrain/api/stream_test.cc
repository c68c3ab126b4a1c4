#include "refrain/api/stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "refrain/api/train.h"
#include "refrain/base/test_folder.h"

namespace refrain::api {
namespace {

// Series of two channels, of 5 to 9 steps, in two classes (rising or falling); some values missing.
class StreamTest : public testing::Test {
 protected:
  StreamTest() {
    std::ofstream file(data());
    for (int i = 0; i < 24; ++i) {
      std::vector<std::vector<float>> series;
      const int steps = 5 + i % 5;
      file << "{\"label\": \"" << (i % 2 == 0 ? "up" : "down") << "\", \"series\": [";
      for (int t = 0; t < steps; ++t) {
        const float slope = i % 2 == 0 ? 1.0F : -1.0F;
        const float x = slope * static_cast<float>(t) + 0.1F * static_cast<float>(i);
        const bool missing = (i + t) % 7 == 0;
        series.push_back({missing ? std::numeric_limits<float>::quiet_NaN() : x, 0.5F * x});
        file << (t > 0 ? ", [" : "[");
        missing ? file << "null" : file << x;
        file << ", " << 0.5F * x << "]";
      }
      file << "]}\n";
      series_.push_back(series);
    }
  }

  std::string data() const { return folder_.path("data.jsonl"); }

  Model trained(const std::vector<std::pair<std::string, std::string>>& options) const {
    TrainJob job;
    job.data = data();
    job.test = data();
    job.options.set("allow_overlap", "true");
    job.out = folder_.path("model.refrain");
    job.options.set("epochs", "3");
    job.options.set("hidden", "9");
    job.options.set("series_layout", "steps");
    for (const auto& [name, value] : options) job.options.set(name, value);
    train(job);
    return Model::load(job.out);
  }

  base::TestFolder folder_;
  std::vector<std::vector<std::vector<float>>> series_;
};

TEST_F(StreamTest, step_by_step_gives_what_the_whole_series_gives) {
  for (const char* cell : {"gru", "lstm", "rnn"}) {
    for (const char* pooling : {"last", "mean", "max", "concat"}) {
      const Model model = trained({{"cell", cell},
                                   {"pooling", pooling},
                                   {"layers", "2"},
                                   {"layer_norm", "true"},
                                   {"zoneout", "0.2"},
                                   {"weight_drop", "0.3"},
                                   {"bidirectional", "false"}});
      const auto whole = model.predict(data(), Options(), Hooks());
      Stream stream(model);
      ASSERT_EQ(stream.channels(), 2);
      for (std::size_t i = 0; i < series_.size(); ++i) {
        stream.reset();
        for (const auto& step : series_[i]) stream.step(step.data());
        for (std::size_t c = 0; c < 2; ++c) {
          EXPECT_NEAR(stream.probabilities()[c], whole[i].numbers[c], 1e-5)
              << cell << " " << pooling << " sample " << i;
        }
      }
    }
  }
}

TEST_F(StreamTest, a_model_that_needs_the_whole_series_is_refused_with_the_remedy) {
  const Model model = trained({{"bidirectional", "true"}});
  try {
    Stream stream(model);
    FAIL() << "a bidirectional model was accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnsupported);
    EXPECT_NE(e.hint().find("--no-bidirectional"), std::string::npos);
  }
}

TEST_F(StreamTest, a_calibrated_model_is_refused) {
  const Model model = trained({{"bidirectional", "false"}, {"calibrate", "true"}});
  try {
    Stream stream(model);
    FAIL() << "a calibrated model was accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnsupported);
    EXPECT_NE(e.hint().find("--calibrate"), std::string::npos);
  }
}

TEST_F(StreamTest, a_model_that_varies_what_it_predicts_is_refused) {
  const Model model = trained({{"augment", "jitter"}, {"tta", "2"}});
  try {
    Stream stream(model);
    FAIL() << "a model with --tta was accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnsupported);
    EXPECT_NE(e.hint().find("--tta"), std::string::npos);
  }
}

}  // namespace
}  // namespace refrain::api

// Simple methods on the public sets beside the project: scores that others have published or
// measured.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "refrain/data/reader.h"
#include "refrain/method/accuracy.h"
#include "refrain/method/list.h"

namespace refrain::method {
namespace {

const std::string kData = std::string(REFRAIN_SOURCE_DIR) + "/../shared/data/";

struct Labelled {
  data::Dataset data;
  std::vector<int> chosen, targets;

  Labelled(const std::string& path, std::map<std::string, int>& classes)
      : data(data::read_labelled(path, latin(), {})) {
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
      const auto next = static_cast<int>(classes.size());
      chosen.push_back(static_cast<int>(i));
      targets.push_back(classes.emplace(data.samples[i].label, next).first->second);
    }
  }
  static data::ReadSpec latin() {
    data::ReadSpec spec;
    spec.encoding = "latin-1";
    return spec;
  }
};

double score(Method& method, const std::string& train_path, const std::string& test_path) {
  std::map<std::string, int> classes;
  const Labelled train(kData + train_path, classes), test(kData + test_path, classes);
  const auto count = static_cast<int>(classes.size());
  method.fit({{train.data, train.chosen}, train.targets, count, 1, 2});
  return accuracy(method.predict({test.data, test.chosen}, 2), test.targets, count);
}

double score_series(Method& method, const std::string& set) {
  const auto path = "timeseries/" + set + "/" + set;
  return score(method, path + "_TRAIN.ts", path + "_TEST.ts");
}

class SharedData : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData)) GTEST_SKIP() << "no folder " << kData;
  }
};

using SlowSharedData = SharedData;

TEST_F(SlowSharedData, nearest_neighbours_give_the_accuracies_of_the_archive) {
  EXPECT_NEAR(score_series(*make_nn_euclidean(), "GunPoint"), 0.9133, 1e-4);
  EXPECT_NEAR(score_series(*make_nn_dtw(100), "GunPoint"), 0.9067, 1e-4);
  EXPECT_NEAR(score_series(*make_nn_dtw(), "ECG200"), 0.88, 1e-4);
  EXPECT_NEAR(score_series(*make_nn_dtw(100), "ECG200"), 0.77, 1e-4);
  EXPECT_NEAR(score_series(*make_nn_dtw(), "ToeSegmentation2"), 0.9077, 1e-4);
}

// Published (UCR archive): 82.3 % in the mean, without a window.
TEST_F(SlowSharedData, warping_without_a_window_has_the_published_mean_of_sixteen_sets) {
  double sum = 0;
  for (const char* set :
       {"BirdChicken", "MoteStrain", "ECGFiveDays", "TwoLeadECG", "Coffee", "Beef", "CBF",
        "OliveOil", "ArrowHead", "ToeSegmentation1", "ToeSegmentation2", "GunPoint", "Wine", "Meat",
        "ItalyPowerDemand", "ECG200"}) {
    sum += score_series(*make_nn_dtw(100), set);
  }
  RecordProperty("mean", std::to_string(sum / 16));
  EXPECT_NEAR(sum / 16, 0.823, 0.01);
}

TEST_F(SlowSharedData, minirocket_is_near_its_published_accuracies) {
  EXPECT_GE(score_series(*make_minirocket(), "GunPoint"), 0.97);
  EXPECT_GE(score_series(*make_minirocket(), "TwoLeadECG"), 0.99);
  EXPECT_GE(score_series(*make_minirocket(), "BasicMotions"), 0.97);    // six channels
  EXPECT_GE(score_series(*make_minirocket(), "JapaneseVowels"), 0.95);  // unequal lengths
}

TEST_F(SlowSharedData, hydra_does_as_well_as_minirocket) {
  EXPECT_GE(score_series(*make_hydra(), "GunPoint"), 0.97);
  EXPECT_GE(score_series(*make_hydra(), "BasicMotions"), 0.97);
  EXPECT_GE(score_series(*make_hydra(), "JapaneseVowels"), 0.95);
}

TEST_F(SharedData, summaries_tell_smooth_and_noisy_movements_apart) {
  EXPECT_GE(score_series(*make_summary_logistic(), "BasicMotions"), 0.95);
}

TEST_F(SlowSharedData, tfidf_reaches_what_the_usual_recipe_reaches) {
  const std::string trec = "text/trec/TREC.", sst = "text/sst2/stsa.binary.";
  EXPECT_GE(score(*make_tfidf_logistic(), trec + "train.all", trec + "test.all"), 0.87);
  EXPECT_GE(score(*make_tfidf_logistic(), sst + "train", sst + "test"), 0.80);
}

}  // namespace
}  // namespace refrain::method

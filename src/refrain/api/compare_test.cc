#include "refrain/api/compare.h"

#include <gmock/gmock.h>

#include <functional>

#include "refrain/api/inside/record.h"
#include "refrain/api/inside/scratch_folder.h"
#include "refrain/base/error.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

class Compared : public ScratchFolder {
 protected:
  // A run on twenty samples of two classes by turns, all right but the first `wrong`.
  std::string keep(const std::string& model, int wrong,
                   const std::function<void(store::Run&)>& change = nullptr) const {
    store::Run run;
    run.command = "train", run.task = "classify", run.model = model, run.options = "{}";
    run.data = "bearings", run.data_hash = "d", run.protocol = "cross-validation";
    run.classes = {"a", "b"};
    run.metric = "accuracy";
    for (int i = 0; i < 20; ++i) {
      const bool b = i % 2 == 1, says_b = b != (i < wrong);
      run.predictions.push_back({0,
                                 i % 4 / 2,
                                 std::to_string(i),
                                 "",
                                 b ? "b" : "a",
                                 says_b ? "b" : "a",
                                 {says_b ? 0.25 : 0.75, says_b ? 0.75 : 0.25}});
    }
    if (change) change(run);
    return record(file(), run);
  }
  std::string file() const { return path("runs.db"); }

  std::string refusal(const std::function<void(store::Run&)>& change) const {
    try {
      compare_runs(file(), keep("gru", 4), keep("lstm", 0, change), "");
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData);
      return e.what();
    }
    return "compared";
  }
};

TEST_F(Compared, runs_are_set_against_each_other_sample_by_sample_in_their_folds) {
  const RunComparison c = compare_runs(file(), keep("gru", 4), keep("lstm", 0), "");
  EXPECT_EQ(c.metric, "accuracy");
  EXPECT_NEAR(c.value_a, 0.8, 1e-12);
  EXPECT_NEAR(c.value_b, 1, 1e-12);
  EXPECT_NEAR(c.difference.value, 0.2, 1e-12);
  EXPECT_EQ(c.samples, 20);
  EXPECT_EQ(c.test, "corrected resampled t-test over 2 folds");
}

TEST_F(Compared, runs_with_other_folds_are_judged_by_their_samples_alone) {
  const auto other_folds = [](store::Run& run) {
    for (auto& p : run.predictions) p.fold = 1 - p.fold;
  };
  EXPECT_EQ(compare_runs(file(), keep("gru", 4), keep("lstm", 0, other_folds), "").test,
            "paired permutation of 20 samples");
}

TEST_F(Compared, groups_of_either_run_count_as_one) {
  const auto grouped = [](store::Run& run) {
    for (auto& p : run.predictions) p.fold = 0, p.group = std::stoi(p.sample) < 5 ? "g" : "h";
  };
  EXPECT_THAT(compare_runs(file(), keep("gru", 4, grouped), keep("lstm", 0, grouped), "").test,
              HasSubstr("20 samples in 2 "));
}

TEST_F(Compared, translations_are_paired_by_their_sentences_and_judged_by_bleu) {
  const auto translated = [](int wrong) {
    return [wrong](store::Run& run) {
      run.task = "translate", run.metric = "bleu";
      for (std::size_t i = 0; i < run.predictions.size(); ++i) {
        auto& p = run.predictions[i];
        p.fold = 0;
        p.truth = "the " + std::to_string(i) + " th cat sees a dog";
        p.predicted = static_cast<int>(i) < wrong ? "nothing that is like it" : p.truth;
        p.probability = {-1};
      }
    };
  };
  const auto c =
      compare_runs(file(), keep("gru", 0, translated(12)), keep("lstm", 0, translated(2)), "");
  EXPECT_EQ(c.metric, "bleu");
  EXPECT_LT(c.value_a, c.value_b);
  EXPECT_GT(c.difference.low, 0);
  EXPECT_TRUE(c.distinguishable);
  EXPECT_EQ(c.test, "paired permutation of 20 samples");
}

TEST_F(Compared, runs_that_did_not_predict_the_same_are_refused) {
  EXPECT_THAT(refusal([](store::Run& run) { run.data_hash = "e"; }),
              HasSubstr("their data files differ"));
  EXPECT_THAT(refusal([](store::Run& run) { run.predictions.pop_back(); }),
              HasSubstr("one predicted 20 samples, the other 19"));
  EXPECT_THAT(refusal([](store::Run& run) { run.predictions[3].truth = "a"; }),
              HasSubstr("sample 3 was predicted by one of them only"));
  EXPECT_THAT(refusal([](store::Run& run) { run.predictions[3].sample = "x"; }),
              HasSubstr("sample 3 was predicted by one of them only"));
}

}  // namespace
}  // namespace refrain::api

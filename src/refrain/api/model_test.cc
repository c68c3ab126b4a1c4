#include "refrain/api/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/names.h"
#include "refrain/api/registries.h"
#include "refrain/api/train.h"
#include "refrain/api/version.h"

namespace refrain::api {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class ModelTest : public ScratchFolder {
 protected:
  void SetUp() override {
    ScratchFolder::SetUp();
    TrainJob j;
    j.data = write("a.tsv", series(120));
    j.test = test_ = write("b.tsv", series(60, 2));
    j.out = path("m.refrain");
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"hidden", "8"}, {"epochs", "10"}, {"threads", "1"}, {"lr", "0.01"}}) {
      j.options.set(name, value);
    }
    report_ = train(j);
  }

  Model model() const { return Model::load(path("m.refrain")); }

  Report report_;
  std::string test_;
};

TEST_F(ModelTest, evaluate_equals_the_report_of_the_training) {
  const Report r = model().evaluate(test_, {}, {});
  EXPECT_EQ(r.score.value, report_.score.value);
  EXPECT_EQ(r.score.low, report_.score.low);
  EXPECT_EQ(r.score.high, report_.score.high);
  ASSERT_EQ(r.metrics.size(), report_.metrics.size());
  for (std::size_t i = 0; i < r.metrics.size(); ++i) {
    EXPECT_EQ(r.metrics[i].first, report_.metrics[i].first);
    EXPECT_EQ(r.metrics[i].second.value, report_.metrics[i].second.value) << r.metrics[i].first;
    EXPECT_EQ(r.metrics[i].second.low, report_.metrics[i].second.low) << r.metrics[i].first;
    EXPECT_EQ(r.metrics[i].second.high, report_.metrics[i].second.high) << r.metrics[i].first;
  }
  EXPECT_EQ(r.tables, report_.tables);
  EXPECT_EQ(r.classes, report_.classes);
  EXPECT_EQ(r.n_test, 60);
  EXPECT_EQ(r.n_train, report_.n_train);
  EXPECT_EQ(r.params, report_.params);
  EXPECT_EQ(r.epochs, report_.epochs);
  EXPECT_EQ(r.best_epoch, report_.best_epoch);
  EXPECT_EQ(r.stop_reason, report_.stop_reason);
  EXPECT_EQ(r.seed, report_.seed);
  EXPECT_EQ(r.model, path("m.refrain"));
}

TEST_F(ModelTest, predictions_are_the_likeliest_classes_and_make_up_the_score) {
  const Model m = model();
  EXPECT_THAT(m.classes(), ElementsAre("down", "up"));
  const auto predictions = m.predict(test_, {}, {});
  ASSERT_EQ(predictions.size(), 60u);
  std::istringstream lines(read(test_));
  int right = 0;
  for (const auto& p : predictions) {
    ASSERT_EQ(p.numbers.size(), 2u);
    EXPECT_NEAR(p.numbers[0] + p.numbers[1], 1, 1e-12);
    EXPECT_EQ(p.answer, p.numbers[1] > p.numbers[0] ? "up" : "down");
    std::string line;
    std::getline(lines, line);
    right += line.substr(0, line.find('\t')) == p.answer ? 1 : 0;
  }
  EXPECT_EQ(right / 60.0, report_.score.value);
  EXPECT_EQ(predictions[0].id, "1");
  EXPECT_EQ(predictions[59].id, "60");
}

TEST_F(ModelTest, prediction_needs_no_labels_and_does_not_mind_unknown_ones) {
  const Model m = model();
  const auto known = m.predict(test_, {}, {});
  std::string other = read(test_);
  for (auto at = other.find("up"); at != std::string::npos; at = other.find("up")) {
    other.replace(at, 2, "strange");
  }
  const auto strange = m.predict(write("strange.tsv", other), {}, {});
  ASSERT_EQ(strange.size(), known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(strange[i].numbers, known[i].numbers);
  }
  const auto bare = m.predict(write("bare.jsonl", "{\"series\": [[1], [2], [3]]}\n"), {}, {});
  EXPECT_EQ(bare.size(), 1u);
}

TEST_F(ModelTest, any_number_of_threads_gives_the_same_predictions) {
  Options one, two;
  one.set("threads", "1");
  two.set("threads", "2");
  const Model m = model();
  const auto a = m.predict(test_, one, {}), b = m.predict(test_, two, {});
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].numbers, b[i].numbers);
}

TEST_F(ModelTest, data_of_another_kind_is_refused_by_name) {
  const Model m = model();
  const auto message = [&](const std::string& file, bool score) {
    try {
      score ? (void)m.evaluate(file, {}, {}) : (void)m.predict(file, {}, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), 2);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message(path("absent.tsv"), false), HasSubstr("absent.tsv"));
  const std::string text = write("t.csv", "label,text\nup,a warm day\ndown,a cold one\n");
  EXPECT_THAT(message(text, false), HasSubstr("t.csv"));
  const std::string bare = write("bare.jsonl", "{\"series\": [[1], [2], [3]]}\n");
  EXPECT_THAT(message(bare, true), HasSubstr("labels"));
  const std::string unknown = write("u.jsonl", labelled({"up", "sideways"}));
  EXPECT_THAT(message(unknown, true), HasSubstr("u.jsonl:2"));
}

TEST_F(ModelTest, files_that_are_no_models_are_refused) {
  for (const auto& [name, content] :
       std::vector<std::pair<std::string, std::string>>{{"x.refrain", "not a model"},
                                                        {"e.refrain", ""},
                                                        {"h.refrain", std::string(100, '\0')}}) {
    const std::string file = write(name, content);
    try {
      Model::load(file);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kData);
      EXPECT_THAT(error.what(), HasSubstr(file));
    }
  }
}

TEST(Registries, every_one_lists_names_with_descriptions) {
  for (const char* name : {"cells", "optimisers", "schedules", "readers", "tasks", "metrics"}) {
    EXPECT_THAT(registry_names(), Contains(name));
  }
  for (const auto& name : registry_names()) {
    const auto rows = list_registry(name);
    EXPECT_FALSE(rows.empty()) << name;
    for (const auto& row : rows) {
      EXPECT_NE(row.name, "") << name;
      EXPECT_NE(row.description, "") << name << " " << row.name;
    }
  }
}

TEST(Registries, an_unknown_one_gets_the_nearest_name) {
  try {
    list_registry("cels");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUsage);
    EXPECT_EQ(error.hint(), "did you mean 'cells'?");
  }
  EXPECT_EQ(nearest_name("trian", {"train", "predict"}), "train");
  EXPECT_EQ(nearest_name("zzz", {"train", "predict"}), "");
}

TEST(Version, has_three_numbers) { EXPECT_EQ(std::ranges::count(version(), '.'), 2); }

}  // namespace
}  // namespace refrain::api

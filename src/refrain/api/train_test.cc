#include "refrain/api/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/model.h"
#include "refrain/base/fields.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

class Train : public ScratchFolder {
 protected:
  // A job that takes a moment.
  TrainJob job(const std::string& data) const {
    TrainJob j;
    j.data = data;
    j.options.set("hidden", "8");
    j.options.set("epochs", "12");
    j.options.set("batch_size", "16");
    j.options.set("lr", "0.01");
    j.options.set("threads", "1");
    return j;
  }

  static std::optional<Error> error_of(const TrainJob& j) {
    try {
      train(j);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }
};

TEST_F(Train, holds_parts_out_and_reports_all_there_is_to_say) {
  TrainJob j = job(write("a.tsv", series(200)));
  j.options.set("test_fraction", "0.25");
  j.options.set("valid_fraction", "0.2");
  j.options.set("seed", "7");
  j.out = path("a.refrain");
  const Report r = train(j);
  EXPECT_EQ(r.task, "classify");
  EXPECT_EQ(r.metric, "accuracy");
  EXPECT_NEAR(r.n_test, 50, 1);
  EXPECT_NEAR(r.n_valid, 30, 1);
  EXPECT_EQ(r.n_train + r.n_valid + r.n_test, 200);
  EXPECT_EQ(r.classes, (std::vector<std::string>{"down", "up"}));
  EXPECT_GT(r.score.value, 0.9);
  EXPECT_LT(r.score.low, r.score.value);
  EXPECT_GE(r.score.high, r.score.value);
  ASSERT_FALSE(r.metrics.empty());
  EXPECT_EQ(r.metrics[0].first, "accuracy");
  EXPECT_EQ(r.metrics[0].second.value, r.score.value);
  EXPECT_GT(r.params, 100);
  EXPECT_GE(r.epochs, r.best_epoch);
  EXPECT_GE(r.best_epoch, 1);
  EXPECT_EQ(r.stop_reason, r.epochs == 12 ? "epochs" : "patience");
  EXPECT_EQ(r.seed, 7);
  EXPECT_EQ(r.threads, 1);
  EXPECT_EQ(r.model, j.out);
  EXPECT_GT(r.seconds.train, 0);
  ASSERT_EQ(r.tables.size(), 2u);
  const Table& confusion = r.tables[1];
  EXPECT_EQ(confusion.name, "confusion");
  double samples = 0;
  for (const auto& row : confusion.rows) {
    for (const auto& cell : row.cells) samples += std::get<double>(cell);
  }
  EXPECT_EQ(samples, r.n_test);
  EXPECT_EQ(files(), (std::set<std::string>{"a.tsv", "a.refrain"}));
}

TEST_F(Train, cross_validation_gives_the_same_bits_on_any_number_of_threads) {
  TrainJob j = job(write("a.tsv", series(40, 1)));
  j.options.set("folds", "4");
  j.options.set("repeats", "2");
  j.options.set("threads", "1");
  Report one = train(j);
  j.options.set("threads", "2");
  Report two = train(j);
  EXPECT_EQ(one.folds, 4);
  EXPECT_EQ(one.n_test, 40);
  EXPECT_FALSE(one.metrics.empty());
  one.seconds = two.seconds = {};
  for (Report* r : {&one, &two}) {
    for (auto& b : r->baselines) b.seconds = 0;
  }
  one.threads = two.threads = 0;
  EXPECT_EQ(one.json(), two.json());
}

TEST_F(Train, the_majority_baseline_is_the_share_of_the_frequent_class_in_the_test_part) {
  const std::string up = "up", down = "down";
  TrainJob j = job(write("a.jsonl", labelled({up, up, up, down, up, down})));
  j.test = write("b.jsonl", labelled({up, down, up, up, down, up, up, up, down, up}));
  j.options.set("allow_overlap", "true");
  const Report r = train(j);
  const auto majority = std::find_if(r.baselines.begin(), r.baselines.end(),
                                     [](const auto& b) { return b.name == "majority"; });
  ASSERT_NE(majority, r.baselines.end());
  EXPECT_NEAR(majority->score.value, 0.7, 1e-12);
}

TEST_F(Train, json_has_the_keys_of_the_contract) {
  const auto j = base::Json::parse(train(job(write("a.tsv", series(60)))).json());
  for (const char* key : {"task", "n_train", "n_valid", "n_test", "classes", "metric", "score",
                          "metrics", "baselines", "params", "epochs", "best_epoch", "stop_reason",
                          "seconds", "seed", "threads", "model"}) {
    EXPECT_TRUE(j.contains(key)) << key;
  }
  for (const char* key : {"value", "low", "high"}) {
    EXPECT_TRUE(j["score"][key].is_number()) << key;
    for (const auto& [name, metric] : j["metrics"].items()) {
      EXPECT_TRUE(metric[key].is_number()) << name << key;
    }
  }
  for (const char* key : {"load", "train", "evaluate"}) {
    EXPECT_TRUE(j["seconds"][key].is_number()) << key;
  }
  EXPECT_TRUE(j["model"].is_null());
  EXPECT_TRUE(j["baselines"]["majority"].is_number());
}

TEST_F(Train, test_and_valid_files_take_the_place_of_held_out_parts) {
  TrainJob j = job(write("a.tsv", series(120)));
  j.test = write("b.tsv", series(50, 2));
  j.valid = write("c.tsv", series(30, 3));
  const Report r = train(j);
  EXPECT_EQ(r.n_train, 120);
  EXPECT_EQ(r.n_valid, 30);
  EXPECT_EQ(r.n_test, 50);
  EXPECT_GT(r.score.value, 0.9);
}

TEST_F(Train, the_same_seed_gives_the_same_model_file_on_one_and_two_threads) {
  TrainJob j = job(write("a.tsv", series(120)));
  j.options.set("batch_size", "64");
  const std::string test = write("b.tsv", series(40, 2));
  std::vector<std::vector<Prediction>> predictions;
  for (const char* threads : {"1", "2"}) {
    j.options.set("threads", threads);
    j.out = path(std::string("model") + threads);
    train(j);
    predictions.push_back(Model::load(j.out).predict(test, {}, {}));
  }
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(predictions[0][i].numbers, predictions[1][i].numbers);
  }
  j.options.set("seed", "2");
  j.out = path("other");
  train(j);
  EXPECT_NE(Model::load(j.out).predict(test, {}, {})[0].numbers, predictions[0][0].numbers);
}

TEST_F(Train, stopped_by_its_flag_it_leaves_a_checkpoint_and_continues_to_the_same_model) {
  TrainJob whole = job(write("a.tsv", series(120)));
  whole.out = path("whole");
  const Report expected = train(whole);

  TrainJob j = whole;
  j.out = path("part");
  std::atomic<bool> stop{false};
  int batches = 0;
  j.hooks.stop = &stop;
  j.hooks.progress = [&](const TrainProgress& p) {
    if (!p.epoch_done && ++batches == 20) stop = true;
  };
  const Report broken = train(j);
  EXPECT_EQ(broken.stop_reason, "interrupted");
  EXPECT_EQ(broken.model, "");
  EXPECT_EQ(files(), (std::set<std::string>{"a.tsv", "part.checkpoint", "whole"}));

  j.resume = true;
  j.hooks = {};
  std::string said;
  j.hooks.message = [&](const std::string& sentence, bool) { said += sentence + "\n"; };
  const Report r = train(j);
  EXPECT_THAT(said, HasSubstr("continuing after epoch"));
  EXPECT_EQ(r.score.value, expected.score.value);
  EXPECT_EQ(r.epochs, expected.epochs);
  EXPECT_EQ(read(path("part")), read(path("whole")));
  EXPECT_EQ(files(), (std::set<std::string>{"a.tsv", "part", "whole"}));
}

TEST_F(Train, resume_without_a_checkpoint_starts_and_says_so) {
  TrainJob j = job(write("a.tsv", series(60)));
  j.checkpoint = path("run.checkpoint");
  j.resume = true;
  std::string said;
  j.hooks.message = [&](const std::string& sentence, bool) { said += sentence + "\n"; };
  EXPECT_EQ(train(j).epochs, 12);
  EXPECT_THAT(said, HasSubstr("no checkpoint"));
  EXPECT_THAT(said, HasSubstr("starting from the beginning"));
  EXPECT_TRUE(files().contains("run.checkpoint")) << "asked for by name, it stays";
}

TEST_F(Train, a_checkpoint_of_other_options_is_refused) {
  TrainJob j = job(write("a.tsv", series(60)));
  j.checkpoint = path("run.checkpoint");
  train(j);
  j.resume = true;
  j.options.set("lr", "0.02");
  const auto error = error_of(j);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::kData);
  EXPECT_THAT(error->what(), HasSubstr("belongs to a run with other data or options"));
}

TEST_F(Train, progress_tells_of_batches_epochs_and_validation) {
  TrainJob j = job(write("a.tsv", series(120)));
  j.valid = write("c.tsv", series(30, 3));
  int batches = 0, epochs = 0;
  j.hooks.progress = [&](const TrainProgress& p) {
    EXPECT_EQ(p.epochs, 12);
    EXPECT_EQ(p.has_valid, p.epoch_done);
    p.epoch_done ? ++epochs : ++batches;
  };
  const Report r = train(j);
  EXPECT_EQ(epochs, r.epochs);
  EXPECT_EQ(batches, r.epochs * ((r.n_train + 15) / 16));
}

TEST_F(Train, texts_are_learned_too) {
  std::string text = "label\treview\n";
  for (int i = 0; i < 160; ++i) {
    const bool good = i % 2 == 0;
    text += std::string(good ? "good" : "bad") + "\tfilm number " + std::to_string(i) + " is " +
            (good ? "fine" : "awful") + "\n";
  }
  TrainJob j = job(write("t.tsv", text));
  j.options.set("epochs", "20");
  EXPECT_GT(train(j).score.value, 0.9);
}

// Each error leaves nothing behind and an existing model as it was.
class TrainError : public Train {
 protected:
  void expect_error(TrainJob j, Code code, const std::string& part) {
    j.out = write("old.refrain", "an existing model");
    const auto before = files();
    const auto error = error_of(j);
    ASSERT_TRUE(error) << part;
    EXPECT_EQ(error->code(), code) << error->what();
    EXPECT_THAT(error->what(), HasSubstr(part));
    EXPECT_EQ(files(), before) << part;
    EXPECT_EQ(read(j.out), "an existing model");
  }
};

TEST_F(TrainError, of_files) {
  expect_error(job(path("absent.tsv")), Code::kIo, "absent.tsv");
  expect_error(job(write("empty.tsv", "")), Code::kData, "empty.tsv");
  TrainJob j = job(write("a.tsv", series(40)));
  j.test = path("absent.tsv");
  expect_error(j, Code::kIo, "absent.tsv");
  j.test.clear();
  j.valid = path("absent.tsv");
  expect_error(j, Code::kIo, "absent.tsv");
}

TEST_F(TrainError, of_labels) {
  expect_error(job(write("one.jsonl", labelled({"a", "a", "a", "a"}))), Code::kData,
               "have the same label 'a'");
  TrainJob j = job(write("a.tsv", series(40)));
  j.test = write("b.jsonl", labelled({"up", "sideways"}));
  expect_error(j, Code::kData, "b.jsonl:2");
  expect_error(j, Code::kData, "label 'sideways' does not occur in the training data");
  j.test = write("c.jsonl", "{\"series\": [[1, 2]]}\n{\"series\": [[1, 2]]}\n");
  expect_error(j, Code::kData, "c.jsonl");
}

TEST_F(TrainError, of_streams_that_do_not_fit) {
  TrainJob j = job(write("a.tsv", series(40)));
  j.test = write("t.csv", "label,text\nup,a warm day\ndown,a cold day\n");
  expect_error(j, Code::kData, "t.csv");
}

TEST_F(TrainError, of_too_few_samples) {
  expect_error(job(write("two.jsonl", labelled({"a", "b"}))), Code::kData, "too few");
}

TEST_F(TrainError, of_options_that_contradict_each_other) {
  TrainJob j = job(write("a.tsv", series(40)));
  j.options.set("attention", "self");
  j.options.set("heads", "7");
  expect_error(j, Code::kUsage, "--heads 7 does not divide");
}

TEST_F(TrainError, of_a_training_that_diverges) {
  TrainJob j = job(write("a.tsv", series(200)));
  j.options.set("optimiser", "sgd");
  j.options.set("lr", "100");
  j.options.set("l2", "1000");
  j.options.set("clip_norm", "0");
  j.options.set("epochs", "50");
  expect_error(j, Code::kNumeric, "training diverged at step");
}

TEST_F(Train, a_folder_that_is_not_there_is_found_before_any_work) {
  TrainJob j = job(write("a.tsv", series(40)));
  j.out = path("no/such/folder/m.refrain");
  bool worked = false;
  j.hooks.progress = [&](const TrainProgress&) { worked = true; };
  const auto error = error_of(j);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::kIo);
  EXPECT_FALSE(worked);
}

}  // namespace
}  // namespace refrain::api

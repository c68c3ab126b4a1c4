#include "refrain/api/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/inspect.h"
#include "refrain/api/runs.h"
#include "refrain/api/trial.h"
#include "refrain/api/verify.h"
#include "refrain/base/fields.h"
#include "refrain/base/real.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

class Memory : public ScratchFolder {
 protected:
  static Options small() {
    Options options;
    options.set("hidden", "5");
    options.set("epochs", "4");
    options.set("lr", "0.01");
    options.set("threads", "1");
    return options;
  }

  // The samples of a table as ScratchFolder::series() writes it.
  // The samples' values live in the fixture.
  Samples read_table(const std::string& text) {
    const std::size_t first = values_.size();
    Samples out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream cells(line);
      std::string label;
      std::getline(cells, label, '\t');
      out.labels.push_back(label);
      values_.emplace_back();
      for (float value = 0; cells >> value;) values_.back().push_back(value);
    }
    for (std::size_t i = first; i < values_.size(); ++i) {
      out.series.push_back({values_[i].data(), values_[i].size()});
    }
    return out;
  }

  static std::optional<Error> refusal(const Samples& samples, const Options& options) {
    try {
      FitReport report;
      fit(samples, options, {}, &report);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::vector<float>> values_;
};

TEST_F(Memory, gives_the_very_file_that_training_from_files_writes) {
  const std::string text = series(60);
  TrainJob job;
  job.data = write("train.tsv", text);
  job.test = write("test.tsv", series(20, 9));
  job.out = path("tool.refrain");
  job.options = small();
  job.options.set("valid_fraction", "0.2");
  train(job);
  FitReport report;
  const Model model = fit(read_table(text), job.options, {}, &report);
  EXPECT_EQ(model.bytes(), read(job.out));
  EXPECT_EQ(report.n_train + report.n_valid, 60);
  EXPECT_EQ(report.history.size(), 4U);
  EXPECT_TRUE(report.history.front().has_valid);
}

TEST_F(Memory, a_sample_of_weight_zero_is_as_if_it_were_not_there) {
  Samples all = read_table(series(40));
  all.weights.assign(40, 1);
  Samples few = all;
  for (std::size_t i = 30; i < 40; ++i) all.weights[i] = 0;
  few.series.resize(30);
  few.labels.resize(30);
  few.weights.clear();
  FitReport report;
  const auto a = predictions(fit(all, small(), {}, &report), few, 1);
  EXPECT_EQ(report.n_train, 30);
  EXPECT_EQ(a, predictions(fit(few, small(), {}, &report), few, 2));
}

TEST_F(Memory, weights_change_what_is_learned_and_nearest_neighbours_refuse_them) {
  Samples samples = read_table(series(40));
  FitReport report;
  const auto plain = predictions(fit(samples, small(), {}, &report), samples, 1);
  for (const auto& label : samples.labels) samples.weights.push_back(label == "up" ? 30 : 1);
  const auto heavy = predictions(fit(samples, small(), {}, &report), samples, 1);
  double gained = 0;
  for (std::size_t i = 1; i < heavy.size(); i += 2) gained += heavy[i] - plain[i];
  EXPECT_GT(gained, 1);  // column 1 is "up"
  Options simple = small();
  simple.set("model", "nn_dtw");
  EXPECT_EQ(refusal(samples, simple)->code(), Code::kUnsupported);
}

TEST_F(Memory, given_samples_stop_the_training_early) {
  const std::string text = series(40), valid = series(20, 9);
  TrainJob job;
  job.data = write("train.tsv", text);
  job.test = job.valid = write("valid.tsv", valid);
  job.options = small();
  job.options.set("allow_overlap", "true");
  const Report told = train(job);
  const Samples held = read_table(valid);
  Samples samples = read_table(text);
  samples.valid = &held;
  samples.given = "{}";
  FitReport report;
  const Model model = fit(samples, small(), {}, &report);
  EXPECT_EQ(report.n_train, 40);
  EXPECT_EQ(report.n_valid, 20);
  EXPECT_EQ(report.best_epoch, told.best_epoch);
  EXPECT_THAT(describe(model), HasSubstr("\"given\":\"{}\""));
}

TEST_F(Memory, a_run_on_samples_in_memory_is_that_on_their_files) {
  const std::string text = series(40), test = series(20, 9);
  TrainJob job;
  job.data = write("train.tsv", text);
  job.test = write("test.tsv", test);
  job.options = small();
  const Report told = train(job);
  const Samples learned = read_table(text), scored = read_table(test);
  job.data = "X", job.test = "test";
  job.memory = {&learned, &scored, nullptr};
  Trial trial = try_out(job);
  EXPECT_EQ(trial.report().metrics, told.metrics);
  EXPECT_EQ(trial.report().against_baseline->verdict, told.against_baseline->verdict);
  EXPECT_EQ(trial.id(), "");
  const std::string store = path("runs.db"), id = trial.keep(store);
  EXPECT_EQ(trial.keep(store), id);
  EXPECT_EQ(show_run(store, id).summary.score, told.score);
  const RunComparison same = compare_trials(trial, stored_trial(store, id), "", {"a", "b"});
  EXPECT_FALSE(same.distinguishable);
  EXPECT_THROW(verify_run(store, id, 1, {}), Error);
}

TEST_F(Memory, wrong_samples_are_named) {
  Samples samples = read_table(series(12));
  const auto message = [&] { return std::string(refusal(samples, small())->what()); };
  samples.weights.assign(12, 1);
  samples.weights[3] = std::nan("");
  EXPECT_THAT(message(), HasSubstr("the weight of sample 3"));
  samples.weights.assign(12, 0);
  EXPECT_THAT(message(), HasSubstr("all sample weights are zero"));
  samples.weights.assign(2, 1);
  EXPECT_THAT(message(), HasSubstr("12 samples, but there are 2 weights"));
  samples.weights.clear();
  const float wrong[] = {0, INFINITY};
  samples.series[5] = {wrong, 2};
  EXPECT_THAT(message(), HasSubstr("X[5] has an infinite value at step 1, channel 0"));
  EXPECT_THAT(validate(samples), HasSubstr("\"problems\":[[5,"));
  samples = read_table(series(12));
  samples.labels.assign(12, "a");
  EXPECT_THAT(message(), HasSubstr("same label"));
  samples.labels.clear();
  EXPECT_THAT(message(), HasSubstr("no labels"));
}

TEST_F(Memory, a_model_goes_through_bytes_unchanged) {
  const Samples samples = read_table(series(30));
  FitReport report;
  const Model model = fit(samples, small(), {}, &report);
  const Model twin = Model::from_bytes(model.bytes(), "twin");
  EXPECT_EQ(predictions(model, samples, 1), predictions(twin, samples, 2));
  EXPECT_EQ(decide(model, predictions(model, samples, 1)).size(), 30U);
  model.save(path("a.refrain"));
  EXPECT_EQ(read(path("a.refrain")), model.bytes());
}

TEST_F(Memory, a_model_keeps_the_kind_of_labels_and_the_offset_of_its_values) {
  Samples samples = read_table(series(30));
  samples.label_kind = "text";
  samples.offset = {1e7};
  FitReport report;
  const Model model = fit(samples, small(), {}, &report);
  const Model twin = Model::from_bytes(model.bytes(), "twin");
  EXPECT_EQ(twin.bytes(), model.bytes());
  const auto about = base::Json::parse(describe(twin));
  EXPECT_EQ(about["label_kind"], "text");
  EXPECT_EQ(about["offset"], base::Json::array({1e7}));
  const auto p = predictions(twin, samples, 1);
  std::vector<std::vector<float>> higher;
  Samples other = samples;
  other.offset = {1e7 - 64};
  for (auto& s : other.series) {
    auto& values = higher.emplace_back(s.values, s.values + s.steps);
    for (float& v : values) v += 64;
  }
  for (std::size_t i = 0; i < higher.size(); ++i) other.series[i].values = higher[i].data();
  const auto same = predictions(twin, other, 1);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(same[i], p[i], 1e-4);
}

TEST_F(Memory, gradients_with_respect_to_inputs_agree_with_differences) {
  Samples samples = read_table(series(30));
  Options options = small();
  options.set("normalise", "none");
  options.set("pooling", "attention");
  options.set("attention", "self");
  options.set("heads", "2");
  FitReport report;
  const Model model = fit(samples, options, {}, &report);
  std::vector<float> x(samples.series[0].values, samples.series[0].values + 12);
  Samples one;
  one.series = {{x.data(), 12}};
  const auto found = input_gradients(model, 0, one, {1});
  ASSERT_EQ(found[0].shape, (std::vector<std::size_t>{12, 1}));
  for (const std::size_t t : {0U, 6U, 11U}) {
    const float kept = x[t], step = 0.02f;
    double ends[2];
    for (int i = 0; i < 2; ++i) {
      x[t] = kept + (i == 0 ? step : -step);
      ends[i] = static_cast<double>(activations(model, 0, one)[0].back().values[1]);
    }
    x[t] = kept;
    EXPECT_NEAR(static_cast<double>(found[0].values[t]), (ends[0] - ends[1]) / 0.04, 2e-3);
  }
  EXPECT_THROW(input_gradients(model, 0, one, {2}), Error);
  EXPECT_THROW(activations(model, 1, one), Error);
}

TEST_F(Memory, a_network_of_parts_answers_like_the_one_they_were_taken_from) {
  if (sizeof(real) != sizeof(float)) GTEST_SKIP() << "parameters are shown as float";
  const Samples samples = read_table(series(30));
  FitReport report;
  const Model model = fit(samples, small(), {}, &report);
  const auto about = base::Json::parse(describe(model));
  const auto& scale = about["features"]["streams"][0]["normaliser"];
  NetworkParts parts;
  parts.options = small();
  parts.mean = scale["mean"].get<std::vector<double>>();
  parts.std = scale["std"].get<std::vector<double>>();
  parts.labels = model.classes();
  for (const auto& p : parameters(model, 0)) {
    Array a{p.name, {p.rows}, {}};
    const std::size_t columns = p.columns == 0 ? 1 : p.columns;
    if (p.columns > 0) a.shape.push_back(columns);
    for (std::size_t r = 0; r < p.rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        a.values.push_back(p.values[r * p.stride + c * p.step]);
      }
    }
    parts.tensors.push_back(std::move(a));
  }
  const Model made = model_of_parts(parts);
  EXPECT_EQ(predictions(made, samples, 1), predictions(model, samples, 1));
  const Model again = Model::from_bytes(made.bytes(), "again");
  EXPECT_EQ(predictions(again, samples, 1), predictions(model, samples, 1));
  EXPECT_EQ(again.bytes(), made.bytes());
  parts.labels = {"b", "a"};
  EXPECT_THROW(model_of_parts(parts), Error);
}

TEST_F(Memory, stopped_it_says_interrupted) {
  const Samples samples = read_table(series(30));
  std::atomic<bool> stop{false};
  Hooks hooks;
  hooks.stop = &stop;
  hooks.progress = [&](const TrainProgress& p) { stop = p.epoch_done && p.epoch == 2; };
  FitReport report;
  fit(samples, small(), hooks, &report);
  EXPECT_EQ(report.stop_reason, "interrupted");
  EXPECT_EQ(report.epochs, 2);
}

}  // namespace
}  // namespace refrain::api

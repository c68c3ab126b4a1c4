#include "refrain/api/transducer_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/stream.h"
#include "refrain/api/train.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

class TransducerMemory : public ScratchFolder {
 protected:
  static Options options_for(const std::string& task) {
    Options options;
    options.set("task", task);
    options.set("preset", "none");
    options.set("hidden", "8");
    options.set("epochs", "3");
    options.set("threads", "1");
    if (task == "transcribe") options.set("valid_fraction", "0");
    return options;
  }

  // Words, and the same backwards; `first` is the number of the first of them.
  static Samples pairs(int count, int first) {
    Samples out;
    out.text = true;
    for (int i = first; i < first + count; ++i) {
      std::string word;
      for (int k = i * 7 + 3; k > 0; k /= 3) word += static_cast<char>('a' + k % 3);
      out.texts.push_back(word);
      out.labels.emplace_back(word.rbegin(), word.rend());
    }
    return out;
  }

  static std::string table_of(const Samples& samples) {
    std::string out;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      out += samples.texts[i] + "\t" + samples.labels[i] + "\n";
    }
    return out;
  }

  // Two levels after one another, each of which is a letter of the reply.
  Samples steps(int count) {
    Samples out;
    for (int i = 0; i < count; ++i) {
      std::string reply;
      values_.emplace_back();
      for (int k = 0; k < 2; ++k) {
        const int level = (i >> k) % 2;
        reply += level == 0 ? 'a' : 'b';
        for (int t = 0; t < 8; ++t) {
          values_.back().push_back(static_cast<float>(2 * level - 1) +
                                   0.1F * static_cast<float>(std::sin(i + t)));
        }
        values_.back().push_back(0);
      }
      out.labels.push_back(reply);
    }
    for (const auto& v : values_) out.series.push_back({v.data(), v.size()});
    return out;
  }

  static std::string refusal(const Samples& samples, const std::string& task) {
    try {
      FitReport report;
      fit_transducer(samples, options_for(task), {}, &report);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  std::vector<std::vector<float>> values_;
};

TEST_F(TransducerMemory, gives_the_very_file_and_replies_that_files_give) {
  const Samples learned = pairs(60, 0), asked = pairs(20, 100);
  TrainJob job;
  job.data = write("train.tsv", table_of(learned));
  job.test = write("test.tsv", table_of(asked));
  job.out = path("tool.refrain");
  job.options = options_for("translate");
  const Report told = train(job);
  FitReport report;
  const Transducer model = fit_transducer(learned, job.options, {}, &report);
  EXPECT_EQ(model.bytes(), read(job.out));
  EXPECT_EQ(report.n_train, told.n_train);
  EXPECT_EQ(report.n_valid, told.n_valid);
  EXPECT_EQ(report.history.size(), 3U);
  EXPECT_EQ(nlohmann::json::parse(report.options).at("hidden"), 8);
  const auto from_file = model.predict(job.test, job.options, {});
  const auto from_memory = replies(model, asked, job.options, {});
  ASSERT_EQ(from_memory.size(), from_file.size());
  for (std::size_t i = 0; i < from_file.size(); ++i) {
    EXPECT_EQ(from_memory[i].options.front().text, from_file[i].options.front().text);
    EXPECT_EQ(from_memory[i].options.front().log_probability,
              from_file[i].options.front().log_probability);
  }
  EXPECT_EQ(score_replies(model, asked, job.options, {}).metrics, told.metrics);
}

TEST_F(TransducerMemory, blanks_around_texts_are_nothing) {
  Samples plain = pairs(20, 0), wide = plain;
  for (auto& text : wide.texts) text = " " + text + "\t";
  for (auto& reply : wide.labels) reply += " ";
  FitReport report;
  const Options options = options_for("translate");
  EXPECT_EQ(fit_transducer(wide, options, {}, &report).bytes(),
            fit_transducer(plain, options, {}, &report).bytes());
}

TEST_F(TransducerMemory, samples_for_validation_take_the_place_of_a_share) {
  Samples learned = pairs(40, 0);
  const Samples valid = pairs(7, 60);
  learned.valid = &valid;
  FitReport report;
  fit_transducer(learned, options_for("translate"), {}, &report);
  EXPECT_EQ(report.n_train, 40);
  EXPECT_EQ(report.n_valid, 7);
}

TEST_F(TransducerMemory, series_are_transcribed_with_the_steps_of_each_symbol) {
  const Samples samples = steps(24);
  FitReport report;
  Options options = options_for("transcribe");
  options.set("hidden", "16");
  options.set("epochs", "40");
  options.set("lr", "0.01");
  const Transducer model = fit_transducer(samples, options, {}, &report);
  ASSERT_TRUE(model.has_times());
  EXPECT_FALSE(model.in_seconds());
  const auto found = replies(model, samples, options, {});
  ASSERT_EQ(found.size(), 24U);
  for (const auto& reply : found) {
    for (const auto& symbol : reply.options.front().symbols) {
      EXPECT_LT(symbol.begin, symbol.end);
      EXPECT_LE(symbol.end, 20);
    }
  }
  const Report report_of_all = score_replies(model, samples, options, {});
  EXPECT_EQ(report_of_all.n_test, 24);
}

TEST_F(TransducerMemory, a_stopped_training_leaves_the_model_of_the_updates_so_far) {
  std::atomic<bool> stop{false};
  Hooks hooks;
  hooks.stop = &stop;
  hooks.progress = [&](const TrainProgress& p) { stop = p.epoch_done && p.epoch == 2; };
  Options options = options_for("translate");
  options.set("epochs", "50");
  options.set("ensemble", "3");
  FitReport report;
  const Samples samples = pairs(30, 0);
  const Transducer model = fit_transducer(samples, options, hooks, &report);
  EXPECT_EQ(report.stop_reason, "interrupted");
  EXPECT_LT(report.epochs, 50);
  const Transducer again = Transducer::from_bytes(model.bytes(), "again");
  EXPECT_EQ(replies(again, samples, options, {}).size(), 30U);
}

TEST_F(TransducerMemory, what_cannot_be_learned_is_refused_by_its_number) {
  Samples empty = pairs(10, 0);
  empty.labels[3] = " \t";
  empty.texts[5] = "";
  EXPECT_EQ(refusal(empty, "translate"), "y[3] is empty\nX[5] is empty");
  Samples few = pairs(10, 0);
  few.labels.pop_back();
  EXPECT_THAT(refusal(few, "translate"), HasSubstr("X has 10 samples, but there are 9"));
  Samples heavy = pairs(10, 0);
  heavy.weights.assign(10, 2);
  EXPECT_THAT(refusal(heavy, "translate"), HasSubstr("take no weights"));
  Samples long_line = pairs(10, 0);
  for (int i = 0; i < 10'001; ++i) long_line.texts[2] += " a";
  EXPECT_THAT(refusal(long_line, "translate"), HasSubstr("X[2] has 10002 words, more than"));
  EXPECT_THAT(refusal(pairs(10, 0), "transcribe"), HasSubstr("these samples are texts"));
  EXPECT_THAT(refusal(pairs(10, 0), "classify"), HasSubstr("writes no replies"));
  Samples silent = pairs(10, 0);
  silent.labels.clear();
  EXPECT_THAT(refusal(silent, "translate"), HasSubstr("has no replies"));
}

TEST_F(TransducerMemory, a_transcript_that_is_longer_than_its_series_allows_is_named) {
  Samples samples = steps(3);
  samples.series[0].steps = 3;
  samples.labels = {"abab", "ab", "ba"};
  EXPECT_THAT(refusal(samples, "transcribe"),
              HasSubstr("X[0]: the reply needs 4 steps, and the network makes 3 of this source"));
}

TEST_F(TransducerMemory, a_series_that_is_still_arriving_has_the_transcript_of_the_whole) {
  const Samples samples = steps(24);
  FitReport report;
  Options options = options_for("transcribe");
  for (const auto& [name, value] : {std::pair{"hidden", "16"},
                                    {"epochs", "150"},
                                    {"dropout", "0"},
                                    {"average", "none"},
                                    {"lr", "0.01"},
                                    {"bidirectional", "false"},
                                    {"stem", "none"},
                                    {"views", "raw"}}) {
    options.set(name, value);
  }
  const Transducer model = fit_transducer(samples, options, {}, &report);
  const auto whole = replies(model, samples, options, {});
  TranscriptStream stream(model);
  ASSERT_EQ(stream.channels(), 1);
  int longest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    stream.reset();
    int added = 0;
    const SeriesView& series = samples.series[i];
    for (std::size_t n = 0; n < series.steps; ++n) added += stream.step(series.values + n) ? 1 : 0;
    EXPECT_EQ(stream.text(), whole[i].options.front().text) << i;
    EXPECT_EQ(stream.text().size(), static_cast<std::size_t>(added));
    longest = std::max(longest, added);
  }
  EXPECT_GE(longest, 2);
}

TEST_F(TransducerMemory, a_model_that_needs_the_whole_series_has_no_stream) {
  const Samples samples = steps(24);
  FitReport report;
  const Transducer whole = fit_transducer(samples, options_for("transcribe"), {}, &report);
  Options attends = options_for("transcribe");
  attends.set("decoder", "attention");
  const Transducer attending = fit_transducer(samples, attends, {}, &report);
  for (const Transducer* model : {&whole, &attending}) {
    try {
      TranscriptStream stream(*model);
      FAIL() << "it was accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kUnsupported);
      EXPECT_THAT(e.hint(), HasSubstr("for streaming train"));
    }
  }
}

}  // namespace
}  // namespace refrain::api

#include "refrain/api/tagging.h"

#include <gmock/gmock.h>

#include "refrain/api/lines.h"
#include "refrain/api/train.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"

namespace refrain::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A tagger of the words "Ann" (PER) and "Rome" (LOC) with the given further options.
class Tagging : public testing::Test {
 protected:
  static Samples words() {
    Samples out;
    out.text = out.in_words = true;
    for (int i = 0; i < 30; ++i) {
      out.words.push_back({"Ann", i % 2 == 0 ? "sees" : "likes", "Rome"});
      out.tags.push_back({"B-PER", "O", "B-LOC"});
    }
    return out;
  }

  static Model fitted(const Samples& samples, const std::string& scheme = "auto") {
    Options options;
    const std::pair<const char*, const char*> kSmall[] = {{"task", "tag"}, {"preset", "none"},
                                                          {"hidden", "8"}, {"epochs", "10"},
                                                          {"lr", "0.03"},  {"valid_fraction", "0"}};
    for (const auto& [name, value] : kSmall) options.set(name, value);
    options.set("scheme", scheme);
    FitReport report;
    return fit(samples, options, {}, &report);
  }

  static Samples raw(const std::string& text) {
    Samples out;
    out.text = true;
    out.texts = {text};
    return out;
  }

  const base::TestFolder folder_;
};

TEST_F(Tagging, raw_texts_have_spans_of_characters_and_words_of_words) {
  const Model model = fitted(words());
  const Tagged of_text = tag(model, raw("  Ann sees Rome"), 1).front();
  ASSERT_EQ(of_text.spans.size(), 2U);
  EXPECT_EQ(of_text.spans[1].begin, 11);
  EXPECT_EQ(of_text.spans[1].end, 15);
  EXPECT_EQ(of_text.spans[1].label, "LOC");
  EXPECT_EQ(of_text.spans[1].probability, of_text.probability[2]);
  Samples same = words();
  same.words = {{"Ann", "sees", "Rome"}};
  same.tags.clear();
  const Tagged of_words = tag(model, same, 1).front();
  EXPECT_EQ(of_words.tags, of_text.tags);
  EXPECT_EQ(of_words.probability, of_text.probability);
  EXPECT_EQ(of_words.spans[1].begin, 2);
  EXPECT_EQ(of_words.spans[1].end, 3);
  EXPECT_FALSE(of_words.raw);
}

TEST_F(Tagging, a_loaded_model_reads_the_columns_of_its_training_file) {
  const std::string path = folder_.path("a.txt");
  std::string lines;
  for (int i = 0; i < 30; ++i) {
    lines += "B-LOC Rome x\nO no" + std::to_string(i) + " y\nB-PER Ann z\n\n";
  }
  base::write_file_atomically(path, lines);
  TrainJob job;
  job.data = path;
  job.out = folder_.path("m.refrain");
  job.store = "none";
  job.options.set("baselines", "false");
  for (const auto& [name, value] :
       {std::pair("task", "tag"), std::pair("tag_column", "1"), std::pair("text_column", "2"),
        std::pair("preset", "none"), std::pair("hidden", "8"), std::pair("epochs", "10"),
        std::pair("lr", "0.03")}) {
    job.options.set(name, value);
  }
  train(job);
  const Model model = Model::load(job.out);
  const Report again = model.evaluate(path, Options(), {});
  EXPECT_GT(again.score.value, 0.9);
  const auto answers = tag(model, path, Options(), {});
  EXPECT_THAT(answers.front().words, ElementsAre("Rome", "no0", "Ann"));
}

TEST_F(Tagging, types_that_training_had_not_are_one_warning) {
  const Model model = fitted(words());
  const std::string path = folder_.path("a.conll");
  base::write_file_atomically(path, "Ann\tB-PER\n\nRome\tB-CITY\nBay\tI-CITY\n\nOslo\tB-CITY\n");
  std::vector<std::string> warnings;
  Hooks hooks;
  hooks.message = [&](const std::string& text, bool warning) {
    if (warning) warnings.push_back(text);
  };
  model.evaluate(path, Options(), hooks);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("no spans of 1 type, which count as wrong: CITY (2)"));
}

TEST_F(Tagging, lines_are_answered_as_files_are) {
  const Model model = fitted(words());
  const Lines lines(model, Options());
  EXPECT_EQ(lines.tag("Ann sees Rome", 7).id, "7");
  EXPECT_EQ(lines.tag("Ann sees Rome", 7).probability,
            tag(model, raw("Ann sees Rome"), 2).front().probability);
  EXPECT_TRUE(lines.tag("", 1).tags.empty());
  EXPECT_THROW(lines.tag("\xff", 1), Error);
}

TEST_F(Tagging, a_named_scheme_holds_for_samples_in_memory) {
  Samples samples = words();
  samples.tags[3] = {"I-PER", "O", "B-LOC"};
  EXPECT_THROW(fitted(samples, "bio"), Error);
  EXPECT_GT(tag_score(fitted(samples), words(), 1), 0.9);
}

}  // namespace
}  // namespace refrain::api

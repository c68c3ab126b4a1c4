#include "refrain/explain/tag_question.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/explain/checks.h"
#include "refrain/explain/methods/list.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/task.h"

namespace refrain::explain {
namespace {

// "mr" before a name makes a person of it, "in" a place; nothing else tells.
data::Dataset places_and_persons(int n) {
  data::Dataset d = task::empty_set({"text", data::StreamKind::kText, 0, {}});
  d.has_labels = false;
  d.has_tags = true;
  d.tag_scheme = "bio";
  const std::vector<std::string> names = {"Ash", "Elm", "Oak", "Yew"}, rest = {"we", "saw", "it"};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(37).fork(static_cast<std::uint64_t>(i));
    const bool person = rng.uniform() < 0.5;
    const auto word = [&](const auto& list) { return list[rng.below(list.size())]; };
    const std::string text =
        word(rest) + " " + (person ? "mr" : "in") + " " + word(names) + " " + word(rest);
    task::add_sample(d, text, "");
    d.samples.back().tags = {"O", "O", person ? "B-PER" : "B-LOC", "O"};
  }
  return d;
}

class TaggedTexts : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    data_ = new data::Dataset(places_and_persons(80));
    task::Spec spec = task::small_spec();
    spec.task = "tag";
    spec.train.epochs = 25;
    spec.features.spelling = "none";
    spec.given.insert("spelling");
    task::FitParts parts{data_, {}, data_, {}};
    parts.train = task::all_of(*data_);
    model_ = new task::Model(task::fit_model(spec, parts, {}).model);
  }
  static void TearDownTestSuite() {
    delete model_;
    delete data_;
  }
  static Cut cut() {
    Cut out;
    out.no_word = kNoWord;
    return out;
  }
  static data::Dataset* data_;
  static task::Model* model_;
};
data::Dataset* TaggedTexts::data_ = nullptr;
task::Model* TaggedTexts::model_ = nullptr;

TEST_F(TaggedTexts, the_word_before_a_name_speaks_most_for_its_kind) {
  TagQuestion question(*model_, *data_, {}, 1);
  for (const auto method : {occlusion, shapley, integrated_gradients, input_gradient}) {
    int first = 0;
    constexpr int kSamples = 40;
    for (int i = 0; i < kSamples; ++i) {
      const auto& sample = data_->samples[static_cast<std::size_t>(i)];
      question.ask(question.answered(sample));
      ASSERT_EQ(question.asked().size(), 1U);
      EXPECT_EQ(question.asked()[0].begin, 2);
      const Subject subject(model_->features, sample, cut());
      const auto score = method({question, subject, 0, 1, 0}).score;
      ASSERT_EQ(score.size(), 4U);
      // The name makes it a span at all; of the others the word before it counts.
      first += score[1] > std::max(score[0], score[3]) ? 1 : 0;
    }
    EXPECT_GE(first, kSamples * 95 / 100);
  }
}

TEST_F(TaggedTexts, gradients_add_up_to_the_scores_of_the_tags) {
  TagQuestion question(*model_, *data_, {}, 1);
  const auto& sample = data_->samples[3];
  question.ask(question.answered(sample));
  const Subject subject(model_->features, sample, cut());
  const auto found = integrated_gradients({question, subject, 0, 1, 0});
  EXPECT_NE(found.promised, 0);
  EXPECT_NEAR(found.sum, found.promised, 0.01 * std::abs(found.promised));
}

TEST_F(TaggedTexts, threads_change_no_bit_of_a_span) {
  TagQuestion one(*model_, *data_, {}, 1), two(*model_, *data_, {}, 2);
  const auto& sample = data_->samples[5];
  one.ask(one.answered(sample));
  two.ask(two.answered(sample));
  const Subject subject(model_->features, sample, cut());
  EXPECT_EQ(occlusion({one, subject, 0, 1, 0}).score, occlusion({two, subject, 0, 1, 0}).score);
}

TEST_F(TaggedTexts, a_word_that_is_taken_out_leaves_the_others_in_their_places) {
  data::Sample sample = data_->samples[0];
  sample.streams[0] = std::string("we saw mr. Elm-Oak");
  const Subject subject(model_->features, sample, cut());
  ASSERT_EQ(subject.size(), 4);
  EXPECT_EQ(std::get<std::string>(subject.without({true, false, false, true}).streams[0]),
            "_ saw mr. _");
}

TEST_F(TaggedTexts, spans_with_tags_that_the_model_does_not_know_are_not_asked_for) {
  TagQuestion question(*model_, *data_, {}, 1);
  question.ask(spans_in({"B-PER", "I-PER", "O", "B-SHIP"}, true));
  ASSERT_EQ(question.asked().size(), 1U);
  EXPECT_EQ(question.asked()[0].end, 2);
}

TEST(SpansIn, plain_labels_are_runs_of_equal_ones) {
  const auto runs = spans_in({"up", "up", "down"}, false);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].type, "up");
  EXPECT_EQ(runs[0].end, 2);
  EXPECT_EQ(runs[1].tags, std::vector<std::string>{"down"});
}

}  // namespace
}  // namespace refrain::explain

#include "refrain/transduce/back_translation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/transduce/copying_model.h"
#include "refrain/transduce/model_file.h"

namespace refrain::transduce {
namespace {

TEST(BackTranslation, is_taken_out_of_the_other_steps) {
  std::string spec = "typo | back_translation(model=m.refrain, texts=\"a b.txt\", tagged=false)";
  const auto found = take_back_translation(spec);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->model, "m.refrain");
  EXPECT_EQ(found->texts, "a b.txt");
  EXPECT_FALSE(found->tagged);
  EXPECT_THAT(spec, testing::HasSubstr("typo"));
  EXPECT_THAT(spec, testing::Not(testing::HasSubstr("back_translation")));
  std::string other = "back_translation(there=\"cat\", back=\"cat\")";
  EXPECT_FALSE(take_back_translation(other).has_value());
  std::string wrong = "back_translation(model=m.refrain, there=\"cat\")";
  EXPECT_THROW(take_back_translation(wrong), Error);
  std::string range = "back_translation(model=m.refrain, likeness=0.1..0.5)";
  EXPECT_THROW(take_back_translation(range), Error);
}

TEST(BackTranslation, makes_pairs_of_texts_and_leaves_out_those_that_judge) {
  const base::TestFolder folder;
  BackTranslation how;
  how.model = copying_model(folder);
  how.texts = folder.path() + "/texts.txt";
  how.forward = how.model;
  base::write_file_atomically(how.texts, "abcd\nfade\nbeef\nabcd\n");
  data::Dataset none;
  const std::vector<int> nobody;
  const auto made = back_translated(how, {{none, nobody}, {"Beef"}, 1, nullptr, base::Log()});
  EXPECT_EQ(made.asked, 3);
  EXPECT_EQ(made.known, 1);
  ASSERT_EQ(made.samples.size(), 2U);
  EXPECT_EQ(made.samples[0].label, "abcd");
  EXPECT_EQ(std::get<std::string>(made.samples[0].streams[0]), "abcd");
  how.likeness = 1;
  base::write_file_atomically(how.texts, "zzzz zzzz zzzz\n");  // letters that it cannot write
  EXPECT_EQ(back_translated(how, {{none, nobody}, {}, 1, nullptr, base::Log()}).unlike, 1);
}

TEST(BackTranslation, tells_the_network_what_was_made) {
  auto d = made_up_texts(
      60, 2, [](base::Rng& rng) { return random_word(rng, 3, 6); },
      [](const std::string& s) { return s; });
  const auto train = first_numbers(d, 0, 50), valid = first_numbers(d, 50, 60);
  Settings s;
  s.preset = "none";
  s.encoder.hidden = 8;
  s.train.epochs = 1;
  s.given = {"hidden", "epochs"};
  const auto fitted = fit_transducer({{d, train}, {d, valid}, 40, 40}, s, {});
  const auto& t = fitted.model;
  EXPECT_TRUE(t.tagged);
  EXPECT_EQ(encode(t, d.samples[0], 0, true).streams[0].ids.front(), t.source->size());
  EXPECT_NE(encode(t, d.samples[0], 0, false).streams[0].ids.front(), t.source->size());
  EXPECT_TRUE(transducer_from(transducer_bytes(t), "model").tagged);
}

TEST(BackTranslation, a_model_file_answers_lines) {
  const base::TestFolder folder;
  const auto answered = translated_lines(copying_model(folder), {"abcd", ""});
  ASSERT_TRUE(answered.has_value());
  ASSERT_EQ(answered->size(), 2U);
  EXPECT_EQ((*answered)[0], "abcd");
}

}  // namespace
}  // namespace refrain::transduce

#include "refrain/transduce/self_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/transduce/copying_model.h"

namespace refrain::transduce {
namespace {

TEST(SelfTraining, is_taken_out_of_the_other_steps) {
  std::string spec = "typo | self_training(model=m.refrain, number=300)";
  const auto found = take_self_training(spec);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->model, "m.refrain");
  EXPECT_EQ(found->number, 300);
  EXPECT_EQ(found->texts, "");
  EXPECT_THAT(spec, testing::HasSubstr("typo"));
  EXPECT_THAT(spec, testing::Not(testing::HasSubstr("self_training")));
  EXPECT_FALSE(take_self_training(spec).has_value());
}

TEST(SelfTraining, refuses_options_that_say_nothing) {
  for (const char* wrong :
       {"self_training", "self_training(texts=a.txt)", "self_training(model=m, tagged=true)",
        "self_training(model=m, number=-1)", "self_training(model=m, number=2.5)",
        "self_training(model=3)", "self_training(model=m, number=many)",
        "self_training(model=m, texts=a.txt, number=5)"}) {
    std::string spec = wrong;
    EXPECT_THROW(take_self_training(spec), Error) << wrong;
  }
}

TEST(SelfTraining, invents_words_that_neither_train_nor_judge) {
  const base::TestFolder folder;
  const auto d = made_up_texts(
      100, 5, [](base::Rng& rng) { return random_word(rng, 3, 5); },
      [](const std::string& s) { return s; });
  const auto train = first_numbers(d, 0, 100);
  SelfTraining how;
  how.model = copying_model(folder);
  how.number = 60;
  MakingPairs parts{{d, train}, {}, 1, nullptr, base::Log(), 9};
  const auto made = self_trained(how, parts);
  EXPECT_EQ(made.asked, 60);
  ASSERT_GE(made.samples.size(), 55U);
  std::vector<std::string> sources;
  int copied = 0;
  for (const auto& s : made.samples) {
    sources.push_back(std::get<std::string>(s.streams[0]));
    copied += s.label == sources.back();
    for (const auto& known : d.samples)
      EXPECT_NE(sources.back(), std::get<std::string>(known.streams[0]));
  }
  EXPECT_GE(copied, 50);  // as the teacher does
  parts.judged = {sources[0], sources[1]};
  const auto fewer = self_trained(how, parts);
  EXPECT_EQ(fewer.known, 2);
  EXPECT_EQ(fewer.samples.size(), made.samples.size() - 2);
  EXPECT_THAT(fewer.summary(), testing::HasSubstr("2 stand in the validation or test part"));
  how.number = 0;
  EXPECT_GT(self_trained(how, parts).asked, 900);
}

TEST(SelfTraining, reads_texts_and_does_not_invent_sentences) {
  const base::TestFolder folder;
  const auto d = made_up_texts(
      5, 5, [](base::Rng&) { return std::string("one two three four five"); },
      [](const std::string& s) { return s; });
  const auto train = first_numbers(d, 0, 5);
  SelfTraining how;
  how.model = copying_model(folder);
  const MakingPairs parts{{d, train}, {}, 1, nullptr, base::Log(), 9};
  EXPECT_THROW(self_trained(how, parts), Error);
  how.texts = folder.path() + "/texts.txt";
  base::write_file_atomically(how.texts, "abcd\nfade\nabcd\none two three four five\n");
  const auto made = self_trained(how, parts);
  EXPECT_EQ(made.asked, 2);
  ASSERT_EQ(made.samples.size(), 2U);
  EXPECT_EQ(made.samples[1].label, "fade");
}

}  // namespace
}  // namespace refrain::transduce

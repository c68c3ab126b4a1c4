#include "refrain/transduce/settle.h"

#include <gtest/gtest.h>

#include "refrain/transduce/made_up_pairs.h"

namespace refrain::transduce {
namespace {

std::string sentence_of(base::Rng& rng) {
  std::string out;
  for (int i = 0; i < 9; ++i) out += (i == 0 ? "" : " ") + random_word(rng, 4, 9);
  return out;
}

std::string without_blanks(const std::string& sentence) {
  std::string out;
  for (const char c : sentence) out += c == ' ' ? "" : std::string(1, c);
  return out;
}

Settings choices_for(const data::Dataset& d, Settings s = {}) {
  settle(facts_of({d, first_numbers(d, 0, static_cast<int>(d.samples.size()))}, s), s);
  return s;
}

int chosen_vocabulary(data::Dataset d, bool turned) {
  for (auto& sample : d.samples) {
    if (turned) std::swap(std::get<std::string>(sample.streams.front()), sample.label);
  }
  return choices_for(d).reply.vocabulary_size;
}

int chosen_epochs(int samples) {
  return choices_for(made_up_texts(samples, 9, sentence_of, without_blanks)).train.epochs;
}

TEST(Settling, gives_small_sets_more_epochs_and_more_patience) {
  EXPECT_EQ(chosen_epochs(800), 100);
  EXPECT_GT(chosen_epochs(200), 150);
  EXPECT_GT(chosen_epochs(60), chosen_epochs(200));
  EXPECT_EQ(chosen_epochs(20), chosen_epochs(40));
  const auto patience = [](int samples) {
    return choices_for(made_up_texts(samples, 9, sentence_of, without_blanks)).train.patience;
  };
  EXPECT_EQ(patience(800), 20);
  EXPECT_GT(patience(60), 80);
  Settings asked;
  asked.train.patience = 7;
  asked.given.insert("patience");
  EXPECT_EQ(choices_for(made_up_texts(60, 9, sentence_of, without_blanks), asked).train.patience,
            7);
}

TEST(Settling, sizes_the_vocabulary_by_the_side_that_is_cut_into_subwords) {
  const auto d = made_up_texts(600, 9, sentence_of, without_blanks);
  const int of_sentences = usual_vocabulary(600 * 9);
  EXPECT_GT(of_sentences, 2 * usual_vocabulary(600));
  EXPECT_EQ(chosen_vocabulary(d, false), of_sentences);
  EXPECT_EQ(chosen_vocabulary(d, true), of_sentences);
}

}  // namespace
}  // namespace refrain::transduce

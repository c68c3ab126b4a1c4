#include "refrain/transduce/settle.h"

#include <gtest/gtest.h>

#include <numeric>

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

int chosen_vocabulary(data::Dataset d, bool turned) {
  for (auto& sample : d.samples) {
    if (turned) std::swap(std::get<std::string>(sample.streams.front()), sample.label);
  }
  std::vector<int> all(d.samples.size());
  std::iota(all.begin(), all.end(), 0);
  Settings s;
  settle(facts_of({d, all}, s), s);
  return s.reply.vocabulary_size;
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

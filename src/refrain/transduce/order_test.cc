#include "refrain/transduce/order.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "refrain/base/rng.h"
#include "refrain/transduce/settle.h"

namespace refrain::transduce {
namespace {

using Letters = Symbols::Kind;

std::string some_word(base::Rng& rng) {
  std::string out;
  for (int n = 3 + static_cast<int>(rng.below(6)); n > 0; --n) {
    out += static_cast<char>('a' + rng.below(16));
  }
  return out;
}

std::string spoken(const std::string& word) {  // some letters have two sounds, some have none
  std::string out;
  for (const char c : word) {
    if (c == 'h') continue;
    out += out.empty() ? "" : " ";
    out += c == 'p' ? "k s" : std::string(1, static_cast<char>(c - 'a' + 'A'));
  }
  return out.empty() ? "A" : out;
}

std::string backwards(const std::string& word) { return {word.rbegin(), word.rend()}; }

data::Dataset words_and(const std::function<std::string(const std::string&)>& reply) {
  base::Rng rng(5);
  data::Dataset out;
  out.streams = {{}};
  out.streams[0].kind = data::StreamKind::kText;
  for (int i = 0; i < 300; ++i) {
    data::Sample s;
    const std::string word = some_word(rng);
    s.streams = {word};
    s.label = reply(word);
    out.samples.push_back(s);
  }
  return out;
}

Settings settled(const data::Dataset& data, Settings s = {}) {
  std::vector<int> all;
  for (int i = 0; i < static_cast<int>(data.samples.size()); ++i) all.push_back(i);
  settle(facts_of({data, all}, s), s);
  return s;
}

TEST(Order, is_one_where_letters_are_read_aloud_and_none_where_words_are_turned_round) {
  base::Rng rng(1);
  std::vector<std::string> words, sounds, turned;
  for (int i = 0; i < 400; ++i) {
    words.push_back(some_word(rng));
    sounds.push_back(spoken(words.back()));
    turned.push_back(backwards(words.back()));
  }
  const std::vector<std::string_view> w(words.begin(), words.end()),
      s(sounds.begin(), sounds.end()), t(turned.begin(), turned.end());
  EXPECT_GT(order_share(w, Letters::kCharacters, s, Letters::kTokens), 0.95);
  EXPECT_LT(order_share(w, Letters::kCharacters, t, Letters::kCharacters), 0.05);
  EXPECT_EQ(order_share({"a"}, Letters::kCharacters, {"b"}, Letters::kCharacters), 0.5);
}

TEST(Order, decides_whether_ctc_helps_a_decoder_with_attention) {
  EXPECT_EQ(settled(words_and(spoken)).reply.decoder, "both");
  EXPECT_EQ(settled(words_and(backwards)).reply.decoder, "attention");
  const auto sentence = [](const std::string& word) { return "the word is " + word + ", he said"; };
  EXPECT_EQ(settled(words_and(sentence)).reply.decoder, "attention");
  Settings asked;
  asked.reply.decoder = "attention";
  EXPECT_EQ(settled(words_and(spoken), asked).reply.decoder, "attention");
}

}  // namespace
}  // namespace refrain::transduce

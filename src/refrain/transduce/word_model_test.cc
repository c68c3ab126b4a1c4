#include "refrain/transduce/word_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"

namespace refrain::transduce {
namespace {

constexpr const char* kArpa =
    "A comment that stands before the data, with an example:\n"
    "\\1-grams:\np_1 word_1 back_off_1\nend of data: \\end\\\n\\end\\\n"
    "\\data\\\nngram 1=5\nngram 2=2\n\n"
    "\\1-grams:\n-1.0 <s> -0.5\n-0.7 </s>\n-0.3 GO -0.2\n-0.6 GOLD -0.1\n-2.0 <unk>\n\n"
    "\\2-grams:\n-0.1 <s> GO\n-0.4 GO GO\n\n\\end\\\nbehind the end 5\n";

double log10_of(double nats) { return nats / std::log(10.0); }

TEST(WordModel, gives_known_pairs_and_backs_off_to_single_words) {
  const auto m = WordModel::read(kArpa, "m.arpa");
  EXPECT_EQ(m.order(), 2);
  EXPECT_EQ(m.words(), 3U);  // go, gold, <unk>
  EXPECT_NEAR(log10_of(m.log_p({}, "go")), -0.1, 1e-12);
  EXPECT_NEAR(log10_of(m.log_p({"go"}, "go")), -0.4, 1e-12);
  EXPECT_NEAR(log10_of(m.log_p({}, "gold")), -0.5 - 0.6, 1e-12);
  EXPECT_NEAR(log10_of(m.log_p({"go", "gold"}, "go")), -0.1 - 0.3, 1e-12);
  EXPECT_NEAR(log10_of(m.log_p({"go"}, "never")), -0.2 - 2.0, 1e-12);
}

TEST(WordModel, adds_the_same_for_a_text_letter_by_letter_and_word_by_word) {
  const auto m = WordModel::read(kArpa, "m.arpa");
  const std::vector<std::string_view> texts = {"go gold", "gold go go"};
  for (const auto kind : {Symbols::Kind::kCharacters, Symbols::Kind::kTokens}) {
    const Symbols symbols = Symbols::fit(texts, kind, 0);
    const auto ids = symbols.encode("go gold go");
    double sum = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      sum += m.symbol(symbols, {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i)}, ids[i]);
    }
    sum += m.end(symbols, ids);
    const double whole = m.log_p({}, "go") + m.log_p({"go"}, "gold") +
                         m.log_p({"go", "gold"}, "go") + m.log_p({"go", "gold", "go"}, "</s>");
    EXPECT_NEAR(sum, whole, 1e-9);
  }
}

TEST(WordModel, holds_against_what_begins_no_word_once) {
  const auto m = WordModel::read(kArpa, "m.arpa");
  const Symbols symbols = Symbols::fit({"go gxyz"}, Symbols::Kind::kCharacters, 0);
  const auto ids = symbols.encode("gxy");
  EXPECT_EQ(m.symbol(symbols, {}, ids[0]), 0);
  EXPECT_LT(m.symbol(symbols, {ids[0]}, ids[1]), -5);
  EXPECT_EQ(m.symbol(symbols, {ids[0], ids[1]}, ids[2]), 0);
}

TEST(WordModel, names_the_line_of_a_broken_file) {
  try {
    WordModel::read("\\data\\\n\\1-grams:\n-1 go\nzero stop\n", "m.arpa");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("m.arpa:4"));
  }
  EXPECT_THROW(WordModel::read("", "m.arpa"), Error);
  EXPECT_THROW(WordModel::read("\\1-grams:\n-1 a b c d\n", "m.arpa"), Error);
}

}  // namespace
}  // namespace refrain::transduce

#include "refrain/transduce/symbols.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::transduce {
namespace {

using Kind = Symbols::Kind;

const std::vector<std::string_view> kSentences = {
    "Ein Mann läuft die Straße hinunter.",         "Zwei Hunde spielen im Schnee.",
    "Eine Frau liest ein Buch im Park.",           "Ein Hund läuft im Schnee die Straße hinunter.",
    "Zwei Frauen spielen im Park mit einem Hund.", "Ein Mann liest der Frau ein Buch vor."};

TEST(Symbols, give_a_text_back_in_every_kind) {
  for (const Kind kind : {Kind::kCharacters, Kind::kTokens, Kind::kSubwords}) {
    const Symbols symbols = Symbols::fit(kSentences, kind, 60);
    for (const auto text : kSentences) {
      const auto ids = symbols.encode(text);
      EXPECT_EQ(symbols.decode(ids), text);
      for (const int id : ids) {
        EXPECT_GT(id, Symbols::kUnknown);
        EXPECT_LT(id, symbols.size());
      }
    }
  }
}

TEST(Symbols, join_white_space_and_drop_it_at_the_ends) {
  const Symbols symbols = Symbols::fit(kSentences, Kind::kCharacters, 0);
  EXPECT_EQ(symbols.encode("  Ein \t Mann "), symbols.encode("Ein Mann"));
}

TEST(Symbols, number_what_they_do_not_know_one) {
  for (const Kind kind : {Kind::kCharacters, Kind::kTokens, Kind::kSubwords}) {
    const Symbols symbols = Symbols::fit(kSentences, kind, 60);
    const auto ids = symbols.encode("日");
    ASSERT_FALSE(ids.empty());
    EXPECT_EQ(ids.back(), Symbols::kUnknown);
    EXPECT_EQ(symbols.decode({Symbols::kUnknown, Symbols::kMark}), "");
  }
}

TEST(Symbols, are_the_same_after_json) {
  for (const Kind kind : {Kind::kCharacters, Kind::kTokens, Kind::kSubwords}) {
    const Symbols symbols = Symbols::fit(kSentences, kind, 60);
    const Symbols read = Symbols::from_json(symbols.to_json());
    EXPECT_EQ(read.size(), symbols.size());
    EXPECT_EQ(read.encode(kSentences[0]), symbols.encode(kSentences[0]));
  }
  auto json = Symbols::fit(kSentences, Kind::kTokens, 0).to_json();
  json["units"] = "letters";
  EXPECT_THROW(Symbols::from_json(json), Error);
}

TEST(SymbolKinds, follow_from_the_texts) {
  EXPECT_EQ(kind_of("auto", kSentences), Kind::kSubwords);
  EXPECT_EQ(kind_of("auto", {"cat", "house", "New York"}), Kind::kCharacters);
  EXPECT_EQ(kind_of("auto", {"k ae t", "h aw s", "t ae k", "k ae s", "h ae t", "s ae t", "t aw t",
                             "k aw t"}),
            Kind::kTokens);
  EXPECT_EQ(kind_of("characters", kSentences), Kind::kCharacters);
}

}  // namespace
}  // namespace refrain::transduce

#include "refrain/score/spans.h"

#include <gtest/gtest.h>

#include <sstream>

namespace refrain::score {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

// "0-2 X, 3-4 Y"
std::string found(const std::string& tags) {
  std::string out;
  for (const auto& span : spans_of(words_of(tags))) {
    if (!out.empty()) out += ", ";
    out += std::to_string(span.begin) + "-" + std::to_string(span.end) + " " + span.type;
  }
  return out;
}

struct Row {
  const char *tags, *spans;
};

TEST(Spans, follow_the_published_rules) {
  const Row rows[] = {
      {"", ""},
      {"O O", ""},
      {"B-X I-X O B-Y", "0-2 X, 3-4 Y"},       // BIO
      {"I-X I-X O I-Y", "0-2 X, 3-4 Y"},       // IOB1: I begins behind O and at the start
      {"I-X B-X I-X", "0-1 X, 1-3 X"},         // IOB1: B where two of a type touch
      {"B-X B-X", "0-1 X, 1-2 X"},             //
      {"O I-X", "1-2 X"},                      // malformed as BIO
      {"B-X I-Y", "0-1 X, 1-2 Y"},             // another type ends and begins
      {"B-X I-Y I-X", "0-1 X, 1-2 Y, 2-3 X"},  //
      {"I-X E-X I-X E-X", "0-2 X, 2-4 X"},     // IOE
      {"E-X E-X", "0-1 X, 1-2 X"},             //
      {"O E-X I-X", "1-2 X, 2-3 X"},           //
      {"B-X E-X O", "0-2 X"},                  // IOBES
      {"B-X I-X E-X S-X S-Y", "0-3 X, 3-4 X, 4-5 Y"},
      {"B-X E-X B-X E-X", "0-2 X, 2-4 X"},     // touching
      {"S-X I-X", "0-1 X, 1-2 X"},             // malformed as IOBES
      {"B-X S-X E-X", "0-1 X, 1-2 X, 2-3 X"},  //
      {"I-X S-X B-X", "0-1 X, 1-2 X, 2-3 X"},  //
      {"B-X E-Y", "0-1 X, 1-2 Y"},             //
      {"B-X M-X E-X S-X", "0-3 X, 3-4 X"},     // BMES
      {"B-X I-X L-X U-X", "0-3 X, 3-4 X"},     // BILOU
      {"O [-X O ]-X", "1-2 X, 3-4 X"},         // brackets have one step
      {"[-X I-X O", "0-1 X"},                  // so that this I neither goes on nor begins
      {"I-X ]-X O", "0-1 X, 1-2 X"},           //
      {"B-X . I-X", "0-1 X, 2-3 X"},           // a full stop is outside
      {"B-a-b I-a-b I-a", "0-2 a-b, 2-3 a"},   // the first hyphen divides
      {"B I O I", "0-2 , 3-4 "},               // letters without a type
      {"Q-X Q-X O Q-X", "0-2 X, 3-4 X"},       // an unknown letter: types alone tell
      {"NOUN VERB", ""},                       // no spans
      {"O-X I-X", "1-2 X"},
  };
  for (const Row& row : rows) EXPECT_EQ(found(row.tags), row.spans) << row.tags;
}

TEST(Spans, runs_are_of_equal_tags_outside_of_the_background) {
  const auto tags = words_of("a a O b b a");
  const std::string background = "O";
  const std::vector<SpanView> some = {{0, 2, "a"}, {3, 5, "b"}, {5, 6, "a"}};
  EXPECT_EQ(runs_of(tags, &background), some);
  const std::vector<SpanView> all = {{0, 2, "a"}, {2, 3, "O"}, {3, 5, "b"}, {5, 6, "a"}};
  EXPECT_EQ(runs_of(tags, nullptr), all);
  EXPECT_TRUE(runs_of({}, nullptr).empty());
}

}  // namespace
}  // namespace refrain::score

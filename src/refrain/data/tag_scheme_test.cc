#include "refrain/data/tag_scheme.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Tags = std::vector<std::string>;

TEST(TagScheme, every_scheme_becomes_bio) {
  const Tags bio = {"O", "B-LOC", "I-LOC", "B-LOC", "O", "B-PER"};
  EXPECT_EQ(to_bio(bio), bio);
  EXPECT_EQ(to_bio({"O", "I-LOC", "I-LOC", "B-LOC", "O", "I-PER"}), bio);             // IOB1
  EXPECT_EQ(to_bio({"O", "B-LOC", "E-LOC", "S-LOC", "O", "S-PER"}), bio);             // BIOES
  EXPECT_EQ(to_bio({"O", "B-LOC", "L-LOC", "U-LOC", "O", "U-PER"}), bio);             // BILOU
  EXPECT_EQ(to_bio({"B-PER", "M-PER", "E-PER"}), (Tags{"B-PER", "I-PER", "I-PER"}));  // BMES
}

TEST(TagScheme, a_span_of_another_type_or_behind_an_end_begins_anew) {
  EXPECT_EQ(to_bio({"I-PER", "I-LOC"}), (Tags{"B-PER", "B-LOC"}));
  EXPECT_EQ(to_bio({"B-PER", "E-PER", "I-PER"}), (Tags{"B-PER", "I-PER", "B-PER"}));
  EXPECT_EQ(to_bio({"E-PER", "O", "M-PER"}), (Tags{"B-PER", "O", "B-PER"}));
  for (const char* last : {"S-PER", "L-PER", "U-PER"}) {
    EXPECT_EQ(to_bio({last, "I-PER"})[1], "B-PER") << last;
  }
}

TEST(TagScheme, other_tags_stay) {
  EXPECT_THAT(to_bio({"NN", "I-", "X-Y", ""}), ElementsAre("NN", "I-", "X-Y", ""));
  EXPECT_TRUE(is_span_tag("O"));
  EXPECT_TRUE(is_span_tag("B-fromloc.city_name"));
  EXPECT_FALSE(is_span_tag("NN"));
  EXPECT_FALSE(is_span_tag("B-"));
}

Dataset tagged(const std::vector<Tags>& texts) {
  Dataset d;
  d.path = "f";
  for (const auto& tags : texts) {
    d.samples.emplace_back().tags = tags;
    d.samples.back().line = static_cast<std::int64_t>(10 * d.samples.size());
  }
  return d;
}

// The scheme that is found.
std::string scheme_of(const std::vector<Tags>& texts) {
  Dataset d = tagged(texts);
  settle_tags({}, d);
  return d.tag_scheme;
}

std::string refusal_of(const std::vector<Tags>& texts, const std::string& scheme = "auto") {
  Dataset d = tagged(texts);
  try {
    settle_tags({scheme, {}}, d);
  } catch (const Error& error) {
    return error.what();
  }
  return "read as " + d.tag_scheme;
}

TEST(TagScheme, is_found_over_the_whole_file) {
  EXPECT_EQ(scheme_of({{"O", "B-X", "I-X"}, {"B-X", "B-X"}}), "bio");
  EXPECT_EQ(scheme_of({{"O", "I-X"}, {"I-X", "B-X"}}), "iob1");
  EXPECT_EQ(scheme_of({{"B-X", "I-X"}, {"O", "S-X"}}), "bioes");
  EXPECT_EQ(scheme_of({{"B-X", "I-X", "L-X"}, {"U-X"}}), "bilou");
  EXPECT_EQ(scheme_of({{"B-X", "M-X", "E-X"}, {"S-X"}}), "bmes");
  EXPECT_EQ(scheme_of({{"O", "O"}, {}}), "bio");
  EXPECT_EQ(scheme_of({{"NN", "VB"}, {"O"}}), "plain");
  EXPECT_EQ(scheme_of({{}}), "");
}

TEST(TagScheme, tags_that_mark_no_spans_stay) {
  Dataset d = tagged({{"walk", "O", "B-x", "run"}});
  settle_tags({}, d);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("walk", "O", "B-x", "run"));
  d = tagged({{"I-x", "E-x"}});
  settle_tags({"plain", {}}, d);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("I-x", "E-x"));
  EXPECT_EQ(d.tag_scheme, "plain");
}

TEST(TagScheme, malformed_tags_are_repaired_and_counted) {
  Dataset d = tagged({{"B-X", "I-X"}, {"O", "I-X"}, {"B-X", "O"}, {"B-Y", "I-X"}});
  settle_tags({}, d);
  EXPECT_EQ(d.tag_scheme, "bio");
  EXPECT_THAT(d.samples[1].tags, ElementsAre("O", "B-X"));
  ASSERT_EQ(d.remarks.size(), 1U);
  EXPECT_EQ(d.remarks[0],
            "f: 2 tags stand where bio has none such (line 20: 'I-X' behind 'O') and are read as "
            "conlleval reads them");
  d = tagged({{"B-X", "I-X"}});
  settle_tags({}, d);
  EXPECT_TRUE(d.remarks.empty());
}

TEST(TagScheme, a_named_scheme_is_held_to) {
  EXPECT_EQ(refusal_of({{"O", "I-X"}, {"I-Y"}}, "bio"),
            "f:10: 'I-X' behind 'O', which bio does not have\n"
            "f:20: 'I-Y' begins a text, which bio does not have");
  EXPECT_THAT(refusal_of({{"B-X", "O"}, {"B-X"}}, "bioes"),
              HasSubstr("f:10: 'O' behind 'B-X', which bioes does not have\nf:20: 'B-X' ends a"));
  EXPECT_THAT(refusal_of({{"B-X", "I-X"}}, "iob1"), HasSubstr("'B-X' begins a text"));
  EXPECT_THAT(refusal_of({{"B-X", "M-X", "E-X"}}, "bioes"), HasSubstr("'M-X' is no tag of bioes"));
  EXPECT_THAT(refusal_of({{"NN"}}, "bio"), HasSubstr("'NN' is no tag of bio"));
  EXPECT_THAT(refusal_of({{"B-X", "L-Y"}}, "bilou"), HasSubstr("'L-Y' behind 'B-X'"));
  EXPECT_EQ(refusal_of({{"B-X", "M-X", "E-X", "S-X"}}, "bmes"), "read as bmes");
  EXPECT_EQ(refusal_of({{"I-X", "B-X"}}, "iob1"), "read as iob1");
}

TEST(TagScheme, tags_of_no_scheme_are_refused) {
  EXPECT_THAT(refusal_of({{"B-X", "E-X"}, {"B-X", "L-X"}}),
              HasSubstr("f:10: 'B-X' stands first here\nf:10: 'E-X' stands first here\n"
                        "f:20: 'L-X' stands first here"));
  EXPECT_EQ(refusal_of({{"B-X", "I-X"}, {"I-"}}),
            "f:20: 'I-' is neither O nor a tag such as B-TYPE");
  EXPECT_EQ(refusal_of({{"O", ""}}), "f:10: tag 2 is empty or holds a tab or line break");
  Dataset d = tagged({{"O", "I-"}, {"B-X"}});
  try {
    settle_tags({"auto", {{3, 4}}}, d);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("f:4: 'I-'"));
  }
}

}  // namespace
}  // namespace refrain::data

#include "refrain/score/reply_tables.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::score {
namespace {

using testing::ElementsAre;

Replies transcripts(const std::vector<std::pair<std::string, std::string>>& samples) {
  Replies r;
  r.kind = Replies::kTranscript;
  for (const auto& [truth, predicted] : samples) {
    r.truth.push_back(truth);
    r.predicted.push_back(predicted);
  }
  return r;
}

Replies of_lengths(const std::vector<int>& lengths) {
  std::vector<std::pair<std::string, std::string>> samples;
  for (const int length : lengths) {
    std::string text;
    for (int i = 0; i < length; ++i) text += "w" + std::to_string(i) + " ";
    samples.emplace_back(text, text + "more");
  }
  return transcripts(samples);
}

std::vector<std::string> row_names(const Table& table) {
  std::vector<std::string> out;
  for (const auto& row : table.rows) out.push_back(row.name);
  return out;
}

TEST(TableOfLengths, has_a_row_for_each_quarter) {
  const Replies r = of_lengths({8, 1, 2, 3, 4, 5, 6, 7});
  const Table table = table_of_lengths(r, 0);
  EXPECT_THAT(table.columns, ElementsAre("wer", "samples"));
  EXPECT_THAT(row_names(table),
              ElementsAre("1 to 2 words", "3 to 4 words", "5 to 6 words", "7 to 8 words"));
  EXPECT_DOUBLE_EQ(std::get<Score>(table.rows[0].cells[0]).value, 2.0 / 3);
  EXPECT_LT(std::get<Score>(table.rows[0].cells[0]).low, 2.0 / 3);
  EXPECT_EQ(std::get<double>(table.rows[3].cells[1]), 2);
}

TEST(TableOfLengths, keeps_samples_of_one_length_together) {
  EXPECT_THAT(row_names(table_of_lengths(of_lengths({1, 1, 1, 1, 2, 2, 9, 9}), 0)),
              ElementsAre("1 word", "2 words", "9 words"));
  EXPECT_THAT(row_names(table_of_lengths(of_lengths({3, 3, 3}), 0)), ElementsAre("3 words"));
  EXPECT_TRUE(table_of_lengths(of_lengths({}), 0).rows.empty());
}

TEST(TableOfLengths, counts_characters_where_there_are_no_blanks) {
  const Replies r = transcripts({{"今天", "今天"}, {"明天下午", "明天"}});
  const Table table = table_of_lengths(r, 0);
  EXPECT_EQ(table.columns.front(), "cer");
  EXPECT_THAT(row_names(table), ElementsAre("2 characters", "4 characters"));
}

TEST(TableOfLengths, keeps_weights_and_groups) {
  Replies r = of_lengths({1, 1, 4, 4});
  r.predicted[1] = r.truth[1];
  r.weight = {3, 1, 1, 1};
  r.group = {0, 1, 0, 1};
  const Table table = table_of_lengths(r, 0);
  EXPECT_DOUBLE_EQ(std::get<Score>(table.rows[0].cells[0]).value, 3.0 / 4);
}

TEST(TableOfConfusions, counts_substitutions_deletions_and_insertions) {
  const Replies r = transcripts({{"call the office", "call a office now"},
                                 {"the boat", "a boat"},
                                 {"left the door open", "left the open"},
                                 {"stay", "stay"}});
  const Table table = table_of_confusions(r);
  EXPECT_THAT(row_names(table), ElementsAre("the -> a", "+ now", "door"));
  EXPECT_THAT(table.rows[0].cells, ElementsAre(Cell("substitution"), Cell(2.0)));
  EXPECT_THAT(table.rows[1].cells, ElementsAre(Cell("insertion"), Cell(1.0)));
  EXPECT_THAT(table.rows[2].cells, ElementsAre(Cell("deletion"), Cell(1.0)));
  EXPECT_EQ(table_of_confusions(r, 1).rows.size(), 1u);
}

TEST(TableOfConfusions, is_the_mean_over_repeats_and_counts_weights) {
  std::vector<Replies> repeats = {transcripts({{"a b", "a c"}}), transcripts({{"a b", "a b"}})};
  for (auto& r : repeats) r.weight = {3};
  const Table table = table_of_confusions(repeats);
  EXPECT_THAT(row_names(table), ElementsAre("b -> c"));
  EXPECT_EQ(std::get<double>(table.rows[0].cells[1]), 1.5);
}

TEST(ReplyTables, are_those_that_tell_something) {
  const auto names = [](const Replies& r) {
    std::vector<std::string> out;
    for (const auto& table : reply_tables(r, 0)) out.push_back(table.name);
    return out;
  };
  Replies r = of_lengths({1, 2, 3, 4});
  EXPECT_THAT(names(r), ElementsAre("per_length", "confusions"));
  r.kind = Replies::kTranslation;
  EXPECT_THAT(names(r), ElementsAre("per_length"));
  EXPECT_THAT(names(transcripts({{"a", "a"}, {"b", "b"}})), ElementsAre());
}

TEST(ReplyTables, refuse_what_does_not_fit_together) {
  Replies r = transcripts({{"a", "b"}});
  r.predicted.clear();
  EXPECT_THROW(table_of_lengths(r, 0), Error);
  EXPECT_THROW(table_of_confusions(r), Error);
}

}  // namespace
}  // namespace refrain::score

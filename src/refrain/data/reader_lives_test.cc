// Units that run to failure: the readers cmapss and run-to-failure.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "refrain/base/test_folder.h"
#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A line of 26 columns: the values are the cycle and the number of the column.
std::string engine_line(int unit, int cycle) {
  std::string out = std::to_string(unit) + " " + std::to_string(cycle);
  for (int c = 3; c <= 26; ++c) out += " " + std::to_string(cycle) + "." + std::to_string(c);
  return out + "  \n";
}

std::string engine_lines(int unit, int cycles) {
  std::string out;
  for (int t = 1; t <= cycles; ++t) out += engine_line(unit, t);
  return out;
}

std::vector<std::string> labels_of(const Dataset& data) {
  std::vector<std::string> out;
  for (const auto& sample : data.samples) out.push_back(sample.label);
  return out;
}

TEST(CmapssReader, a_unit_is_a_series_that_ends_with_no_life_left) {
  const Dataset data = dataset_of(engine_lines(1, 3) + engine_lines(2, 2), "train_FD009.txt");
  EXPECT_EQ(data.format, "cmapss");
  EXPECT_TRUE(data.lives);
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(series_of(data, 0).steps, 3);
  EXPECT_EQ(series_of(data, 0).channels, 24);
  EXPECT_EQ(series_of(data, 1).values[24], 2.3F);
  EXPECT_EQ(data.streams[0].channel_names[0], "setting1");
  EXPECT_EQ(data.streams[0].channel_names[23], "sensor21");
  EXPECT_THAT(data.settings, ElementsAre("setting1", "setting2", "setting3"));
  EXPECT_THAT(labels_of(data), ElementsAre("0", "0"));
  EXPECT_EQ(data.samples[1].id, "2");
  EXPECT_EQ(data.samples[1].group, "train_FD009 2");
  EXPECT_EQ(data.samples[1].line, 4);
}

TEST(CmapssReader, other_lines_of_numbers_are_not_taken_for_it) {
  EXPECT_NE(dataset_of("1 0.5 0.25 0.5\n2 0.5 0.75 1\n1 2 2 1\n", "a.txt").format, "cmapss");
}

TEST(CmapssReader, bad_rows_are_named_all_at_once) {
  const std::string message =
      message_of(engine_lines(1, 9) + "1 10 7\n" + engine_line(1, 12) + engine_lines(2, 3) +
                     engine_line(1, 13) + engine_lines(3, 9),
                 "train_FD009.txt");
  EXPECT_THAT(message, HasSubstr("train_FD009.txt:10: 3 columns in place of 26"));
  EXPECT_THAT(message, HasSubstr(":11: cycle 12 of unit '1' follows cycle 9"));
  EXPECT_THAT(message, HasSubstr(":15: unit '1' comes back after another one"));
  EXPECT_THAT(error_of(engine_lines(1, 2) + "1 3 x\n", "t.txt", with_format("cmapss")).hint(),
              HasSubstr("the rows of a unit stand together"));
}

TEST(CmapssReader, a_value_that_is_no_number_is_named_with_its_column) {
  std::string bad = engine_line(1, 3);
  bad.replace(bad.find("3.7"), 3, "abc");
  EXPECT_THAT(message_of(engine_lines(1, 2) + bad, "train.txt", with_format("cmapss")),
              HasSubstr("train.txt:3:7: 'abc' is not a number"));
}

class LivesBeside : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_.path() + "/" + name) << content;
  }
  Dataset test_file(const Expected* expected = nullptr) const {
    const std::string path = folder_.path() + "/test_FD009.txt";
    const std::string content = engine_lines(1, 3) + engine_lines(2, 2);
    return read_bytes(content, path, {}, base::Log(), expected);
  }
  std::string failure() const {
    try {
      test_file();
    } catch (const Error& error) {
      return error.what();
    }
    return "read";
  }

  base::TestFolder folder_;
};

TEST_F(LivesBeside, remaining_lives_of_a_test_file_stand_in_a_file_beside_it) {
  write("RUL_FD009.txt", "112 \n7\n");
  EXPECT_THAT(labels_of(test_file()), ElementsAre("112", "7"));
}

TEST_F(LivesBeside, without_that_file_none_is_known_and_a_warning_names_it) {
  const Dataset data = test_file();
  EXPECT_THAT(labels_of(data), ElementsAre("", ""));
  EXPECT_FALSE(data.has_labels);
  ASSERT_EQ(data.warnings.size(), 1U);
  EXPECT_THAT(data.warnings[0], HasSubstr("no RUL_FD009.txt beside it"));
}

TEST_F(LivesBeside, another_number_of_lines_and_lines_that_are_no_life_are_errors) {
  write("RUL_FD009.txt", "112\n7\n9\n");
  EXPECT_THAT(failure(), HasSubstr("3 remaining lives for 2 units"));
  write("RUL_FD009.txt", "112\nsoon\n");
  EXPECT_THAT(failure(), HasSubstr("RUL_FD009.txt:2: 'soon' is no remaining life"));
  write("RUL_FD009.txt", "-4\n1\n");
  EXPECT_THAT(failure(), HasSubstr("RUL_FD009.txt:1: '-4' is no remaining life"));
}

TEST_F(LivesBeside, is_not_looked_at_where_lives_are_predicted) {
  write("RUL_FD009.txt", "broken\n");
  Expected expected = expected_like(dataset_of(engine_lines(1, 3), "train_FD009.txt"));
  expected.labelled = false;
  EXPECT_THAT(labels_of(test_file(&expected)), ElementsAre("", ""));
}

const char* const kFailures =
    "unit,cycle,load,heat,censored\na,1,1,5,0\na,2,1,6,0\nb,5,2,7,1\nb,6,2,8,1\n";

TEST(RunToFailureReader, units_end_with_their_failure_unless_they_are_censored) {
  const Dataset data = dataset_of(kFailures, "u.csv", with_format("run-to-failure"));
  EXPECT_TRUE(data.lives);
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_THAT(data.streams[0].channel_names, ElementsAre("load", "heat"));
  EXPECT_THAT(series_of(data, 1).values, ElementsAre(2, 7, 2, 8));
  EXPECT_THAT(labels_of(data), ElementsAre("0", "0"));
  EXPECT_FALSE(data.samples[0].censored);
  EXPECT_TRUE(data.samples[1].censored);
  EXPECT_EQ(data.samples[1].group, "b");
}

TEST(RunToFailureReader, the_remaining_life_of_a_units_last_row_counts) {
  const Dataset data = dataset_of("unit,cycle,heat,RUL\na,1,1,9\na,2,1,8\nb,1,2,31\n", "u.csv",
                                  with_format("run-to-failure"));
  EXPECT_THAT(labels_of(data), ElementsAre("8", "31"));
}

TEST(RunToFailureReader, what_does_not_fit_is_named) {
  const auto failure = [](const std::string& content) {
    return message_of(content, "u.csv", with_format("run-to-failure"));
  };
  EXPECT_THAT(failure("engine_no,cycle,x\na,1,2\n"), HasSubstr("u.csv:1: no column of the unit"));
  EXPECT_THAT(failure("unit,when,x\na,1,2\n"), HasSubstr("u.csv:1: no column of the cycle"));
  EXPECT_THAT(failure("unit,cycle\na,1\n"), HasSubstr("there are no sensors"));
  EXPECT_THAT(failure("unit,cycle,x\na,1,2\na,3,2\n"),
              HasSubstr("u.csv:3: cycle 3 of unit 'a' follows cycle 1"));
  EXPECT_THAT(failure("unit,cycle,x\na,1.5,2\n"), HasSubstr("'1.5' is no cycle"));
  EXPECT_THAT(failure("unit,cycle,x,censored\na,1,2,yes\n"), HasSubstr("'yes' is neither 0 nor 1"));
  EXPECT_THAT(failure("unit,cycle,x,rul\na,1,2,-3\n"), HasSubstr("a remaining life below 0"));
}

TEST(SharedData, the_engines_have_the_published_sizes) {
  const std::string folder = REFRAIN_SOURCE_DIR "/../shared/data/timeseries/CMAPSS/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no ../shared/data/timeseries/CMAPSS";
  const Dataset data = read(folder + "train_FD001.txt", {}, base::Log());
  EXPECT_EQ(data.format, "cmapss");
  EXPECT_EQ(data.samples.size(), 100U);
  const Dataset test = read(folder + "test_FD001.txt", {}, base::Log());
  EXPECT_EQ(test.samples.at(0).label, "112");
  EXPECT_EQ(series_of(test, 0).steps, 31);
}

}  // namespace
}  // namespace refrain::data

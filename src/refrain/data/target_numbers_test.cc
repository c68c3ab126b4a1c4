#include "refrain/data/target_numbers.h"

#include <gmock/gmock.h>

#include "refrain/data/reader_test_input.h"
#include "refrain/data/split.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TargetNumbers, several_columns_are_one_target) {
  const Dataset data =
      dataset_of("a,v0,v1,b\n1.5,1,2,-3\n2,3,4,0.5\n", "t.csv", with_target("a, b"));
  EXPECT_EQ(data.columns.label, "a, b");
  EXPECT_THAT(series_of(data, 1).values, ElementsAre(3, 4));
  Dataset read = data;
  read_numbers(read);
  EXPECT_THAT(read.samples[0].numbers, ElementsAre(1.5, -3));
  EXPECT_THAT(read.samples[1].numbers, ElementsAre(2, 0.5));
}

TEST(TargetNumbers, a_column_whose_name_has_a_comma_is_one_column) {
  const Dataset data =
      dataset_of("\"a,b\",v0,v1,a,b\n7,1,2,3,4\n8,3,4,5,6\n", "t.csv", with_target("a,b"));
  EXPECT_EQ(data.samples[0].label, "7");
}

TEST(TargetNumbers, a_list_in_json_is_several_numbers) {
  Dataset data = dataset_of("{\"series\": [1, 2], \"label\": [0.5, 2]}\n", "t.jsonl");
  read_numbers(data);
  EXPECT_THAT(data.samples[0].numbers, ElementsAre(0.5, 2));
  EXPECT_THAT(message_of("{\"series\": [1, 2], \"label\": [\"a\"]}\n", "t.jsonl"),
              HasSubstr("must hold numbers alone"));
}

std::string refused(Dataset data) {
  try {
    read_numbers(data);
  } catch (const Error& e) {
    return e.what();
  }
  return "read";
}

TEST(TargetNumbers, what_is_none_is_named_with_its_line) {
  Dataset data = dataset_of("v0,v1,label\n1,2,0.5\n3,4,much\n5,6,1 2\n", "t.csv");
  EXPECT_THAT(refused(data), HasSubstr("t.csv:3"));
  EXPECT_THAT(refused(data), HasSubstr("the target 'much' is not a number"));
  EXPECT_THAT(refused(data), HasSubstr("2 numbers to predict, but the first sample has 1"));
}

TEST(TargetNumbers, splits_keep_the_fifths_in_proportion) {
  Dataset data;
  data.has_labels = true;
  data.streams = {{"series", StreamKind::kSeries, 1, {}}};
  std::vector<int> pool;
  for (int i = 0; i < 100; ++i) {
    Sample sample;
    sample.label = std::to_string(i * i);
    sample.numbers = {static_cast<double>(i * i)};
    sample.streams.emplace_back(Series{1, 1, {static_cast<float>(i)}});
    data.samples.push_back(std::move(sample));
    pool.push_back(i);
  }
  const Split split = split_off(data, pool, 0.2, base::Rng(1));
  std::vector<int> fifth(5);
  for (const int i : split.held_out) ++fifth[static_cast<std::size_t>(i / 20)];
  EXPECT_THAT(fifth, ElementsAre(4, 4, 4, 4, 4));
  EXPECT_TRUE(split.kept_whole.empty());
}

}  // namespace
}  // namespace refrain::data

#include "bearing/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "bearing/table.h"
#include "refrain/base/error.h"

namespace refrain::bearing {
namespace {

DatasetSpec small_set() {
  DatasetSpec spec;
  spec.machines = 3;
  spec.per_condition = 2;
  spec.length = 64;
  return spec;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(BearingDataset, the_same_seed_gives_the_same_file_and_another_seed_another) {
  DatasetSpec spec = small_set();
  const std::string first = as_csv(make_dataset(spec));
  EXPECT_EQ(as_csv(make_dataset(spec)), first);
  ++spec.seed;
  EXPECT_NE(as_csv(make_dataset(spec)), first);
}

TEST(BearingDataset, every_machine_has_every_condition_equally_often) {
  std::map<std::string, int> counts;
  for (const LabelledRun& run : make_dataset(small_set())) ++counts[run.group + " " + run.label];
  EXPECT_EQ(counts.size(), 12U);
  for (const char* machine : {"machine_01", "machine_02", "machine_03"}) {
    for (const char* label : {"healthy", "inner_race", "outer_race", "ball"}) {
      EXPECT_EQ(counts[std::string(machine) + " " + label], 2) << machine << " " << label;
    }
  }
}

TEST(BearingDataset, ids_are_unique_and_no_two_runs_are_alike) {
  std::set<std::string> ids;
  std::set<std::vector<double>> series;
  const auto runs = make_dataset(small_set());
  for (const LabelledRun& run : runs) {
    ids.insert(run.id);
    series.insert(run.channels.front());
  }
  EXPECT_EQ(ids.size(), runs.size());
  EXPECT_EQ(series.size(), runs.size());
}

TEST(BearingDataset, a_machine_is_the_same_whether_made_alone_or_with_others) {
  const auto all = make_dataset(small_set());
  DatasetSpec spec = small_set();
  spec.first_machine = 3;
  spec.machines = 1;
  const auto alone = make_dataset(spec);
  ASSERT_EQ(alone.size(), 8U);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].id, all[16 + i].id);
    EXPECT_EQ(alone[i].label, all[16 + i].label);
    EXPECT_EQ(alone[i].channels, all[16 + i].channels);
  }
}

TEST(BearingDataset, the_second_channel_leaves_the_first_as_it_was) {
  DatasetSpec spec = small_set();
  const auto one = make_dataset(spec);
  spec.channels = 2;
  const auto two = make_dataset(spec);
  ASSERT_EQ(two.front().channels.size(), 2U);
  EXPECT_EQ(two.front().channels[0], one.front().channels[0]);
  EXPECT_NE(two.front().channels[1], one.front().channels[0]);
}

TEST(BearingDataset, the_csv_has_a_header_and_one_value_a_column) {
  const auto runs = make_dataset(small_set());
  const auto lines = lines_of(as_csv(runs));
  ASSERT_EQ(lines.size(), 25U);
  EXPECT_EQ(lines[0].substr(0, 22), "id,group,label,x_0,x_1");
  for (const std::string& line : lines) {
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 66) << line.substr(0, 40);
  }
  std::istringstream row(lines[1]);
  std::string cell;
  for (int i = 0; i < 4; ++i) std::getline(row, cell, ',');
  const double exact = runs[0].channels[0][0];
  EXPECT_NEAR(std::stod(cell), exact, 5e-5 * std::abs(exact));
}

TEST(BearingDataset, two_channels_do_not_fit_into_a_wide_csv) {
  DatasetSpec spec = small_set();
  spec.channels = 2;
  EXPECT_THROW(as_csv(make_dataset(spec)), Error);
}

TEST(BearingDataset, each_json_line_holds_all_channels) {
  DatasetSpec spec = small_set();
  spec.channels = 2;
  const auto lines = lines_of(as_jsonl(make_dataset(spec)));
  ASSERT_EQ(lines.size(), 24U);
  for (const std::string& line : lines) {
    const auto object = nlohmann::json::parse(line);
    ASSERT_EQ(object["series"].size(), 2U);
    EXPECT_EQ(object["series"][1].size(), 64U);
    EXPECT_EQ(object["id"].get<std::string>().find(object["group"].get<std::string>()), 0U);
  }
}

TEST(BearingDataset, the_ts_file_ends_each_line_with_the_label) {
  DatasetSpec spec = small_set();
  spec.channels = 2;
  const auto runs = make_dataset(spec);
  const auto lines = lines_of(as_ts(runs));
  const auto data = std::find(lines.begin(), lines.end(), "@data");
  ASSERT_EQ(lines.end() - data, 25);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string& line = data[1 + static_cast<std::ptrdiff_t>(i)];
    EXPECT_EQ(std::count(line.begin(), line.end(), ':'), 2);
    EXPECT_EQ(line.substr(line.rfind(':') + 1), runs[i].label);
  }
}

}  // namespace
}  // namespace refrain::bearing

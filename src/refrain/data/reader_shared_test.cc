// Reads the shared data sets and compares with the counts that their publishers give.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "refrain/data/reader_test_input.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/score/spans.h"

namespace refrain::data {
namespace {

const std::string kShared = REFRAIN_SOURCE_DIR "/../shared/data/";

struct Text {
  const char* path;
  const char* format;
  std::size_t samples;
  std::map<std::string, int> labels;  // empty = not compared
  std::size_t classes;
};

const std::vector<Text>& texts() {
  static const std::vector<Text> kTexts = {
      {"sst2/stsa.binary.train", "label-text", 6920, {{"0", 3310}, {"1", 3610}}, 2},
      {"sst2/stsa.binary.dev", "label-text", 872, {{"0", 428}, {"1", 444}}, 2},
      {"sst2/stsa.binary.test", "label-text", 1821, {{"0", 912}, {"1", 909}}, 2},
      {"mpqa/mpqa.all", "label-text", 10606, {{"0", 7294}, {"1", 3312}}, 2},
      {"trec/TREC.train.all",
       "label-text",
       5452,
       {{"0", 1162}, {"1", 1250}, {"2", 86}, {"3", 1223}, {"4", 835}, {"5", 896}},
       6},
      {"trec/TREC.test.all", "label-text", 500, {}, 6},
      {"trec/raw/TREC.train", "label-text", 5452, {}, 50},
      {"trec/raw/TREC.test", "label-text", 500, {}, 42},
      {"waimai10k/waimai_10k.csv", "text-csv", 11987, {{"0", 7987}, {"1", 4000}}, 2},
      {"thucnews-title/dev.txt", "text-tab-label", 10000, {}, 10},
      {"thucnews-title/test.txt", "text-tab-label", 10000, {}, 10},
      {"mr/rt-polarity.all", "label-text", 10662, {{"0", 5331}, {"1", 5331}}, 2},
      {"subj/subj.all", "label-text", 10000, {{"0", 5000}, {"1", 5000}}, 2}};
  return kTexts;
}

std::map<std::string, int> count_labels(const Dataset& data) {
  std::map<std::string, int> count;
  for (const auto& sample : data.samples) ++count[sample.label];
  return count;
}

TEST(SharedData, texts_have_the_published_sizes) {
  if (!std::filesystem::exists(kShared + "text")) GTEST_SKIP() << "no ../shared/data/text";
  for (const auto& text : texts()) {
    const std::string path = kShared + "text/" + text.path;
    ReadSpec spec;
    const std::string name = text.path;
    if (name.starts_with("mr/") || name.starts_with("subj/")) spec.encoding = "latin-1";
    const Dataset data = read(path, spec, base::Log());
    EXPECT_EQ(data.format, text.format) << path;
    EXPECT_EQ(data.samples.size(), text.samples) << path;
    const auto labels = count_labels(data);
    EXPECT_EQ(labels.size(), text.classes) << path;
    if (!text.labels.empty()) {
      EXPECT_EQ(labels, text.labels) << path;
    }
  }
}

TEST(SharedData, texts_in_latin1_are_errors_without_the_option) {
  if (!std::filesystem::exists(kShared + "text")) GTEST_SKIP() << "no ../shared/data/text";
  for (const char* name : {"mr/rt-polarity.all", "subj/subj.all"}) {
    try {
      read(kShared + "text/" + name, {}, base::Log());
      ADD_FAILURE() << name << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kData);
      EXPECT_THAT(error.what(), testing::HasSubstr("not UTF-8 (looks like latin-1)"));
    }
  }
}

TEST(SharedData, one_bad_byte_in_trec_is_a_warning) {
  const std::string path = kShared + "text/trec/TREC.train.all";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/data/text";
  std::string warnings;
  const base::Log log([&](base::Level, const std::string& text) { warnings += text + "\n"; });
  read(path, {}, log);
  EXPECT_THAT(warnings, testing::HasSubstr("1 of 5452 lines holds bytes that are not UTF-8"));
}

TEST(SharedData, three_phrases_of_mpqa_are_empty) {
  const std::string path = kShared + "text/mpqa/mpqa.all";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/data/text";
  const Dataset data = read(path, {}, base::Log());
  int empty = 0;
  for (std::size_t i = 0; i < data.samples.size(); ++i) empty += text_of(data, i).empty() ? 1 : 0;
  EXPECT_EQ(empty, 3);
}

struct Tagged {
  const char* path;
  const char* scheme;
  std::size_t samples, words, spans, types, groups, remarks;
};

// Weibo NER has tags that go on with no span: each is a span more than publishers count.
TEST(SharedData, tagged_texts_have_the_published_sizes) {
  if (!std::filesystem::exists(kShared + "text/weibo-ner"))
    GTEST_SKIP() << "no ../shared/data/text";
  for (const auto& set : std::vector<Tagged>{
           {"conll2003-en/eng.train", "iob1", 14041, 203621, 23499, 4, 946, 1},
           {"conll2003-en/eng.testb", "iob1", 3453, 46435, 5648, 4, 231, 0},
           {"weibo-ner/weiboNER_2nd_conll.train", "bio", 1350, 73778, 1885 + 10, 8, 0, 2},
           {"weibo-ner/weiboNER_2nd_conll.test", "bio", 270, 14842, 414 + 4, 8, 0, 2},
           {"atis/train", "bio", 4478, 50497, 14851, 79, 0, 0}}) {
    const Dataset data = read(kShared + "text/" + set.path, {}, base::Log());
    std::size_t words = 0, spans = 0;
    std::set<std::string> types, groups;
    for (const auto& sample : data.samples) {
      words += sample.tags.size();
      for (const auto& span : score::spans_of(sample.tags)) types.insert(span.type), ++spans;
      if (!sample.group.empty()) groups.insert(sample.group);
    }
    EXPECT_TRUE(data.has_tags) << set.path;
    EXPECT_EQ(data.tag_scheme, set.scheme) << set.path;
    EXPECT_EQ(data.samples.size(), set.samples) << set.path;
    EXPECT_EQ(words, set.words) << set.path;
    EXPECT_EQ(spans, set.spans) << set.path;
    EXPECT_EQ(types.size(), set.types) << set.path;
    EXPECT_EQ(groups.size(), set.groups) << set.path;
    EXPECT_EQ(data.remarks.size(), set.remarks) << set.path;
  }
}

struct Published {
  std::size_t train = 0, test = 0;
  int shortest = 0, longest = 0, channels = 0;
  std::size_t classes = 0;
};

// The classification tables of the README: | name | what | train | test | length | channels | ...
std::map<std::string, Published> published() {
  std::map<std::string, Published> sets;
  std::ifstream file(kShared + "timeseries/README.md");
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::stringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '|');) cells.push_back(cell);
    if (cells.size() < 10 || cells[3].find_first_of("0123456789") == std::string::npos) continue;
    Published set;
    if (std::sscanf(cells[5].c_str(), "%d-%d", &set.shortest, &set.longest) == 1) {
      set.longest = set.shortest;
    }
    const std::string name = cells[1].substr(1, cells[1].size() - 2);
    if (!std::filesystem::exists(kShared + "timeseries/" + name + "/" + name + "_TRAIN.ts")) {
      continue;
    }
    set.train = std::stoul(cells[3]);
    set.test = std::stoul(cells[4]);
    set.channels = std::stoi(cells[6]);
    set.classes = std::stoul(cells[7]);
    sets[name] = set;
  }
  return sets;
}

TEST(SharedData, series_have_the_published_sizes_lengths_channels_and_classes) {
  if (!std::filesystem::exists(kShared + "timeseries")) GTEST_SKIP() << "no ../shared/data";
  const auto sets = published();
  EXPECT_EQ(sets.size(), 38U);
  for (const auto& [name, set] : sets) {
    const std::string stem = kShared + "timeseries/" + name + "/" + name;
    const Dataset train = read(stem + "_TRAIN.ts", {}, base::Log());
    const Dataset test = read(stem + "_TEST.ts", {}, base::Log());
    EXPECT_EQ(train.samples.size(), set.train) << name;
    EXPECT_EQ(test.samples.size(), set.test) << name;
    EXPECT_EQ(train.streams[0].channels, set.channels) << name;
    EXPECT_EQ(count_labels(train).size(), set.classes) << name;
    std::set<int> lengths;
    for (const Dataset* data : {&train, &test}) {
      for (std::size_t i = 0; i < data->samples.size(); ++i) {
        lengths.insert(series_of(*data, i).steps);
      }
    }
    EXPECT_EQ(*lengths.begin(), set.shortest) << name;
    EXPECT_EQ(*lengths.rbegin(), set.longest) << name;
  }
}

TEST(SharedData, missing_values_of_dodger_loop_are_counted) {
  const std::string path = kShared + "timeseries/DodgerLoopWeekend/DodgerLoopWeekend_TRAIN.ts";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/data";
  const Dataset data = read(path, {}, base::Log());
  int missing = 0;
  for (std::size_t i = 0; i < data.samples.size(); ++i) {
    for (const float value : series_of(data, i).values) missing += std::isnan(value) ? 1 : 0;
  }
  EXPECT_EQ(missing, 38);
}

// A series in the other forms must be recognised and hold the same values.
TEST(SharedData, a_set_written_in_other_forms_is_read_alike) {
  const std::string path = kShared + "timeseries/ItalyPowerDemand/ItalyPowerDemand_TRAIN.ts";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/data";
  const Dataset data = read(path, {}, base::Log());
  std::string ucr, wide, tall = "id,time,label,value\n", lines;
  for (std::size_t t = 0; t < 24; ++t) wide += "v" + std::to_string(t) + ",";
  wide += "label\n";
  for (std::size_t i = 0; i < data.samples.size(); ++i) {
    const std::string& label = data.samples[i].label;
    std::string values;
    for (std::size_t t = 0; t < 24; ++t) {
      std::ostringstream number;
      number.precision(9);
      number << series_of(data, i).values[t];
      values += (t > 0 ? "," : "") + number.str();
      tall += std::to_string(i) + "," + std::to_string(t) + "," + label + "," + number.str() + "\n";
    }
    ucr += label + "," + values + "\n";
    wide += values + "," + label + "\n";
    lines += "{\"series\": [" + values + "], \"label\": \"" + label + "\"}\n";
  }
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"ucr", ucr}, {"wide-csv", wide}, {"long-csv", tall}, {"jsonl", lines}};
  for (const auto& [format, content] : forms) {
    const Dataset other = dataset_of(content, format == "jsonl" ? "x.jsonl" : "x.csv");
    EXPECT_EQ(other.format, format);
    ASSERT_EQ(other.samples.size(), data.samples.size());
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
      EXPECT_EQ(series_of(other, i).values, series_of(data, i).values);
      EXPECT_EQ(other.samples[i].label, data.samples[i].label);
    }
  }
}

}  // namespace
}  // namespace refrain::data

#include "refrain/data/writer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/data/content.h"
#include "refrain/data/reader.h"

namespace refrain::data {
namespace {

using testing::HasSubstr;

Dataset series_set(int channels) {
  Dataset d;
  d.has_labels = true;
  d.streams = {{"series", StreamKind::kSeries, channels, {}}};
  for (int i = 0; i < 3; ++i) {
    Sample sample;
    sample.id = "s" + std::to_string(i);
    sample.label = i == 1 ? "b" : "a";
    Series series{4 + i, channels, {}};
    for (int k = 0; k < (4 + i) * channels; ++k) {
      series.values.push_back(k == 2 ? NAN : 0.1F * static_cast<float>(k) + 1e-9F);
    }
    sample.streams = {series};
    d.samples.push_back(sample);
  }
  d.samples[2].source = 0;
  return d;
}

TEST(Writer, what_is_written_reads_back_with_the_same_bits) {
  for (const int channels : {1, 2}) {
    for (const char* extension : {"ts", "jsonl"}) {
      const Dataset d = series_set(channels);
      const std::string path = std::string("a.") + extension;
      const Dataset back = read_bytes(write_samples(d, extension), path, {}, {});
      ASSERT_EQ(back.samples.size(), 3U);
      EXPECT_EQ(dataset_hash(back), dataset_hash(d)) << path << " " << channels;
    }
  }
}

TEST(Writer, the_level_of_each_channel_is_added_again) {
  Dataset d;
  d.streams = {{"series", StreamKind::kSeries, 2, {}}};
  d.samples.resize(1);
  d.samples[0].streams = {Series{2, 2, {0.5F, 1.5F, 2.5F, 3.5F}}};
  d.offset = {100, 2000};
  EXPECT_THAT(write_samples(d, "ts"), HasSubstr("\n100.5,102.5:2001.5,2003.5\n"));
}

TEST(Writer, json_lines_keep_ids_groups_and_sources) {
  Dataset d = series_set(1);
  for (auto& sample : d.samples) sample.group = "g";
  const Dataset back = read_bytes(write_samples(d, "jsonl"), "a.jsonl", {}, {});
  EXPECT_EQ(back.samples[2].id, "s2");
  EXPECT_EQ(back.samples[2].group, "g");
  EXPECT_EQ(back.samples[2].source, 0);
  EXPECT_EQ(back.samples[1].source, -1);
}

TEST(Writer, texts_keep_quotes_and_line_ends) {
  Dataset d;
  d.has_labels = true;
  d.streams = {{"text", StreamKind::kText, 0, {}}};
  for (const char* text : {"He said \"no\", twice", "two\nlines here", "电影 好"}) {
    Sample sample;
    sample.id = std::to_string(d.samples.size() + 1);
    sample.label = "x";
    sample.streams = {std::string(text)};
    d.samples.push_back(sample);
  }
  for (const char* extension : {"csv", "tsv", "jsonl"}) {
    const std::string path = std::string("a.") + extension;
    const Dataset back = read_bytes(write_samples(d, extension), path, {}, {});
    EXPECT_EQ(dataset_hash(back), dataset_hash(d)) << path;
  }
}

TEST(Writer, what_a_form_cannot_hold_is_refused) {
  Dataset d = series_set(1);
  EXPECT_THROW(write_samples(d, "csv"), Error);
  d.samples[0].label = "two words";
  try {
    write_samples(d, "ts");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("'two words'"));
  }
}

}  // namespace
}  // namespace refrain::data

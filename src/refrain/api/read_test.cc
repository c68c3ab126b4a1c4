#include "refrain/api/read.h"

#include <gtest/gtest.h>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/base/error.h"

namespace refrain::api {
namespace {

class ReadSamples : public ScratchFolder {};

TEST_F(ReadSamples, a_table_of_series_with_groups) {
  const auto file =
      write("d.csv", "fault,machine,t0,t1\nball,m1,1,2\nnone,m2,3,\nball,m1,5,6\nnone,m2,7,8\n");
  Options options;
  options.set("target", "fault");
  options.set("group", "machine");
  const FileSamples found = read_samples(file, options, {});
  EXPECT_EQ(found.kind, "series");
  EXPECT_EQ(found.task, "classify");
  EXPECT_EQ(found.labels, (std::vector<std::string>{"ball", "none", "ball", "none"}));
  EXPECT_EQ(found.groups, (std::vector<std::string>{"m1", "m2", "m1", "m2"}));
  ASSERT_EQ(found.series.size(), 4U);
  EXPECT_EQ(found.series[0], (std::vector<float>{1, 2}));
  EXPECT_EQ(found.recognised.target, "fault");
}

TEST_F(ReadSamples, words_keep_their_tags) {
  const auto file = write("d.conll", "Ann B-PER\nsees O\n\nBob B-PER\n");
  const FileSamples found = read_samples(file, {}, {});
  EXPECT_EQ(found.task, "tag");
  EXPECT_EQ(found.words[0], (std::vector<std::string>{"Ann", "sees"}));
  EXPECT_EQ(found.tags[0], (std::vector<std::string>{"B-PER", "O"}));
  EXPECT_TRUE(found.texts.empty());
}

TEST_F(ReadSamples, several_streams_are_refused) {
  const auto file = write("d.csv", "label,note,plan\na,one,two\nb,three,four\na,five,six\n");
  Options options;
  options.set("text_column", "note,plan");
  try {
    read_samples(file, options, {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnsupported);
  }
}

TEST_F(ReadSamples, series_in_time_have_their_stamps) {
  std::string text = "unique_id,ds,y\n";
  for (const char* day : {"01", "02", "03", "04"}) {
    text += std::string("a,2024-01-") + day + ",1.5\n";
  }
  const FileHistories found = read_histories(write("d.csv", text), {}, {});
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(found.series[0].id, "a");
  EXPECT_EQ(found.series[0].times.back(), "2024-01-04");
  EXPECT_EQ(found.series[0].values.size(), 4U);
}

}  // namespace
}  // namespace refrain::api

#include "refrain/data/streams.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kLong =
    "id,label,ax,ay,wx,rest\n"
    "s1,a,1,2,3,9\ns1,a,4,5,6,9\n"
    "s2,b,-1,-2,-3,9\ns2,b,-4,-5,-6,9\n";

ReadSpec long_spec(const std::string& streams) {
  ReadSpec spec;
  spec.format = "long-csv";
  spec.streams = streams;
  return spec;
}

Dataset divided_by(const std::string& streams) {
  return read_bytes(kLong, "l.csv", long_spec(streams), base::Log());
}

const std::vector<float>& values_of(const Dataset& data, std::size_t sample, std::size_t stream) {
  return std::get<Series>(data.samples[sample].streams[stream]).values;
}

struct Refusal {
  std::string what, hint;
};

template <class Work>
Refusal refused(Work work) {
  try {
    work();
  } catch (const Error& e) {
    return {e.what(), e.hint()};
  }
  return {"nothing was refused", ""};
}

TEST(Streams, channels_are_divided_by_name_number_range_and_pattern) {
  for (const char* text :
       {"acc=ax,ay; gyro=wx", "acc=1-2;gyro=3", "acc=a*; gyro=w?", "acc=AX,2;gyro=3"}) {
    const Dataset data = divided_by(text);
    ASSERT_EQ(data.streams.size(), 2U) << text;
    EXPECT_EQ(data.streams[0].name, "acc");
    EXPECT_THAT(data.streams[0].channel_names, ElementsAre("ax", "ay"));
    EXPECT_THAT(data.streams[1].places, ElementsAre(3));
    EXPECT_THAT(values_of(data, 0, 0), ElementsAre(1, 2, 4, 5));
    EXPECT_THAT(values_of(data, 1, 1), ElementsAre(-3, -6));
    EXPECT_THAT(data.columns.values, ElementsAre("ax", "ay", "wx"));
    EXPECT_THAT(data.remarks.back(), HasSubstr("left out: rest"));
  }
}

TEST(Streams, channels_stand_in_the_order_in_which_they_are_named) {
  EXPECT_THAT(values_of(divided_by("one=wx,ax"), 0, 0), ElementsAre(3, 1, 6, 4));
}

TEST(Streams, what_cannot_be_divided_is_refused_with_its_name) {
  const auto what = [](const char* text) { return refused([&] { divided_by(text); }); };
  EXPECT_THAT(what("acc=ax,az").what, HasSubstr("has no channel 'az' (stream 'acc')"));
  EXPECT_THAT(what("acc=ax,ayy").hint, HasSubstr("did you mean 'ay'?"));
  EXPECT_THAT(what("a=ax; b=ax").what, HasSubstr("channel 'ax' is in two streams, 'a' and 'b'"));
  EXPECT_THAT(what("a=ax,1").what, HasSubstr("twice"));
  EXPECT_THAT(what("a=").what, HasSubstr("the stream 'a' has no channels"));
  EXPECT_THAT(what("a b=ax").what, HasSubstr("'a b' is no name of a stream"));
  EXPECT_THAT(what("a=ax; A=ay").what, HasSubstr("two streams are called 'A'"));
  EXPECT_THAT(what("ax,ay").what, HasSubstr("has no name"));
  EXPECT_THAT(what("a=0").what, HasSubstr("no channel 0"));
  EXPECT_THAT(what("a=2-1").what, HasSubstr("backwards"));
  EXPECT_THAT(what("a=1-99999").what, HasSubstr("no channel 99999"));
  EXPECT_THAT(what(" ; ").what, HasSubstr("names no stream"));
  EXPECT_THAT(what("a=z*").what, HasSubstr("has no channel 'z*'"));
}

TEST(Streams, texts_have_no_channels) {
  ReadSpec spec;
  spec.streams = "a=1";
  const auto found =
      refused([&] { read_bytes("text,label\na b,x\nc d,y\n", "t.csv", spec, base::Log()); });
  EXPECT_THAT(found.what, HasSubstr("divides the channels of series, and these are texts"));
}

TEST(Streams, a_later_file_is_divided_by_the_names_of_training) {
  const Dataset training = divided_by("acc=ax,ay; gyro=wx");
  const Expected expected = expected_like(training);
  const std::string other = "wx,id,label,new,ay,ax\n3,s1,a,0,2,1\n6,s1,a,0,5,4\n";
  const Dataset now = read_bytes(other, "o.csv", long_spec(""), base::Log(), &expected);
  ASSERT_EQ(now.streams.size(), 2U);
  EXPECT_THAT(values_of(now, 0, 0), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(values_of(now, 0, 1), ElementsAre(3, 6));
  const std::string lacking = "id,label,ax,ay\ns1,a,1,2\n";
  const auto found =
      refused([&] { read_bytes(lacking, "o.csv", long_spec(""), base::Log(), &expected); });
  EXPECT_THAT(found.what, HasSubstr("wx"));
}

TEST(Streams, without_names_the_numbers_of_the_channels_divide) {
  const Dataset training = divided_by("acc=ay,ax; gyro=wx");
  Dataset now;
  now.path = "memory";
  now.streams = {{"series", StreamKind::kSeries, 3, {}}};
  now.offset = {10, 20, 30};
  now.samples.emplace_back().streams.emplace_back(Series{1, 3, {1, 2, 3}});
  Dataset few = now;
  divide_like(training.streams, now);
  EXPECT_THAT(values_of(now, 0, 0), ElementsAre(2, 1));
  EXPECT_THAT(now.offset, ElementsAre(20, 10, 30));
  few.streams[0].channels = 2;
  EXPECT_THAT(refused([&] { divide_like(training.streams, few); }).what,
              HasSubstr("channel 3 was read in training, and these series have 2"));
}

TEST(Streams, what_is_subtracted_follows_its_channel) {
  std::string text = "id,label,big,small\n", swapped = "id,label,more,small,big\n";
  for (int i = 0; i < 6; ++i) {
    const std::string big = "1000000" + std::to_string(i % 3) + ".25", at = std::to_string(i / 2);
    text += "s" + at + ",a," + big + ",1\n";
    swapped += "s" + at + ",a,5,1," + big + "\n";
  }
  const Dataset training = read_bytes(text, "l.csv", long_spec("a=small; b=big"), base::Log());
  ASSERT_EQ(training.offset.size(), 2U);
  EXPECT_EQ(training.offset[0], 0);
  EXPECT_GT(training.offset[1], 1e6);
  const Expected expected = expected_like(training);
  const Dataset now = read_bytes(swapped, "m.csv", long_spec(""), base::Log(), &expected);
  EXPECT_EQ(now.offset, training.offset);
  EXPECT_EQ(values_of(now, 0, 1), values_of(training, 0, 1));
}

TEST(Streams, series_and_texts_stand_in_one_sample) {
  const std::string text =
      R"({"label": "a", "streams": {"ankle": [[1, 2], [3, 4]], "note": "a b"}})"
      "\n"
      R"({"label": "b", "streams": {"note": "c", "ankle": [[5, 6]]}})"
      "\n";
  const Dataset data = read_bytes(text, "m.jsonl", {}, base::Log());
  ASSERT_EQ(data.streams.size(), 2U);
  EXPECT_TRUE(is_mixed(data.streams));
  EXPECT_EQ(data.streams[0].channels, 2);
  EXPECT_THAT(values_of(data, 1, 0), ElementsAre(5, 6));
  EXPECT_EQ(std::get<std::string>(data.samples[1].streams[1]), "c");
}

TEST(Streams, a_row_that_lacks_a_stream_is_named_with_its_line) {
  const std::string text =
      R"({"label": "a", "streams": {"ankle": [1, 2], "note": "a b"}})"
      "\n"
      R"({"label": "b", "streams": {"ankle": [1, 2]}})"
      "\n"
      R"({"label": "b", "streams": {"ankle": [1, 2], "note": 3}})"
      "\n"
      R"({"label": "b", "streams": {"ankle": [1, 2], "note": "x", "more": "y"}})"
      "\n"
      R"({"label": "b"})"
      "\n";
  const auto found = refused([&] { read_bytes(text, "m.jsonl", {}, base::Log()); });
  EXPECT_THAT(found.what, HasSubstr("m.jsonl:2: no stream 'note' in 'streams'"));
  EXPECT_THAT(found.what, HasSubstr("m.jsonl:3: 'note' must be a string"));
  EXPECT_THAT(found.what, HasSubstr("m.jsonl:4: a stream 'more' that the first row does not have"));
  EXPECT_THAT(found.what, HasSubstr("m.jsonl:5: no key 'streams'"));
}

TEST(Streams, several_columns_of_text_are_a_stream_each) {
  ReadSpec spec;
  spec.text_column = "title, body";
  const std::string csv = "id,title,body,label\n1,up,it rises,a\n2,down,it falls,b\n";
  const std::string lines = R"({"title": "up", "body": "it rises", "label": "a"})"
                            "\n"
                            R"({"title": "down", "body": "it falls", "label": "b"})"
                            "\n";
  for (const auto& [text, name] : {std::pair(csv, "t.csv"), std::pair(lines, "t.jsonl")}) {
    const Dataset data = read_bytes(text, name, spec, base::Log());
    ASSERT_EQ(data.streams.size(), 2U) << name;
    EXPECT_EQ(data.streams[1].name, "body");
    EXPECT_EQ(std::get<std::string>(data.samples[1].streams[1]), "it falls");
    EXPECT_THAT(data.not_read, IsEmpty());
    const Expected expected = expected_like(data);
    const Dataset again = read_bytes(text, name, {}, base::Log(), &expected);
    EXPECT_EQ(std::get<std::string>(again.samples[0].streams[1]), "it rises");
  }
}

}  // namespace
}  // namespace refrain::data

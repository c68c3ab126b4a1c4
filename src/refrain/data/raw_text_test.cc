#include "refrain/data/raw_text.h"

#include <gmock/gmock.h>

namespace refrain::data {
namespace {

using testing::ElementsAre;

TEST(RawText, words_keep_their_spelling_and_places) {
  const RawText raw = cut_raw("  Don't  pay $5 in Zürich!\n");
  EXPECT_THAT(words_of(raw), ElementsAre("Don't", "pay", "$", "5", "in", "Zürich", "!"));
  EXPECT_THAT(raw.begin, ElementsAre(2, 9, 13, 14, 16, 19, 25));
  EXPECT_THAT(raw.end, ElementsAre(7, 12, 14, 15, 18, 25, 26));
  EXPECT_EQ(joined_words(raw), "Don't pay $ 5 in Zürich !");
}

TEST(RawText, offsets_count_characters_not_bytes) {
  const RawText raw = cut_raw("在北京 🙂 ok");
  EXPECT_THAT(words_of(raw), ElementsAre("在", "北", "京", "🙂", "ok"));
  EXPECT_THAT(raw.begin, ElementsAre(0, 1, 2, 4, 6));
  EXPECT_THAT(cut_raw("北🙂ok", OffsetUnit::kBytes).begin, ElementsAre(0, 3, 7));
  EXPECT_THAT(cut_raw("北🙂ok", OffsetUnit::kUtf16).begin, ElementsAre(0, 1, 3));
}

TEST(RawText, marks_stay_in_their_words_and_long_words_stay_whole) {
  const std::string accent = "e\xcc\x81t";  // a combining accent
  EXPECT_THAT(words_of(cut_raw("a " + accent)), ElementsAre("a", accent));
  const std::string longest(5000, 'x');
  EXPECT_EQ(joined_words(cut_raw(longest)), longest);
  EXPECT_TRUE(words_of(cut_raw(" \t ")).empty());
  EXPECT_EQ(cut_raw("\x80\xff").begin.size(), 2U);  // no UTF-8: nothing worse
}

Dataset texts(const std::vector<std::string>& list) {
  Dataset d;
  d.streams = {{"text", StreamKind::kText, 0, {}}};
  for (const auto& text : list) d.samples.emplace_back().streams.emplace_back(text);
  return d;
}

TEST(RawText, texts_are_cut_once_and_words_of_a_file_stay) {
  Dataset d = texts({"Hi, you", "U.S. don't,", "", "A-1 x"});
  d.samples[1].in_words = true;
  d.samples[3].tags = {"O", "O"};
  cut_words(d);
  const auto text = [&](std::size_t i) { return std::get<std::string>(d.samples[i].streams[0]); };
  EXPECT_EQ(text(0), "Hi , you");
  EXPECT_EQ(text(1), "U.S. don't,");
  EXPECT_EQ(text(2), "");
  EXPECT_EQ(text(3), "A-1 x");
  ASSERT_NE(d.samples[0].raw, nullptr);
  EXPECT_EQ(d.samples[0].raw->text, "Hi, you");
  EXPECT_TRUE(d.samples[2].raw->begin.empty());
  EXPECT_EQ(d.samples[1].raw, nullptr);
  cut_words(d);
  EXPECT_EQ(d.samples[0].raw->text, "Hi, you");
}

TEST(RawText, belongs_to_a_sample_until_its_words_are_changed) {
  Dataset d = texts({"Hi, you"});
  cut_words(d);
  EXPECT_EQ(raw_of(d.samples[0]), d.samples[0].raw.get());
  d.samples[0].streams[0] = "Hi , they";
  EXPECT_EQ(raw_of(d.samples[0]), nullptr);
  EXPECT_EQ(raw_of(texts({"a"}).samples[0]), nullptr);
}

}  // namespace
}  // namespace refrain::data

#include "refrain/data/pieces.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::data {
namespace {

TEST(Pieces, give_the_samples_and_lines_of_the_whole_file) {
  const base::TestFolder folder;
  std::string text = "text,label\n";
  for (int i = 0; i < 3000; ++i) {
    text += i % 7 == 0 ? "\"two\nlines, number " + std::to_string(i) + "\",a\n"
                       : "number " + std::to_string(i) + ",b\n";
  }
  const std::string path = folder.write("a.csv", text);
  const Dataset whole = read(path, {}, {});
  Dataset joined;
  int pieces = 0;
  read_in_pieces(
      path, {}, {},
      [&](Dataset piece) {
        ++pieces;
        for (auto& s : piece.samples) joined.samples.push_back(std::move(s));
      },
      2000);
  EXPECT_GT(pieces, 10);
  ASSERT_EQ(joined.samples.size(), whole.samples.size());
  for (std::size_t i = 0; i < whole.samples.size(); ++i) {
    EXPECT_EQ(*text_of(joined.samples[i]), *text_of(whole.samples[i]));
    EXPECT_EQ(joined.samples[i].line, whole.samples[i].line);
    EXPECT_EQ(joined.samples[i].label, whole.samples[i].label);
  }
}

TEST(Pieces, name_a_bad_row_by_its_line_in_the_file) {
  const base::TestFolder folder;
  std::string text = "1,2,3,label\n";
  for (int i = 0; i < 500; ++i) text += i == 400 ? "1,zwei,3,a\n" : "1,2,3,a\n";
  const std::string path = folder.write("a.csv", text);
  ReadSpec spec;
  spec.format = "wide-csv";
  try {
    read_in_pieces(
        path, spec, {}, [](const Dataset&) {}, 500);
    FAIL() << "it was read";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("a.csv:402:2"));
  }
}

}  // namespace
}  // namespace refrain::data

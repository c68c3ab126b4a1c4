#include "refrain/data/word_vectors.h"

#include <gmock/gmock.h>

#include <cstring>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;

class WordVectorFile : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& bytes) const {
    return folder_.write(name, bytes);
  }
  std::string path(const std::string& name) const { return folder_.path(name); }
  static WordVectors read(const std::string& path) {
    return read_word_vectors(path, [](const std::string& w) { return w == "cat" || w == "dog"; });
  }
  static std::string refusal(const std::string& path) {
    try {
      read(path);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

 private:
  base::TestFolder folder_;
};

TEST_F(WordVectorFile, text_is_read_with_and_without_counts_and_only_wanted_rows_are_kept) {
  for (const std::string head : {"", "3 2\n"}) {
    const auto v = read(file("v.vec", head + "the 9 9\ncat 1 -2.5\r\nDog 3e-1 4\n"));
    EXPECT_EQ(v.size, 2);
    EXPECT_EQ(v.in_file, 3);
    EXPECT_EQ(v.of.size(), 2U);
    EXPECT_THAT(v.of.at("cat"), ElementsAre(1, -2.5F));
    EXPECT_THAT(v.of.at("dog"), ElementsAre(0.3F, 4)) << "stands for its lower case";
  }
}

TEST_F(WordVectorFile, a_word_as_it_is_wanted_wins_over_another_case_and_the_first_of_two_counts) {
  const auto v = read(file("v.txt", "DOG 1 1\ndog 2 2\nDog 3 3\ndog 4 4\n"));
  EXPECT_THAT(v.of.at("dog"), ElementsAre(2, 2));
}

std::string bytes_of(std::vector<float> row) {
  std::string out(row.size() * sizeof(float), '\0');
  std::memcpy(out.data(), row.data(), out.size());
  return out;
}

TEST_F(WordVectorFile, the_binary_form_of_word2vec_is_read_with_and_without_line_ends) {
  for (const std::string end : {"", "\n"}) {
    const auto v = read(file(
        "v.bin", "2 3\ncat " + bytes_of({1, 2, -3.5F}) + end + "dog " + bytes_of({4, 5, 6}) + end));
    EXPECT_THAT(v.of.at("cat"), ElementsAre(1, 2, -3.5F));
    EXPECT_THAT(v.of.at("dog"), ElementsAre(4, 5, 6));
  }
  EXPECT_THAT(refusal(file("v.bin", "2 3\ncat " + bytes_of({1, 2, -3.5F}) + "dog 12")),
              testing::HasSubstr("ends in vector 2 of 2"));
}

std::string npy(const std::string& shape) {
  std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  head.resize(118, ' ');
  head.back() = '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(head.size()) + '\0' + head;
}

TEST_F(WordVectorFile, a_matrix_has_its_words_beside_it) {
  file("v.txt", "cat\ndog\n");
  const auto v = read(file("v.npy", npy("(2, 2)") + bytes_of({1, 2, 3, 4})));
  EXPECT_THAT(v.of.at("dog"), ElementsAre(3, 4));
  file("v.txt", "cat\ndog\nbird\n");
  EXPECT_THAT(refusal(path("v.npy")), testing::HasSubstr("more words"));
  file("v.txt", "cat\n");
  EXPECT_THAT(refusal(path("v.npy")), testing::HasSubstr("has 1 words"));
}

TEST_F(WordVectorFile, damaged_files_are_named_with_their_line) {
  EXPECT_THAT(refusal(file("v.vec", "cat 1 2\ndog 1 2 3\n")),
              testing::HasSubstr("line 2 has 3 numbers, the lines before it have 2"));
  EXPECT_THAT(refusal(file("v.vec", "cat 1 x\n")), testing::HasSubstr("line 1: 'x' is no number"));
  EXPECT_THAT(refusal(file("v.vec", "cat 1 nan\n")), testing::HasSubstr("no number"));
  EXPECT_THAT(refusal(file("v.vec", "")), testing::HasSubstr("empty"));
  EXPECT_THAT(refusal(file("v.vec", "hello\n")), testing::HasSubstr("line 1"));
  EXPECT_THAT(refusal(path("none.vec")), testing::HasSubstr("none.vec"));
  EXPECT_THAT(refusal(file("v.npy", "hello")), testing::HasSubstr(".npy"));
}

TEST_F(WordVectorFile, the_beginning_tells_vectors_from_other_tables) {
  const auto outline = [&](const std::string& bytes) {
    return outline_of_vectors(file("v.txt", bytes));
  };
  ASSERT_TRUE(outline("the 1 2 3\ncat -1 0.5 1e-3\n"));
  EXPECT_EQ(outline("the 1 2 3\ncat -1 0.5 1e-3\n")->size, 3);
  EXPECT_EQ(outline("the 1 2 3\ncat -1 0.5 1e-3\n")->count, 0);
  EXPECT_EQ(outline("2 2\nthe 1 2\ncat 3 4")->count, 2);
  for (const char* other :
       {"", "the 1 2 3\n", "the 1 2\ncat 1 2\n", "the 1 2 3\nthe 1 2 3\n", "1 2 3 4\n5 6 7 8\n",
        "the 1 2 3\ncat 1 2\n", "a,1,2,3\nb,1,2,3\n", "2 2\nthe 1 2\ncat 3\n", "3 4\n5 6 7\n",
        "__label__a 1 2 3\n__label__b 1 2 3\n", "good film\nbad film\n"}) {
    EXPECT_FALSE(outline(other)) << other;
  }
}

TEST_F(WordVectorFile, binary_forms_and_matrices_are_told_and_cut_ones_refused) {
  const std::string binary = "2 3\nthe " + bytes_of({1, 2, 3}) + "cat " + bytes_of({4, 5, 6});
  EXPECT_EQ(outline_of_vectors(file("v.bin", binary))->size, 3);
  EXPECT_THROW(outline_of_vectors(file("v.bin", binary.substr(0, binary.size() - 9))), Error);
  std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
  const std::string npy = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(head.size()) +
                          '\0' + head + bytes_of({1, 2, 3, 4});
  const std::string path = file("v.npy", npy);
  EXPECT_FALSE(outline_of_vectors(path)) << "there are no words beside it";
  file("v.txt", "the\ncat\n");
  EXPECT_EQ(outline_of_vectors(path)->count, 2);
  file("v.npy", npy.substr(0, 30 + head.size() / 2));
  EXPECT_FALSE(outline_of_vectors(path));
  file("v.npy", npy.substr(0, 12));
  EXPECT_FALSE(outline_of_vectors(path));
}

}  // namespace
}  // namespace refrain::data

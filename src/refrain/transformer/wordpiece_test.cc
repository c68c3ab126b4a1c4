// The golden numbers are in golden_test.cc; here is what they do not reach.
#include "refrain/transformer/wordpiece.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::transformer {
namespace {

using Ids = std::vector<int>;
const std::vector<std::string> kWords = {"[UNK]", "[CLS]", "[SEP]", "a",  "b",
                                         "##b",   "ab",    "abc",   "好", "E"};

TEST(WordPiece, the_longest_piece_is_taken_first) {
  const WordPiece pieces(kWords, {}, "");
  EXPECT_EQ(pieces.tokens("ab abb abc abcb", 20).ids, (Ids{1, 6, 6, 5, 7, 7, 5, 2}));
}

TEST(WordPiece, a_word_with_an_unknown_end_is_unknown_as_a_whole) {
  const WordPiece pieces(kWords, {}, "");
  EXPECT_EQ(pieces.tokens("abx a", 20).ids, (Ids{1, 0, 3, 2}));
}

TEST(WordPiece, a_cut_text_keeps_its_end_mark_and_says_so) {
  const WordPiece pieces(kWords, {}, "");
  const auto cut = pieces.tokens("a b a b", 4);
  EXPECT_EQ(cut.ids, (Ids{1, 3, 4, 2}));
  EXPECT_TRUE(cut.cut);
  EXPECT_FALSE(pieces.tokens("a b", 4).cut);
  EXPECT_EQ(pieces.tokens("a b", 2).ids, (Ids{1, 2}));
}

TEST(WordPiece, rules_can_be_switched_off) {
  WordPieceRules rules;
  rules.lowercase = rules.strip_accents = rules.chinese_apart = false;
  const WordPiece pieces(kWords, rules, "");
  EXPECT_EQ(pieces.tokens("A E \u00c9 a好", 20).ids, (Ids{1, 0, 9, 0, 0, 2}));
  const WordPiece usual(kWords, {}, "");
  EXPECT_EQ(usual.tokens("A a好", 20).ids, (Ids{1, 3, 3, 8, 2}));
}

TEST(WordPiece, bytes_that_are_no_text_are_left_out) {
  const WordPiece pieces(kWords, {}, "");
  EXPECT_EQ(pieces.tokens("a\xff\xc0 b\xe5", 20).ids, (Ids{1, 3, 4, 2}));
}

TEST(WordPiece, a_long_text_of_special_tokens_takes_no_time) {
  const WordPiece pieces(kWords, {}, "");
  std::string text;
  for (int i = 0; i < 300000; ++i) text += "[SEP]";
  EXPECT_EQ(pieces.tokens(text, 50).ids.size(), 50);
}

std::string folder_error(const base::TestFolder& folder) {
  try {
    WordPiece::from_folder(folder.path());
  } catch (const Error& e) {
    EXPECT_FALSE(e.hint().empty());
    const std::string what = e.what();
    return what.substr(what.find(folder.path()) + folder.path().size());
  }
  return "no error";
}

TEST(WordPiece, vocab_txt_is_read_with_either_line_end) {
  const base::TestFolder folder;
  folder.write("vocab.txt", "[UNK]\r\n[CLS]\r\n[SEP]\r\na");
  EXPECT_EQ(WordPiece::from_folder(folder.path()).tokens("a", 9).ids, (Ids{1, 3, 2}));
  folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(WordPiece::from_folder(folder.path()).tokens("A", 9).ids, (Ids{1, 0, 2}));
}

TEST(WordPiece, a_folder_without_a_vocabulary_is_an_error) {
  const base::TestFolder folder;
  EXPECT_EQ(folder_error(folder), ": there is neither vocab.txt nor tokenizer.json");
}

TEST(WordPiece, a_vocabulary_without_its_marks_is_an_error) {
  const base::TestFolder folder;
  folder.write("vocab.txt", "[UNK]\n[CLS]\na\n");
  EXPECT_EQ(folder_error(folder), "/vocab.txt: the vocabulary has no [SEP]");
}

TEST(WordPiece, other_tokenizers_are_refused) {
  const base::TestFolder folder;
  folder.write("tokenizer.json", R"({"model": {"type": "BPE"}})");
  EXPECT_EQ(folder_error(folder), "/tokenizer.json: a tokenizer of the kind \"BPE\"");
  folder.write("tokenizer.json", R"({"model": {"type": "WordPiece", "unk_token": "<unk>"}})");
  EXPECT_EQ(folder_error(folder),
            "/tokenizer.json: pieces are not marked by ##, or unknown words not by [UNK]");
  folder.write("tokenizer.json", R"({"model": {"type": "WordPiece"}, "normalizer": null})");
  EXPECT_EQ(folder_error(folder), "/tokenizer.json: the normalizer is not BERT's");
}

TEST(WordPiece, a_damaged_tokenizer_file_is_an_error) {
  const base::TestFolder folder;
  const std::string start =
      R"({"normalizer": {"type": "BertNormalizer"}, "model": {"type": "WordPiece", "vocab": )";
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"{", "not a JSON object, or cut off"},
           {start + "3}}", "there is no vocabulary"},
           {start + R"({"a": -1}}})", "'a' has no proper number"},
           {start + R"({"a": "x"}}})", "'a' has no proper number"},
           {start + R"({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}}, "added_tokens": [{"id": 3}]})",
            "one of added_tokens has no text or no number"}}) {
    folder.write("tokenizer.json", text);
    EXPECT_EQ(folder_error(folder), "/tokenizer.json: " + error);
  }
}

}  // namespace
}  // namespace refrain::transformer

// Texts into the token numbers that an encoder of the BERT family was trained on (Devlin et al.
// 2019): the text is cleaned of control characters, every Chinese character stands alone, accents
// and case are dropped where the model wants it, words end at blanks and punctuation, and each word
// is cut greedily into the longest pieces of the vocabulary. Gives the numbers that the fast
// tokenizers of Hugging Face give.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "refrain/base/digest.h"
#include "refrain/base/json.h"

namespace refrain::transformer {

struct WordPieceRules {
  bool clean = true;          // control characters vanish
  bool chinese_apart = true;  // every Chinese character is a word
  bool lowercase = true;
  bool strip_accents = true;
  int longest_word = 100;  // characters; longer words are unknown
};

class WordPiece {
 public:
  // From tokenizer.json, or else from vocab.txt with tokenizer_config.json where it is there.
  // Throws io where neither vocabulary is there, data where a file is damaged or lacks [UNK], [CLS]
  // or [SEP], unsupported where tokenizer.json describes another kind of tokenizer.
  static WordPiece from_folder(const std::string& folder);

  // The vocabulary in the order of its numbers. `path` is for messages.
  WordPiece(std::vector<std::string> words, const WordPieceRules& rules, const std::string& path);

  struct Tokens {
    std::vector<int> ids;  // [CLS] ... [SEP]
    bool cut = false;      // the text had more tokens
  };
  // At most `longest` tokens (>= 2), [CLS] and [SEP] among them. Thread-safe; never throws for any
  // content.
  Tokens tokens(std::string_view text, int longest) const;

  int size() const { return size_; }  // numbers are below it
  const WordPieceRules& rules() const { return rules_; }
  void add_to(base::Digest& digest) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  using Vocabulary = std::unordered_map<std::string, int, Hash, std::equal_to<>>;

  WordPiece(Vocabulary vocabulary, const WordPieceRules& rules, const std::string& path);
  static WordPiece from_json(const base::Json& json, const std::string& path);
  static WordPiece from_lines(const std::string& folder, const std::string& path);
  int id(const char* word, const std::string& path) const;
  void add_special(std::string word, int id);
  void split_plain(std::string_view text, std::vector<int>& ids) const;
  void split_word(std::u32string_view word, std::vector<int>& ids) const;

  WordPieceRules rules_;
  Vocabulary vocabulary_;
  int size_ = 0, unknown_ = 0, begin_ = 0, end_ = 0;
  std::vector<std::pair<std::string, int>> special_;  // found in the text as they stand
};

}  // namespace refrain::transformer

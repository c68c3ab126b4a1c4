// Meanings of words, for methods that count words (Scott and Matwin 1998): the groups of synonyms
// that a word belongs to and, in WordNet, the more general and related groups above them ("terrier"
// is a dog, a carnivore, an animal; "painful" is related to pain). A word that no training text has
// is then useful if a training text has a word of the same group. Read with lexicon.h; a copy of
// the entries that can matter for the training texts goes into the model file, so that predicting
// needs no lexicon.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::augment {

class Meanings {
 public:
  static constexpr int kSenses = 3;   // of a word as one part of speech, the commonest
  static constexpr int kUp = 4;       // levels of more general groups
  static constexpr int kParents = 2;  // groups that a level has at most

  // Plain lists, as a file holds them.
  struct Table {
    int english = 0;                 // 1: words are looked up without their English endings too
    int longest = 1;                 // characters of a word in Chinese text
    std::vector<std::string> words;  // sorted, in lower case
    std::vector<int> begin = {0};    // [words + 1] where a word's groups begin in `groups`
    std::vector<int> groups;         // numbers of groups, the commonest sense first
    std::vector<int> parts;          // [number of groups] part of speech, as in Thesaurus
    std::vector<int> above;          // [number of groups, kParents] -1 = none
  };

  Meanings() = default;
  explicit Meanings(Table table) : table_(std::move(table)) {}

  // True if lists from a file fit together.
  static bool fits(const Table& table);

  bool empty() const { return table_.words.empty(); }
  const Table& table() const { return table_; }

  // The groups that the tokens of a text belong to, with repeats; tokens in lower case. A stop word
  // belongs to none. Chinese characters are put together to the longest word that is known.
  std::vector<int> of(const std::vector<std::string>& tokens) const;

  // Returns the words and groups from which one of the named groups can be reached, with new
  // numbers.
  Meanings within(const std::vector<int>& groups) const;

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int find(std::string_view word) const;  // -1 = unknown
  bool add_part(int word, int part, std::vector<int>& out) const;
  void add_english(const std::string& word, std::vector<int>& out) const;
  std::size_t add_longest(const std::vector<std::string>& tokens, std::size_t at_token,
                          std::vector<int>& out) const;
  // The group and what is above it.
  void climb(int group, std::vector<int>& out) const;

  Table table_;
};

// "wordnet", a file or a folder, as lexicon() takes them; read once. The same errors.
const Meanings& meanings(const std::string& name);

// Reads WordNet's database files from a folder. Throws data for files that are no such database.
Meanings read_wordnet_meanings(const std::string& folder);

}  // namespace refrain::augment

// Synonyms: groups of words that mean the same, the commonest sense of a word first. Three sources:
//  - WordNet's database files (Fellbaum 1998; format: its manual page wndb(5)), a folder or
//    "wordnet" for Debian's wordnet-base; English endings are taken off and put on again;
//  - a wordnet in tabs, as the Open Multilingual Wordnet's: synset TAB lang:lemma TAB word;
//  - a table of one's own: word TAB synonym[,synonym ...] [TAB synonym ...], for any language.
// Each is read once, when first asked for, and kept until the program ends. Safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "refrain/augment/text/english.h"
#include "refrain/base/rng.h"

namespace refrain::augment {

// Words as numbers, and groups of synonyms as lists of them. The readers of the formats fill it.
class Thesaurus {
 public:
  enum : std::uint8_t { kAnyPart = 0, kNoun = 1, kVerb = 2, kAdjective = 4, kAdverb = 8 };

  static constexpr int kAlone = -1;  // stands for a sense that no other word has

  int word(std::string_view text);        // its number; new words are added
  int find(std::string_view text) const;  // -1 = unknown
  int add_group(std::uint8_t part);       // parts of speech as above
  void add_member(int group, int word) { members_[at(group)].push_back(word); }
  void add_sense(int word, int group);  // behind the word's commoner ones
  // The word has endings of its own as a noun or verb: regular ones are not put on it.
  void forbid(int word, std::uint8_t part) { irregular_[at(word)] |= part; }

  int words() const { return static_cast<int>(texts_.size()); }
  const std::string& text(int word) const { return texts_[at(word)]; }
  const std::vector<int>& senses(int word) const { return senses_[at(word)]; }
  const std::vector<int>& members(int group) const { return members_[at(group)]; }
  std::uint8_t part(int group) const { return parts_[at(group)]; }
  bool irregular(int word, std::uint8_t part) const { return (irregular_[at(word)] & part) != 0; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  std::unordered_map<std::string, int, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> texts_;
  std::vector<std::uint8_t> irregular_;
  std::vector<std::vector<int>> senses_;
  std::vector<std::vector<int>> members_;
  std::vector<std::uint8_t> parts_;
};

class Lexicon {
 public:
  // `english`: endings are regular ones; `single`: one Chinese character can be a word.
  Lexicon(Thesaurus thesaurus, bool english, bool single);

  // True if it has synonyms of the word, which is in lower case.
  bool knows(std::string_view word) const;
  // A synonym of the word drawn at random from its first `senses` senses (0 = all), in the word's
  // case and with its English ending; empty where there is none.
  std::string draw(std::string_view word, int senses, base::Rng& rng) const;
  // Characters of the longest word it can find in Chinese text.
  int longest() const { return longest_; }
  bool is_english() const { return english_; }

 private:
  using Synonyms = std::shared_ptr<const std::vector<std::string>>;

  void add_candidates(const BaseForm& form, int group, std::vector<std::string>& found) const;
  std::vector<std::string> candidates(const BaseForm& form, int senses) const;
  std::vector<std::string> find_synonyms(const std::string& low, int senses) const;
  // Returns the synonyms of a word and caches them.
  Synonyms synonyms(const std::string& low, int senses) const;

  Thesaurus thesaurus_;
  bool english_;
  bool single_;
  int longest_ = 1;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Synonyms> kept_;  // by number of senses and word
};

// "wordnet", a file or a folder. Throws usage where WordNet is not installed, io for a path that
// cannot be read, data for a file of another form.
const Lexicon& lexicon(const std::string& name);

// WordNet is there to be read.
bool has_wordnet();
// The folder of "wordnet", or the name where it is a folder; empty for a file. Throws usage where
// WordNet is not installed.
std::string wordnet_folder(const std::string& name);

// The part of speech that a wordnet's letter stands for.
std::uint8_t part_of(char letter);

// Reads WordNet's database files from a folder. Throws data for files that are no such database.
Thesaurus read_wordnet(const std::string& folder);
// Reads either kind of table. Throws data, naming the first bad line.
Thesaurus read_synonyms(const std::string& path);

}  // namespace refrain::augment

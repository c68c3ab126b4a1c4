// Hand-made features of the words of a text, for taggers: the word, in lower case with digits as 0,
// its first and last 1 to 4 characters, its shape, the same of its neighbours, pairs of neighbours,
// the ends of the text. Where most words are single characters (Chinese), pairs reach further. A
// feature is a template and one or two attributes of words; rare ones are left out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/method/crf.h"
#include "refrain/method/tagged.h"

namespace refrain::method {

class WordFeatures {
 public:
  // Finds the features of the texts that occur at least `least` times, and gives them.
  FeatureSteps fit(const std::vector<Words>& texts, int least, int threads);
  FeatureSteps of(const std::vector<Words>& texts, int threads) const;
  int features() const { return static_cast<int>(keys_.size()); }
  // Forgets the other features, and the attributes that only they have.
  void keep(const std::vector<char>& kept);
  void archive(Archive& file);

 private:
  static constexpr int kAffix = 4;  // characters
  enum Field { kWord, kLower, kShape, kOutline, kPrefix, kSuffix = kPrefix + kAffix };
  static constexpr int kFields = kSuffix + kAffix;
  using Parts = std::array<int, kFields>;  // numbers of a word's attributes; -1: unknown
  struct Template;
  struct Table;

  static const std::vector<Template>& templates();
  template <class Number>
  static Parts parts_of(const std::string& word, Number&& number);
  template <class Number>
  static Table table_of(const std::vector<Words>& texts, Number&& number);
  static std::uint64_t forms();
  static void add_around(const Table& table, std::size_t text, int t,
                         std::vector<std::uint64_t>& keys);
  std::vector<std::uint64_t> keys_of(const Table& table, std::size_t text) const;
  void number_keys();
  Words names() const;
  void name(const Words& names);

  bool characters_ = false;                          // most words are single characters
  std::unordered_map<std::string, int> attributes_;  // their numbers, from 1; 0 stands for none
  std::vector<std::uint64_t> keys_;                  // of the features, in their order
  std::unordered_map<std::uint64_t, int> feature_;
};

}  // namespace refrain::method

// Units are what a language model reads and predicts: characters, words or subwords, each with a
// number. A text becomes a row of numbers in which each line ends with a mark; the same mark
// stands, unseen, before a text begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/vocabulary.h"
#include "refrain/language/spec.h"
#include "refrain/language/subwords.h"

namespace refrain::language {

enum class UnitKind { kCharacter, kWord, kSubword };

// How long a text is in other measures, for figures that do not depend on the units.
struct TextSize {
  double characters = 0;  // code points, line ends among them
  double words = 0;       // runs between white space, and one a line
};
TextSize measure_text(std::string_view text);

class Units {
 public:
  // Fits the vocabulary. The spec's `auto` values are settled: see settled().
  static Units fit(std::string_view text, const UnitSpec& spec);

  std::vector<int> encode(std::string_view text) const;
  // The text of numbers as people read it.
  std::string decode(const std::vector<int>& numbers) const;

  UnitKind kind() const { return kind_; }
  int size() const;                   // of the vocabulary, the unknown unit among it
  int mark() const { return mark_; }  // ends a line
  int unknown() const { return 0; }
  const UnitSpec& settled() const { return spec_; }
  // For characters and words; subwords have their own model.
  const data::Vocabulary& vocabulary() const { return vocabulary_; }
  const char* name() const;  // "character", "word", "subword"

  // from_json throws data for anything that to_json cannot have made.
  base::Json to_json() const;
  static Units from_json(const base::Json& json);

 private:
  std::vector<std::string> split(std::string_view text) const;
  void find_mark();

  UnitKind kind_ = UnitKind::kWord;
  UnitSpec spec_;
  data::Vocabulary vocabulary_;
  Subwords subwords_;
  int mark_ = 0;
};

}  // namespace refrain::language

// The symbols that a text is read or written in: characters, tokens between blanks, or subwords,
// each with a number. 0 is the mark that begins and ends a text (and the blank of CTC), 1 stands
// for everything unknown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/data/vocabulary.h"
#include "refrain/language/subwords.h"

namespace refrain::transduce {

class Symbols {
 public:
  static constexpr int kMark = 0, kUnknown = 1;

  enum class Kind { kCharacters, kTokens, kSubwords };

  // `size`: of subwords. The same texts in the same order give the same symbols.
  static Symbols fit(const std::vector<std::string_view>& texts, Kind kind, int size);

  // No marks; white space at the ends is dropped, and runs of it are one blank.
  std::vector<int> encode(std::string_view text) const;
  // Marks and unknown symbols are left out.
  std::string decode(const std::vector<int>& symbols) const;
  // One symbol as it stands in a list, such as the heading of an alignment.
  std::string name(int symbol) const;

  Kind kind() const { return kind_; }
  const char* kind_name() const;
  int size() const;  // mark and unknown among them

  // from_json throws data for anything that to_json cannot have made.
  base::Json to_json() const;
  static Symbols from_json(const base::Json& json);

 private:
  Kind kind_ = Kind::kCharacters;
  data::Vocabulary vocabulary_;  // of characters and tokens; its <unk> is number 1
  language::Subwords subwords_;
};

// The kind that a choice of options names, or for "auto" one that suits the texts.
Symbols::Kind kind_of(const std::string& choice, const std::vector<std::string_view>& texts);

// Runs between white space.
std::vector<std::string_view> tokens_of(std::string_view text);

}  // namespace refrain::transduce

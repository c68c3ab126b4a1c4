// The words a model knows, each with a number: 0 is "<unk>", every word outside. The order is by
// count, then by bytes, so that the same texts in any order give the same numbers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "refrain/base/json.h"

namespace refrain::data {

class Vocabulary {
 public:
  Vocabulary() { assign({}); }

  // Takes the `max_size` most frequent words (besides <unk>) that occur at least `min_count` times.
  void fit(const std::vector<std::vector<std::string>>& texts, int min_count, int max_size);

  // Adds the words behind those of another vocabulary, which keep their numbers.
  void fit_behind(const Vocabulary& known, const std::vector<std::vector<std::string>>& texts,
                  int min_count, int max_size);

  // The word's number, 0 for an unknown word; allocates nothing.
  int id(std::string_view word) const;
  int size() const { return static_cast<int>(words_.size()); }  // with <unk>: at least 1
  const std::string& word(int id) const { return words_[static_cast<std::size_t>(id)]; }

  // An array of the words in order. from_json throws data where it is anything else (no <unk> in
  // front, an empty or repeated word).
  base::Json to_json() const;
  static Vocabulary from_json(const base::Json& json);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  // `words` without <unk>; returns false where one stands twice.
  bool assign(std::vector<std::string> words);

  std::vector<std::string> words_;
  std::unordered_map<std::string, int, Hash, std::equal_to<>> ids_;
};

}  // namespace refrain::data

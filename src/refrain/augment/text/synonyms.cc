// Tables of synonyms: one's own and those of the Open Multilingual Wordnet (Bond and Foster 2013).
#include <fmt/format.h>

#include <algorithm>

#include "refrain/augment/text/lexicon.h"
#include "refrain/augment/text/words.h"
#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::augment {
namespace {

// The pieces between separators, without blanks around them; empty ones are left out.
std::vector<std::string> pieces(std::string_view text, std::string_view separator) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i <= text.size();) {
    const auto end = std::min(text.find(separator, i), text.size());
    auto piece = text.substr(i, end - i);
    while (!piece.empty() && piece.front() == ' ') piece.remove_prefix(1);
    while (!piece.empty() && (piece.back() == ' ' || piece.back() == '\r')) piece.remove_suffix(1);
    if (!piece.empty()) out.emplace_back(piece);
    i = end + separator.size();
  }
  return out;
}

bool is_wordnet_line(const std::vector<std::string>& columns) {
  return columns.size() == 3 && columns[1].ends_with(":lemma");
}

// synset TAB lang:lemma TAB word; "+" marks where a Chinese word's parts meet.
void take_wordnet_line(const std::vector<std::string>& columns,
                       std::unordered_map<std::string, int>& groups, Thesaurus& thesaurus) {
  std::string text = lower(columns[2]);
  std::erase(text, '+');
  if (text.empty()) return;
  const auto [group, is_new] = groups.try_emplace(columns[0], 0);
  if (is_new) group->second = thesaurus.add_group(part_of(columns[0].back()));
  const int word = thesaurus.word(text);
  const auto& members = thesaurus.members(group->second);
  if (std::find(members.begin(), members.end(), word) != members.end()) return;
  thesaurus.add_member(group->second, word);
  thesaurus.add_sense(word, group->second);
}

// word TAB synonym[,synonym ...] [TAB synonym ...]; false where there is no synonym.
bool take_own_line(const std::vector<std::string>& columns, Thesaurus& thesaurus) {
  if (columns.size() < 2) return false;
  const int word = thesaurus.word(lower(columns[0]));
  const int group = thesaurus.add_group(Thesaurus::kAnyPart);
  for (std::size_t i = 1; i < columns.size(); ++i) {
    for (const auto& list : pieces(columns[i], ",")) {
      for (const auto& synonym : pieces(list, "，")) {
        thesaurus.add_member(group, thesaurus.word(synonym));
      }
    }
  }
  thesaurus.add_sense(word, group);
  return true;
}

}  // namespace

std::uint8_t part_of(char letter) {
  switch (letter) {
    case 'n':
      return Thesaurus::kNoun;
    case 'v':
      return Thesaurus::kVerb;
    case 'r':
      return Thesaurus::kAdverb;
    default:
      return Thesaurus::kAdjective;
  }
}

Thesaurus read_synonyms(const std::string& path) {
  const std::string bytes = base::read_file(path).bytes;
  if (base::first_invalid_utf8(bytes) != std::string::npos) {
    throw Error(Code::kData, path + ": not UTF-8", "convert it, for example with iconv");
  }
  Thesaurus thesaurus;
  std::unordered_map<std::string, int> groups;
  int number = 0;
  std::string_view rest = bytes;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    const auto columns = pieces(line, "\t");
    if (columns.empty() || columns[0].starts_with('#')) continue;
    if (is_wordnet_line(columns)) {
      take_wordnet_line(columns, groups, thesaurus);
    } else if (!take_own_line(columns, thesaurus)) {
      throw Error(Code::kData, fmt::format("{}:{}: no synonym", path, number),
                  "a line of synonyms is: word TAB synonym[,synonym ...]");
    }
  }
  if (thesaurus.words() == 0) {
    throw Error(Code::kData, path + ": no synonyms in it",
                "a line of synonyms is: word TAB synonym[,synonym ...]");
  }
  return thesaurus;
}

}  // namespace refrain::augment

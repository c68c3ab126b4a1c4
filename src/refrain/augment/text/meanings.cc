#include "refrain/augment/text/meanings.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "refrain/augment/text/english.h"
#include "refrain/augment/text/lexicon.h"
#include "refrain/augment/text/stop_words.h"
#include "refrain/augment/text/words.h"

namespace refrain::augment {
namespace {

constexpr int kLongestMeaning = 12;  // characters of a Chinese word

// Parts of speech that a word with this ending can have.
constexpr int kAll =
    Thesaurus::kNoun | Thesaurus::kVerb | Thesaurus::kAdjective | Thesaurus::kAdverb;
int parts_of(Ending ending) {
  switch (ending) {
    case Ending::kNone:
      return kAll;
    case Ending::kPlural:
      return Thesaurus::kNoun | Thesaurus::kVerb;
    case Ending::kIng:
    case Ending::kPast:
      return Thesaurus::kVerb;
  }
  return kAll;
}

struct Form {
  std::string base;
  int parts;
};

// "funnier", "finest": adjectives too.
void add_degrees(std::string_view word, std::vector<Form>& forms) {
  for (const std::string_view end : {"er", "est"}) {
    if (!word.ends_with(end) || word.size() < end.size() + 3) continue;
    std::string stem(word.substr(0, word.size() - end.size()));
    if (stem.ends_with('i')) {
      stem.back() = 'y';
      forms.push_back({stem, Thesaurus::kAdjective});
      continue;
    }
    forms.push_back({stem, Thesaurus::kAdjective});
    forms.push_back({stem + "e", Thesaurus::kAdjective});
    if (stem[stem.size() - 2] == stem.back()) {
      stem.pop_back();
      forms.push_back({stem, Thesaurus::kAdjective});
    }
  }
}

std::vector<Form> forms_of(std::string_view word) {
  std::vector<Form> forms;
  for (auto& form : base_forms(word))
    forms.push_back({std::move(form.base), parts_of(form.ending)});
  add_degrees(word, forms);
  return forms;
}

// A Chinese character or kana, which is a token of its own.
bool is_character(const std::string& token) {
  const auto first = static_cast<unsigned char>(token[0]);
  return token.size() == 3 && first >= 0xe3 && first <= 0xe9;
}

// The words of a table and their groups, none above another. `single`: whether one Chinese
// character can be a word.
Meanings from_thesaurus(const Thesaurus& thesaurus, bool single) {
  std::map<std::string, std::set<int>> groups;
  int last = -1;
  const auto add = [&](int word, int group) {
    if (group == Thesaurus::kAlone) return;
    const std::string text = lower(thesaurus.text(word));
    if (!single && count_points(text) == 1) return;
    groups[text].insert(group);
    last = std::max(last, group);
  };
  for (int word = 0; word < thesaurus.words(); ++word) {
    for (const int group : thesaurus.senses(word)) {
      add(word, group);
      if (group == Thesaurus::kAlone) continue;
      for (const int member : thesaurus.members(group)) add(member, group);
    }
  }
  Meanings::Table table;
  for (const auto& [word, list] : groups) {
    table.words.push_back(word);
    table.groups.insert(table.groups.end(), list.begin(), list.end());
    table.begin.push_back(static_cast<int>(table.groups.size()));
    const auto size = static_cast<int>(count_points(word));
    table.longest = std::max(table.longest, std::min(size, kLongestMeaning));
  }
  table.parts.assign(static_cast<std::size_t>(last + 1), Thesaurus::kAnyPart);
  table.above.assign(table.parts.size() * Meanings::kParents, -1);
  return Meanings(std::move(table));
}

std::unique_ptr<Meanings> load_meanings(const std::string& name) {
  const std::string folder = wordnet_folder(name);
  if (!folder.empty()) return std::make_unique<Meanings>(read_wordnet_meanings(folder));
  return std::make_unique<Meanings>(from_thesaurus(read_synonyms(name), !name.ends_with(".tab")));
}

bool all_within(const std::vector<int>& values, int low, std::size_t high) {
  return std::all_of(values.begin(), values.end(),
                     [&](int value) { return value >= low && value < static_cast<int>(high); });
}

}  // namespace

bool Meanings::fits(const Table& table) {
  return table.begin.size() == table.words.size() + 1 && table.begin.front() == 0 &&
         table.begin.back() == static_cast<int>(table.groups.size()) &&
         std::is_sorted(table.begin.begin(), table.begin.end()) &&
         std::is_sorted(table.words.begin(), table.words.end()) &&
         table.above.size() == table.parts.size() * kParents &&
         all_within(table.groups, 0, table.parts.size()) &&
         all_within(table.above, -1, table.parts.size());
}

int Meanings::find(std::string_view word) const {
  const auto found = std::lower_bound(table_.words.begin(), table_.words.end(), word);
  if (found == table_.words.end() || *found != word) return -1;
  return static_cast<int>(found - table_.words.begin());
}

void Meanings::climb(int group, std::vector<int>& out) const {
  std::vector<int> level = {group}, next;
  for (int up = 0; !level.empty(); ++up) {
    out.insert(out.end(), level.begin(), level.end());
    if (up == kUp) return;
    next.clear();
    for (const int from : level) {
      for (int k = 0; k < kParents; ++k) {
        const int to = table_.above[at(from * kParents + k)];
        if (to >= 0 && next.size() < kParents) next.push_back(to);
      }
    }
    level.swap(next);
  }
}

// Returns false if the word does not exist as this part of speech.
bool Meanings::add_part(int word, int part, std::vector<int>& out) const {
  int left = kSenses;
  for (int i = table_.begin[at(word)]; i < table_.begin[at(word + 1)] && left > 0; ++i) {
    const int group = table_.groups[at(i)];
    if (table_.parts[at(group)] != part) continue;
    climb(group, out);
    --left;
  }
  return left < kSenses;
}

void Meanings::add_english(const std::string& word, std::vector<int>& out) const {
  const auto forms = forms_of(word);
  for (const int part :
       {Thesaurus::kNoun, Thesaurus::kVerb, Thesaurus::kAdjective, Thesaurus::kAdverb}) {
    for (const auto& form : forms) {
      if ((form.parts & part) == 0) continue;
      const int known = find(form.base);
      if (known >= 0 && add_part(known, part, out)) break;
    }
  }
}

// How many tokens the longest word here has that is known; 1 where none is.
std::size_t Meanings::add_longest(const std::vector<std::string>& tokens, std::size_t at_token,
                                  std::vector<int>& out) const {
  std::size_t most = 1;
  const std::size_t limit = std::min(tokens.size() - at_token, at(table_.longest));
  while (is_character(tokens[at_token]) && most < limit && is_character(tokens[at_token + most])) {
    ++most;
  }
  for (std::size_t n = most; n > 0; --n) {
    std::string word;
    for (std::size_t k = at_token; k < at_token + n; ++k) word += tokens[k];
    const int known = find(word);
    if (known < 0) continue;
    for (int i = table_.begin[at(known)]; i < table_.begin[at(known + 1)]; ++i) {
      climb(table_.groups[at(i)], out);
    }
    return n;
  }
  return 1;
}

std::vector<int> Meanings::of(const std::vector<std::string>& tokens) const {
  std::vector<int> out;
  for (std::size_t i = 0; i < tokens.size();) {
    if (is_stop_word(tokens[i])) {
      ++i;
    } else if (table_.english != 0) {
      add_english(tokens[i++], out);
    } else {
      i += add_longest(tokens, i, out);
    }
  }
  return out;
}

Meanings Meanings::within(const std::vector<int>& groups) const {
  std::vector<char> wanted(table_.parts.size(), 0), kept(table_.parts.size(), 0);
  for (const int group : groups) wanted[at(group)] = 1;
  Table out;
  out.english = table_.english;
  out.longest = table_.longest;
  std::vector<int> path;
  for (int word = 0; word < static_cast<int>(table_.words.size()); ++word) {
    const std::size_t before = out.groups.size();
    for (int i = table_.begin[at(word)]; i < table_.begin[at(word + 1)]; ++i) {
      path.clear();
      climb(table_.groups[at(i)], path);
      if (std::none_of(path.begin(), path.end(), [&](int g) { return wanted[at(g)] != 0; })) {
        continue;
      }
      for (const int g : path) kept[at(g)] = 1;
      out.groups.push_back(table_.groups[at(i)]);
    }
    if (out.groups.size() == before) continue;
    out.words.push_back(table_.words[at(word)]);
    out.begin.push_back(static_cast<int>(out.groups.size()));
  }
  std::vector<int> number(kept.size(), -1);
  for (std::size_t g = 0; g < kept.size(); ++g) {
    if (kept[g] == 0) continue;
    number[g] = static_cast<int>(out.parts.size());
    out.parts.push_back(table_.parts[g]);
  }
  for (int& group : out.groups) group = number[at(group)];
  for (std::size_t g = 0; g < kept.size(); ++g) {
    if (kept[g] == 0) continue;
    for (int k = 0; k < kParents; ++k) {
      const int to = table_.above[g * kParents + at(k)];
      out.above.push_back(to < 0 ? -1 : number[at(to)]);
    }
  }
  return Meanings(std::move(out));
}

const Meanings& meanings(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Meanings>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[name];
  if (!entry) entry = load_meanings(name);
  return *entry;
}

}  // namespace refrain::augment

// WordNet's database: data.* holds a group of synonyms a line, at the offset that stands first;
// index.* holds a word a line with the offsets of its senses, the commonest first; cntlist.rev how
// often each sense was seen in tagged text; *.exc the irregular forms.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "refrain/augment/text/lexicon.h"
#include "refrain/augment/text/meanings.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::augment {
namespace {

struct Part {
  const char* name;
  std::uint8_t part;
};
constexpr Part kParts[] = {{"noun", Thesaurus::kNoun},
                           {"verb", Thesaurus::kVerb},
                           {"adj", Thesaurus::kAdjective},
                           {"adv", Thesaurus::kAdverb}};

constexpr int kMost = 999;  // words, pointers, or senses, of a line

// The fields of a line, one after the other; empty behind the last.
class Line {
 public:
  explicit Line(std::string_view rest) : rest_(rest) {}

  std::string_view next() {
    const auto begin = rest_.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    const auto end = std::min(rest_.find(' ', begin), rest_.size());
    const auto field = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return field;
  }
  // -1 for what is no number.
  int number(int base) {
    const auto field = next();
    int value = -1;
    const auto result = std::from_chars(field.data(), field.data() + field.size(), value, base);
    return result.ptr == field.data() + field.size() ? value : -1;
  }

 private:
  std::string_view rest_;
};

template <class Take>
void each_line(const std::string& path, Take take) {
  const std::string bytes = base::read_file(path).bytes;
  const std::string_view text = bytes;
  int number = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = std::min(text.find('\n', i), text.size());
    ++number;
    if (end > i && text[i] != ' ' && !take(text.substr(i, end - i))) {  // the licence is indented
      throw Error(Code::kData, fmt::format("{}:{}: not a line of WordNet's database", path, number),
                  "its format is described in the manual page wndb(5)");
    }
    i = end + 1;
  }
}

// Words in small letters only: no names, no abbreviations; "_" stands for a blank, "(a)" behind an
// adjective for its place.
bool take_word(std::string_view field, std::string& word) {
  word.assign(field.substr(0, field.find('(')));
  for (char& c : word) {
    if (c == '_') c = ' ';
    const bool fine = (c >= 'a' && c <= 'z') || c == ' ' || c == '-' || c == '\'';
    if (!fine) return false;
  }
  return !word.empty();
}

// A line of an index: word pos synset_cnt p_cnt [ptr ...] sense_cnt tagsense_cnt offset [offset
// ...]
struct Entry {
  std::string_view lemma;
  std::string word;  // empty for words that are not taken, and for several
  int senses = 0;
};

// Takes what stands before the offsets. False for what is no such line.
bool take_entry(Line& line, Entry& entry) {
  entry.lemma = line.next();
  line.next();
  entry.senses = line.number(10);
  const int pointers = line.number(10);
  const auto is_count = [](int n) { return n >= 0 && n <= kMost; };
  if (!is_count(entry.senses) || !is_count(pointers)) return false;
  const bool several = entry.lemma.find('_') != std::string_view::npos;
  if (several || !take_word(entry.lemma, entry.word)) entry.word.clear();
  for (int i = 0; i < pointers + 2; ++i) line.next();
  return true;
}

class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {}

  Thesaurus read() {
    read_counts();
    for (const Part& part : kParts) {
      read_groups(part);
      read_senses(part);
    }
    take_senses();
    for (const Part& part : {kParts[0], kParts[1]}) read_exceptions(part);
    return std::move(thesaurus_);
  }

 private:
  struct Sense {
    int word, count, group;
  };

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  // "abandon%2:40:01:: 1 10": word, part of speech, place among its senses, times seen.
  void read_counts() {
    if (!std::filesystem::exists(path("cntlist.rev"))) return;
    each_line(path("cntlist.rev"), [&](std::string_view text) {
      Line line(text);
      const auto key = line.next();
      const auto percent = key.find('%');
      const int place = line.number(10);
      const int count = line.number(10);
      if (percent == std::string_view::npos || percent + 1 == key.size() || count < 0) return false;
      const int type = key[percent + 1] - '0';  // 5 is an adjective's satellite
      counts_[count_key(key.substr(0, percent), type == 5 ? 3 : type, place)] = count;
      return true;
    });
  }

  static std::string count_key(std::string_view word, int type, int place) {
    return fmt::format("{}%{}%{}", word, type, place);
  }

  void read_groups(const Part& part) {
    groups_.clear();
    std::string word;
    std::vector<int> members;
    each_line(path(std::string("data.") + part.name), [&](std::string_view text) {
      Line line(text);
      const int offset = line.number(10);
      line.next();
      line.next();
      const int count = line.number(16);
      if (offset < 0 || count < 1 || count > kMost) return false;
      members.clear();
      for (int i = 0; i < count; ++i) {
        if (take_word(line.next(), word)) members.push_back(thesaurus_.word(word));
        line.next();
      }
      if (members.size() < 2) return true;
      const int group = thesaurus_.add_group(part.part);
      for (const int member : members) thesaurus_.add_member(group, member);
      groups_[offset] = group;
      return true;
    });
  }

  void read_senses(const Part& part) {
    const auto type = static_cast<int>(&part - kParts) + 1;
    Entry entry;
    each_line(path(std::string("index.") + part.name), [&](std::string_view text) {
      Line line(text);
      if (!take_entry(line, entry)) return false;
      const int number = thesaurus_.find(entry.word);
      if (number < 0) return true;
      for (int place = 1; place <= entry.senses; ++place) {
        const auto group = groups_.find(line.number(10));
        const auto count = counts_.find(count_key(entry.lemma, type, place));
        senses_.push_back({number, count == counts_.end() ? 0 : count->second,
                           group == groups_.end() ? Thesaurus::kAlone : group->second});
      }
      return true;
    });
  }

  // Senses of all parts of speech together, the commonest first.
  void take_senses() {
    std::stable_sort(senses_.begin(), senses_.end(), [](const Sense& a, const Sense& b) {
      return a.word != b.word ? a.word < b.word : a.count > b.count;
    });
    for (const Sense& sense : senses_) thesaurus_.add_sense(sense.word, sense.group);
  }

  // "bought buy"
  void read_exceptions(const Part& part) {
    if (!std::filesystem::exists(path(std::string(part.name) + ".exc"))) return;
    each_line(path(std::string(part.name) + ".exc"), [&](std::string_view text) {
      Line line(text);
      line.next();
      const int number = thesaurus_.find(line.next());
      if (number >= 0) thesaurus_.forbid(number, part.part);
      return true;
    });
  }

  std::string folder_;
  Thesaurus thesaurus_;
  std::unordered_map<std::string, int> counts_;
  std::unordered_map<int, int> groups_;  // by offset in the file read last
  std::vector<Sense> senses_;
};

// Every word, names too, with its groups and what stands above them.
class MeaningReader {
 public:
  explicit MeaningReader(std::string folder) : folder_(std::move(folder)) {}

  Meanings read() {
    for (const Part& part : kParts) read_groups(part);
    place_above();
    for (const Part& part : kParts) read_words(part);
    for (const Part& part : kParts) read_exceptions(part);
    Meanings::Table table;
    table.english = 1;
    table.parts = std::move(parts_);
    table.above = std::move(above_);
    for (const auto& [word, groups] : words_) {
      table.words.push_back(word);
      table.groups.insert(table.groups.end(), groups.begin(), groups.end());
      table.begin.push_back(static_cast<int>(table.groups.size()));
    }
    return Meanings(std::move(table));
  }

 private:
  struct Pointer {
    int from;
    std::uint8_t part;
    int offset;
  };

  std::string path(const Part& part, const char* kind) const {
    return kind[0] == '.' ? folder_ + "/" + part.name + kind
                          : folder_ + "/" + kind + "." + part.name;
  }

  static std::int64_t key(std::uint8_t part, int offset) {
    return static_cast<std::int64_t>(offset) * 16 + part;
  }

  // More general, instance of, of the same attribute, derived from, pertains to; for an adjective
  // that is near another one this other.
  static bool leads_up(std::string_view symbol, bool satellite) {
    return symbol == "@" || symbol == "@i" || symbol == "=" || symbol == "+" || symbol == "\\" ||
           (symbol == "&" && satellite);
  }

  // offset lex_filenum ss_type w_cnt word lex_id [word lex_id ...] p_cnt [symbol offset pos numbers
  // ...]
  void read_groups(const Part& part) {
    each_line(path(part, "data"), [&](std::string_view text) {
      Line line(text);
      const int offset = line.number(10);
      line.next();
      const bool satellite = line.next() == "s";
      const int count = line.number(16);
      if (offset < 0 || count < 1 || count > kMost) return false;
      for (int i = 0; i < 2 * count; ++i) line.next();
      const int group = static_cast<int>(parts_.size());
      parts_.push_back(part.part);
      numbers_[key(part.part, offset)] = group;
      const int pointers = line.number(10);
      if (pointers < 0 || pointers > kMost) return false;
      for (int i = 0; i < pointers; ++i) {
        const auto symbol = line.next();
        const int to = line.number(10);
        const auto letter = line.next();
        line.next();
        if (to < 0 || letter.empty()) return false;
        if (leads_up(symbol, satellite)) pointers_.push_back({group, part_of(letter[0]), to});
      }
      return true;
    });
  }

  // The first ones of each group.
  void place_above() {
    above_.assign(parts_.size() * Meanings::kParents, -1);
    std::vector<int> used(parts_.size(), 0);
    for (const Pointer& pointer : pointers_) {
      const auto from = static_cast<std::size_t>(pointer.from);
      const auto to = numbers_.find(key(pointer.part, pointer.offset));
      if (used[from] == Meanings::kParents || to == numbers_.end()) continue;
      above_[from * Meanings::kParents + static_cast<std::size_t>(used[from]++)] = to->second;
    }
  }

  void read_words(const Part& part) {
    Entry entry;
    each_line(path(part, "index"), [&](std::string_view text) {
      Line line(text);
      if (!take_entry(line, entry)) return false;
      if (entry.word.empty()) return true;
      auto& groups = words_[entry.word];
      for (int place = 0; place < std::min(entry.senses, Meanings::kSenses); ++place) {
        const auto group = numbers_.find(key(part.part, line.number(10)));
        if (group != numbers_.end()) groups.push_back(group->second);
      }
      return true;
    });
  }

  // "children child": what the second word is as this part of speech comes first.
  void read_exceptions(const Part& part) {
    if (!std::filesystem::exists(path(part, ".exc"))) return;
    each_line(path(part, ".exc"), [&](std::string_view text) {
      Line line(text);
      const std::string form(line.next()), base(line.next());
      const auto known = words_.find(base);
      if (known == words_.end() || form.find('_') != std::string::npos) return true;
      std::vector<int> groups;
      for (const int group : known->second) {
        if (parts_[static_cast<std::size_t>(group)] == part.part) groups.push_back(group);
      }
      if (groups.empty()) return true;
      auto& own = words_[form];
      own.insert(own.begin(), groups.begin(), groups.end());
      return true;
    });
  }

  std::string folder_;
  std::vector<int> parts_, above_;
  std::vector<Pointer> pointers_;
  std::unordered_map<std::int64_t, int> numbers_;  // of a group, by part of speech and offset
  std::map<std::string, std::vector<int>> words_;
};

}  // namespace

Thesaurus read_wordnet(const std::string& folder) { return Reader(folder).read(); }

Meanings read_wordnet_meanings(const std::string& folder) { return MeaningReader(folder).read(); }

}  // namespace refrain::augment

// WordNet's database: data.* holds a group of synonyms a line, at the offset that stands first;
// index.* holds a word a line with the offsets of its senses, the commonest first; cntlist.rev how
// often each sense was seen in tagged text; *.exc the irregular forms.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "refrain/augment/text/lexicon.h"
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
      if (offset < 0 || count < 1) return false;
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

  // word pos synset_cnt p_cnt [ptr ...] sense_cnt tagsense_cnt offset [offset ...]
  void read_senses(const Part& part) {
    const auto type = static_cast<int>(&part - kParts) + 1;
    std::string word;
    each_line(path(std::string("index.") + part.name), [&](std::string_view text) {
      Line line(text);
      const auto lemma = line.next();
      line.next();
      const int senses = line.number(10);
      const int pointers = line.number(10);
      if (senses < 0 || pointers < 0) return false;
      if (lemma.find('_') != std::string_view::npos || !take_word(lemma, word)) return true;
      const int number = thesaurus_.find(word);
      if (number < 0) return true;
      for (int i = 0; i < pointers + 2; ++i) line.next();
      for (int place = 1; place <= senses; ++place) {
        const auto group = groups_.find(line.number(10));
        const auto count = counts_.find(count_key(lemma, type, place));
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

}  // namespace

Thesaurus read_wordnet(const std::string& folder) { return Reader(folder).read(); }

}  // namespace refrain::augment

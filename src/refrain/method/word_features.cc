#include "refrain/method/word_features.h"

#include <algorithm>

#include "refrain/augment/text/words.h"
#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/tokenise.h"

namespace refrain::method {
namespace {

using base::at;

constexpr int kPartBits = 28;  // of an attribute's number in a key
constexpr std::size_t kLongestShape = 12;
constexpr int kAround = 4;  // steps on each side

std::uint64_t key_of(std::uint64_t form, std::uint64_t a, std::uint64_t b) {
  return (form << 2 * kPartBits) | (a << kPartBits) | b;
}

std::array<int, 2> numbers_in(std::uint64_t key) {
  constexpr std::uint64_t kMask = (1ULL << kPartBits) - 1;
  return {static_cast<int>((key >> kPartBits) & kMask), static_cast<int>(key & kMask)};
}

bool is_ideograph(char32_t c) { return c >= 0x3000 && c < 0xa000; }

// X and x for letters, 0 for digits, C for ideographs, other characters as they are.
char32_t shape_of(char32_t c, char32_t lower) {
  if (c >= '0' && c <= '9') return '0';
  if (c != lower) return 'X';
  if (c >= 'a' && c <= 'z') return 'x';
  if (c < 0x80) return c;
  return is_ideograph(c) ? 'C' : 'x';
}

// Where the characters of a UTF-8 word begin, and its end.
std::vector<std::size_t> begins_of_characters(const std::string& word) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if ((static_cast<unsigned char>(word[i]) & 0xc0) != 0x80) places.push_back(i);
  }
  places.push_back(word.size());
  return places;
}

// Each character's shape, at most kLongestShape; without repeats where it is the outline.
std::string shape_of(const std::string& word, bool outline) {
  const auto points = data::code_points(word);
  const auto lower = data::code_points(augment::lower(word));
  std::string out;
  for (std::size_t i = 0; i < points.size() && out.size() < kLongestShape; ++i) {
    const char32_t shape = shape_of(points[i], i < lower.size() ? lower[i] : points[i]);
    const char c = static_cast<char>(shape);
    if (!outline || out.empty() || out.back() != c) out += c;
  }
  return out;
}

}  // namespace

// One attribute of a step, or of two, `offset` steps away.
struct WordFeatures::Template {
  int offset = 0, field = 0;
  int other_offset = 0, other_field = -1;  // -1: only one
  bool only_characters = false;
};

// The attributes of the words of texts.
struct WordFeatures::Table {
  std::vector<Parts> parts;             // of each word that occurs
  std::vector<std::vector<int>> words;  // [texts][steps], places in `parts`
  // [texts][steps], the numbers of the outlines of a word and its neighbours, taken together
  std::vector<std::vector<int>> outlines;
  Parts outside{};
};

const std::vector<WordFeatures::Template>& WordFeatures::templates() {
  static const std::vector<Template> list = [] {
    std::vector<Template> all;
    for (int offset = -2; offset <= 2; ++offset) {
      for (const int field : {kWord, kLower, kShape, kOutline}) all.push_back({offset, field});
    }
    for (int n = 0; n < 2 * kAffix; ++n) all.push_back({0, kPrefix + n});
    for (const int field : {kWord, kLower, kShape, kOutline}) {
      all.push_back({-1, field, 0, field});
      all.push_back({0, field, 1, field});
    }
    all.push_back({-1, kWord, 1, kWord, true});
    all.push_back({-2, kWord, -1, kWord, true});
    all.push_back({1, kWord, 2, kWord, true});
    return all;
  }();
  return list;
}

// The last form of a key that is one of these, or of every step.
std::uint64_t WordFeatures::forms() { return templates().size() + 1; }

template <class Number>
WordFeatures::Parts WordFeatures::parts_of(const std::string& word, Number&& number) {
  Parts parts;
  parts.fill(-1);
  std::string lower = augment::lower(word);
  for (char& c : lower) {
    if (c >= '0' && c <= '9') c = '0';
  }
  parts[kWord] = number("w" + word);
  parts[kLower] = number("l" + lower);
  parts[kShape] = number("s" + shape_of(word, false));
  parts[kOutline] = number("o" + shape_of(word, true));
  const auto places = begins_of_characters(word);
  for (std::size_t n = 1; n <= kAffix && n + 1 < places.size(); ++n) {
    const auto last = places[places.size() - 1 - n];
    parts[kPrefix + n - 1] = number("p" + word.substr(0, places[n]));
    parts[kSuffix + n - 1] = number("e" + word.substr(last));
  }
  return parts;
}

template <class Number>
WordFeatures::Table WordFeatures::table_of(const std::vector<Words>& texts, Number&& number) {
  Table table;
  std::unordered_map<std::string, int> place;
  Words outline;  // of each word in the table
  for (const auto& text : texts) {
    auto& words = table.words.emplace_back();
    for (const auto& word : text) {
      const auto [entry, is_new] = place.emplace(word, static_cast<int>(place.size()));
      if (is_new) {
        table.parts.push_back(parts_of(word, number));
        outline.push_back(shape_of(word, true));
      }
      words.push_back(entry->second);
    }
    auto& outlines = table.outlines.emplace_back();
    for (std::size_t t = 0; t < words.size(); ++t) {
      std::string three = t > 0 ? outline[at(words[t - 1])] : "";
      three += " " + outline[at(words[t])] + " ";
      if (t + 1 < words.size()) three += outline[at(words[t + 1])];
      outlines.push_back(number("t" + three));
    }
  }
  table.outside.fill(-1);
  table.outside[kWord] = number("");
  return table;
}

// The words nearby, whatever their distance, each once.
void WordFeatures::add_around(const Table& table, std::size_t text, int t,
                              std::vector<std::uint64_t>& keys) {
  const auto& words = table.words[text];
  const int steps = static_cast<int>(words.size());
  const auto first = static_cast<std::ptrdiff_t>(keys.size());
  for (const int side : {-1, 1}) {
    for (int d = 1; d <= kAround; ++d) {
      const int other = t + side * d;
      if (other < 0 || other >= steps) break;
      const int lower = table.parts[at(words[at(other)])][kLower];
      if (lower < 0) continue;
      const auto key = key_of(forms() + (side < 0 ? 2 : 3), static_cast<std::uint64_t>(lower), 0);
      if (std::find(keys.begin() + first, keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
}

// Step by step, each step's followed by 0, which is none. The forms of keys: 1 is there in every
// step, then come the templates, three outlines, words on the left and words on the right.
std::vector<std::uint64_t> WordFeatures::keys_of(const Table& table, std::size_t text) const {
  const auto& words = table.words[text];
  const int steps = static_cast<int>(words.size());
  const auto part = [&](int t, int field) {
    return t < 0 || t >= steps ? table.outside[at(field)]
                               : table.parts[at(words[at(t)])][at(field)];
  };
  std::vector<std::uint64_t> keys;
  for (int t = 0; t < steps; ++t) {
    std::uint64_t form = 0;
    const auto add = [&](int a, int b) {
      if (a < 0 || b < 0) return;
      keys.push_back(key_of(form, static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
    };
    ++form;
    add(0, 0);
    for (const Template& one : templates()) {
      ++form;
      if (one.only_characters && !characters_) continue;
      const int b = one.other_field < 0 ? 0 : part(t + one.other_offset, one.other_field);
      add(part(t + one.offset, one.field), b);
    }
    ++form;
    add(table.outlines[text][at(t)], 0);
    add_around(table, text, t, keys);
    keys.push_back(0);
  }
  return keys;
}

void WordFeatures::number_keys() {
  feature_.clear();
  feature_.reserve(keys_.size());
  for (const auto key : keys_) feature_.emplace(key, static_cast<int>(feature_.size()));
}

namespace {

// The features of the keys that have one.
FeatureSteps look_up(const std::vector<std::vector<std::uint64_t>>& keys,
                     const std::unordered_map<std::uint64_t, int>& feature, int threads) {
  std::vector<std::vector<int>> found(keys.size());  // -1 behind each step
  base::parallel_for(static_cast<int>(keys.size()), threads, [&](int i) {
    for (const auto key : keys[at(i)]) {
      if (key == 0) {
        found[at(i)].push_back(-1);
      } else if (const auto entry = feature.find(key); entry != feature.end()) {
        found[at(i)].push_back(entry->second);
      }
    }
  });
  FeatureSteps out;
  for (const auto& text : found) {
    for (const int f : text) {
      if (f >= 0) {
        out.feature.push_back(f);
      } else {
        out.begin.push_back(out.feature.size());
      }
    }
    out.sequence.push_back(out.steps());
  }
  return out;
}

bool mostly_single_characters(const std::vector<Words>& texts) {
  std::size_t single = 0, all = 0;
  for (const auto& text : texts) {
    for (const auto& word : text) {
      const auto first = word.empty() ? 0 : static_cast<unsigned char>(word[0]);
      single += word.size() == 3 && first >= 0xe3 && first <= 0xe9 ? 1 : 0;
      ++all;
    }
  }
  return 2 * single > all;
}

}  // namespace

FeatureSteps WordFeatures::fit(const std::vector<Words>& texts, int least, int threads) {
  characters_ = mostly_single_characters(texts);
  attributes_.clear();
  const Table table = table_of(texts, [&](const std::string& attribute) {
    return attributes_.emplace(attribute, static_cast<int>(attributes_.size()) + 1).first->second;
  });
  std::vector<std::vector<std::uint64_t>> keys(texts.size());
  base::parallel_for(static_cast<int>(texts.size()), threads,
                     [&](int i) { keys[at(i)] = keys_of(table, at(i)); });
  std::vector<std::uint64_t> all;
  for (const auto& text : keys) all.insert(all.end(), text.begin(), text.end());
  std::sort(all.begin(), all.end());
  keys_.clear();
  for (auto first = all.begin(); first != all.end();) {
    const auto end = std::upper_bound(first, all.end(), *first);
    if (*first != 0 && end - first >= least) keys_.push_back(*first);
    first = end;
  }
  number_keys();
  return look_up(keys, feature_, threads);
}

FeatureSteps WordFeatures::of(const std::vector<Words>& texts, int threads) const {
  const Table table = table_of(texts, [&](const std::string& attribute) {
    const auto entry = attributes_.find(attribute);
    return entry == attributes_.end() ? -1 : entry->second;
  });
  std::vector<std::vector<std::uint64_t>> keys(texts.size());
  base::parallel_for(static_cast<int>(texts.size()), threads,
                     [&](int i) { keys[at(i)] = keys_of(table, at(i)); });
  return look_up(keys, feature_, threads);
}

Words WordFeatures::names() const {
  Words out(attributes_.size());
  for (const auto& [name, number] : attributes_) out[at(number - 1)] = name;
  return out;
}

void WordFeatures::name(const Words& names) {
  attributes_.clear();
  for (const auto& one : names) {
    attributes_.emplace(one, static_cast<int>(attributes_.size()) + 1);
  }
}

void WordFeatures::keep(const std::vector<char>& kept) {
  const Words before = names();
  std::vector<std::uint64_t> keys;
  std::vector<char> used(before.size() + 1);
  for (std::size_t f = 0; f < kept.size(); ++f) {
    if (kept[f] == 0) continue;
    keys.push_back(keys_[f]);
    for (const int number : numbers_in(keys_[f])) used[at(number)] = 1;
  }
  Words after;
  for (std::size_t a = 0; a < before.size(); ++a) {
    if (used[a + 1]) after.push_back(before[a]);
  }
  std::sort(after.begin(), after.end());
  name(after);
  const auto renumbered = [&](int number) {
    return number == 0 ? 0 : static_cast<std::uint64_t>(attributes_.at(before[at(number - 1)]));
  };
  for (auto& key : keys) {
    const auto [a, b] = numbers_in(key);
    key = key_of(key >> 2 * kPartBits, renumbered(a), renumbered(b));
  }
  keys_ = std::move(keys);
  number_keys();
}

void WordFeatures::archive(Archive& file) {
  Words attributes = names();
  std::vector<int> form, first, second;
  for (const auto key : keys_) {
    const auto [a, b] = numbers_in(key);
    form.push_back(static_cast<int>(key >> 2 * kPartBits));
    first.push_back(a);
    second.push_back(b);
  }
  int characters = characters_ ? 1 : 0;
  file.number("characters", characters, 0, 1);
  file.list("attributes", attributes);
  const int last = static_cast<int>(attributes.size());
  file.list("form", form, 1, static_cast<int>(forms()) + 3);
  file.list("first", first, 0, last);
  file.list("second", second, 0, last);
  if (!file.reading()) return;
  file.require(attributes.size() < (1U << kPartBits) && form.size() == first.size() &&
               form.size() == second.size());
  characters_ = characters == 1;
  name(attributes);
  keys_.clear();
  for (std::size_t f = 0; f < form.size(); ++f) {
    keys_.push_back(key_of(static_cast<std::uint64_t>(form[f]),
                           static_cast<std::uint64_t>(first[f]),
                           static_cast<std::uint64_t>(second[f])));
  }
  number_keys();
  file.require(attributes_.size() == attributes.size() && feature_.size() == keys_.size());
}

}  // namespace refrain::method

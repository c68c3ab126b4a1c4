#include "refrain/augment/text/words.h"
#include "refrain/base/at.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace refrain::augment {
namespace {

using data::TokenKind;

void append(std::string& out, char32_t c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
}

template <class Change>
std::string each_point(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  for (char32_t c : data::code_points(text)) {
    append(out, static_cast<char32_t>(change(static_cast<utf8proc_int32_t>(c))));
  }
  return out;
}

bool is_upper(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_LU;
}

bool is_letter(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

TokenKind kind_of(std::string_view text) {
  const auto spans = data::token_spans(text);
  return spans.empty() ? TokenKind::kMark : spans.front().kind;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool opens(const Word& word) {
  static constexpr std::array<std::string_view, 9> marks = {"(",  "[",  "{",  "“", "‘",
                                                            "《", "（", "「", "【"};
  return std::find(marks.begin(), marks.end(), word.text) != marks.end();
}

using base::at;

}  // namespace

std::string_view Words::keep(std::string_view text) {
  if (kept_ == nullptr) kept_ = std::make_shared<std::deque<std::string>>();
  return kept_->emplace_back(text);
}

Words cut(std::string_view text) {
  Words words;
  const auto spans = data::token_spans(text);
  words.list.reserve(spans.size());
  std::size_t end = 0;
  for (const data::TokenSpan& span : spans) {
    words.list.push_back({text.substr(end, span.begin - end),
                          text.substr(span.begin, span.end - span.begin),
                          {},
                          span.kind});
    end = span.end;
  }
  words.tail = text.substr(end);
  return words;
}

Words cut(const std::vector<std::string>& tokens, const std::vector<std::string>& tags) {
  Words words;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TokenKind kind = kind_of(tokens[i]);
    const bool blank = i > 0 && kind != TokenKind::kIdeograph;
    words.list.push_back({blank ? " " : "", words.keep(tokens[i]), words.keep(tags[i]), kind});
  }
  return words;
}

std::string join(const Words& words) {
  std::string out;
  std::size_t size = words.tail.size();
  for (const Word& word : words.list) size += word.gap.size() + word.text.size() + 1;
  out.reserve(size);
  bool after_word = false;
  for (const Word& word : words.list) {
    const bool is_word = word.kind == TokenKind::kWord;
    if (is_word && after_word && word.gap.empty()) out += ' ';
    out += word.gap;
    out += word.text;
    after_word = is_word;
  }
  return out += words.tail;
}

void join(const Words& words, std::vector<std::string>& tokens, std::vector<std::string>& tags) {
  std::vector<std::string> all, tag_of_all;
  for (const Word& word : words.list) {
    if (!word.fresh) {
      all.emplace_back(word.text);
      tag_of_all.emplace_back(word.tag);
      continue;
    }
    for (const data::TokenSpan& span : data::token_spans(word.text)) {
      all.emplace_back(word.text.substr(span.begin, span.end - span.begin));
      tag_of_all.emplace_back(word.tag.empty() ? "O" : word.tag);
    }
  }
  tokens = std::move(all);
  tags = std::move(tag_of_all);
}

Words cut(const std::string& text, const std::vector<std::string>& tags) {
  std::vector<std::string> pieces;
  for (std::size_t i = text.find_first_not_of(' '); i != std::string::npos;) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    pieces.push_back(text.substr(i, end - i));
    i = text.find_first_not_of(' ', end);
  }
  if (pieces.size() == tags.size()) {
    Words words = cut(pieces, tags);
    for (std::size_t i = 1; i < words.list.size(); ++i) words.list[i].gap = " ";
    words.blanks = true;
    return words;
  }
  Words words = cut(std::string_view(text));
  if (words.list.size() != tags.size()) return {};
  for (std::size_t i = 0; i < tags.size(); ++i) words.list[i].tag = words.keep(tags[i]);
  return words;
}

void join(const Words& words, std::string& text, std::vector<std::string>& tags) {
  std::vector<std::string> tokens;
  join(words, tokens, tags);
  if (!words.blanks) {
    text = join(words);
    return;
  }
  text.clear();
  for (const auto& token : tokens) text += (text.empty() ? "" : " ") + token;
}

void join_units(Words& words, int longest, const std::function<bool(std::string_view)>& known) {
  std::vector<Word> units;
  auto& list = words.list;
  const auto joins = [&](std::size_t i) {
    return list[i].kind == TokenKind::kIdeograph && !list[i].in_entity();
  };
  for (std::size_t i = 0; i < list.size();) {
    std::size_t best = 1;
    if (joins(i)) {
      std::string run(list[i].text);
      for (std::size_t n = 1; n < at(longest) && i + n < list.size(); ++n) {
        if (!joins(i + n) || !(words.blanks || list[i + n].gap.empty())) break;
        run += list[i + n].text;
        if (known(run)) best = n + 1;
      }
    }
    units.push_back(list[i]);
    if (best > 1) {
      std::string all;
      for (std::size_t n = 0; n < best; ++n) all += list[i + n].text;
      units.back().text = words.keep(all);
      units.back().fresh = true;  // tags go by characters: it is cut again at the end
    }
    i += best;
  }
  list = std::move(units);
}

std::vector<int> free_words(const Words& words) {
  std::vector<int> places;
  for (std::size_t i = 0; i < words.list.size(); ++i) {
    if (!words.list[i].is_mark() && !words.list[i].in_entity()) {
      places.push_back(static_cast<int>(i));
    }
  }
  return places;
}

void erase(Words& words, int place) {
  auto& list = words.list;
  const bool first = place == 0 || (list[at(place)].gap.empty() && opens(list[at(place - 1)]));
  if (first && at(place) + 1 < list.size()) list[at(place + 1)].gap = list[at(place)].gap;
  list.erase(list.begin() + place);
}

void insert(Words& words, int place, std::string_view text) {
  auto& list = words.list;
  while (at(place) < list.size() && list[at(place)].goes_on()) ++place;
  Word word{" ", words.keep(text), words.tagged() ? "O" : "", kind_of(text), true};
  if (word.kind == TokenKind::kIdeograph) word.gap = {};
  if (at(place) < list.size() && (place == 0 || opens(list[at(place - 1)]))) {
    std::swap(word.gap, list[at(place)].gap);
  }
  list.insert(list.begin() + place, word);
}

void replace(Words& words, int place, std::string_view text) {
  Word& word = words.list[at(place)];
  word.text = words.keep(text);
  word.kind = kind_of(word.text);
  word.fresh = true;
}

bool is_ideographic(const Words& words) {
  std::size_t ideographs = 0;
  std::size_t others = 0;
  for (const Word& word : words.list) {
    if (word.kind == TokenKind::kIdeograph) ++ideographs;
    if (word.kind == TokenKind::kWord) ++others;
  }
  return ideographs > others;
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }
  return each_point(text, utf8proc_tolower);
}

std::size_t count_points(std::string_view text) {
  return is_ascii(text) ? text.size() : data::code_points(text).size();
}

bool begins_with_capital(std::string_view text) {
  if (text.empty()) return false;
  if ((text.front() & 0x80) == 0) return text.front() >= 'A' && text.front() <= 'Z';
  return is_upper(data::code_points(text).front());
}

std::string in_case_of(std::string_view model, std::string text) {
  if (!begins_with_capital(model)) return text;
  const std::u32string points = data::code_points(model);
  const auto is_big = [](char32_t c) { return is_upper(c) || !is_letter(c); };
  if (points.size() > 1 && std::all_of(points.begin(), points.end(), is_big)) {
    return each_point(text, utf8proc_toupper);
  }
  bool first = true;
  return each_point(text, [&](utf8proc_int32_t c) {
    const auto out = first ? utf8proc_toupper(c) : c;
    first = false;
    return out;
  });
}

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  if (is_ascii(text)) {
    for (const char c : text) out.emplace_back(1, c);
    return out;
  }
  utf8proc_int32_t state = 0;
  char32_t last = 0;
  for (char32_t c : data::code_points(text)) {
    const bool begins =
        out.empty() || utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(last),
                                                        static_cast<utf8proc_int32_t>(c), &state);
    if (begins) out.emplace_back();
    append(out.back(), c);
    last = c;
  }
  return out;
}

}  // namespace refrain::augment

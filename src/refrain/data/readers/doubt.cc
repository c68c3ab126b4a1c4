#include "refrain/data/readers/doubt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_set>

#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

constexpr int kLinesOfDoubt = 400;  // looked at

bool is_digit_at(std::string_view text, std::size_t i) {
  return i < text.size() && text[i] >= '0' && text[i] <= '9';
}

// Digits from `at` on.
std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (is_digit_at(text, at + count)) ++count;
  return count;
}

// The size of a clock time at the start ("9:05", "10:00:05.25 AM"), 0 where there is none.
std::size_t clock_size(std::string_view text) {
  const std::size_t hours = digits_at(text, 0);
  if (hours < 1 || hours > 2) return 0;
  std::size_t at = hours;
  int parts = 1;
  while (parts < 3 && at < text.size() && text[at] == ':' && digits_at(text, at + 1) == 2) {
    at += 3;
    ++parts;
  }
  if (parts < 2) return 0;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) at += 1 + digits_at(text, at + 1);
  const std::string_view half = trim(text.substr(at));
  const std::string small = lower(half.substr(0, 2));
  if (small == "am" || small == "pm") {
    at = static_cast<std::size_t>(half.data() - text.data()) + 2;
  }
  return at;
}

// The size of a date at the start, 0 where there is none.
std::size_t date_size(std::string_view text) {
  std::size_t at = 0;
  std::array<std::size_t, 3> sizes{};
  char sign = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    sizes[part] = digits_at(text, at);
    if (sizes[part] == 0 || sizes[part] == 3 || sizes[part] > 4) return 0;
    at += sizes[part];
    if (part == 2) break;
    if (at >= text.size() || std::string_view("-/.").find(text[at]) == std::string_view::npos)
      return 0;
    if (part == 1 && text[at] != sign) return 0;
    sign = text[at++];
  }
  const bool proper = sizes[1] <= 2 && ((sizes[0] == 4) != (sizes[2] == 4));
  return proper ? at : 0;
}

constexpr std::array<std::string_view, 46> kKeywords = {
    "import", "from",   "def",      "class",  "return",    "if",        "elif",   "else:",
    "else",   "for",    "while",    "try:",   "try",       "except",    "with",   "const",
    "let",    "var",    "function", "public", "private",   "protected", "static", "void",
    "int",    "double", "#include", "using",  "namespace", "struct",    "select", "insert",
    "update", "create", "package",  "func",   "fn",        "export",    "async",  "switch",
    "case",   "break;", "template", "auto",   "bool",      "print"};

bool is_keyword(std::string_view word) {
  word = word.substr(0, word.find('('));
  const std::string small = lower(word);
  return std::find(kKeywords.begin(), kKeywords.end(), small) != kKeywords.end();
}

bool is_level(std::string_view word) {
  static constexpr std::array<std::string_view, 11> kLevels = {
      "info",  "warn",     "warning", "error", "debug", "trace",
      "fatal", "critical", "notice",  "err",   "severe"};
  while (!word.empty() && std::string_view("[<(").find(word.front()) != std::string_view::npos) {
    word.remove_prefix(1);
  }
  while (!word.empty() && std::string_view("]>):,").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  const std::string small = lower(word);
  return std::find(kLevels.begin(), kLevels.end(), small) != kLevels.end();
}

bool is_time_word(std::string_view word) {
  while (!word.empty() && (word.front() == '[' || word.front() == '(')) word.remove_prefix(1);
  return date_size(word) > 0 || clock_size(word) > 0;
}

struct LineCounts {
  int lines = 0, tags = 0, braces = 0, levels = 0, times = 0, code = 0, ends = 0, indented = 0,
      marks = 0, keys = 0, numbers = 0, files = 0;
};

void count_words(std::string_view line, LineCounts& count) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  const std::string_view behind = trim(rest);
  bool level = is_level(first), time = is_time_word(first);
  for (int i = 0; i < 4; ++i) {  // "Nov 28 09:55:17 host"
    const std::string_view word = take_word(rest);
    time = time || is_time_word(word);
    level = level || (word.size() > 2 && is_level(word) && lower(word) != word);
  }
  count.levels += level ? 1 : 0;
  count.times += time ? 1 : 0;
  count.code += is_keyword(first) ? 1 : 0;
  static constexpr std::array<std::string_view, 8> kMarks = {"#", "##", "###", "-",
                                                             "*", ">",  "|",   "1."};
  count.marks += std::find(kMarks.begin(), kMarks.end(), first) != kMarks.end() ? 1 : 0;
  count.keys +=
      first.ends_with(':') || behind.starts_with("= ") || behind.starts_with(": ") ? 1 : 0;
  const bool number =
      !behind.empty() && is_number(behind) && behind.find(' ') == std::string_view::npos;
  count.numbers += number && !is_number(first) ? 1 : 0;
  count.files +=
      is_sound_path(first) || (behind.find(' ') == std::string_view::npos && is_sound_path(behind))
          ? 1
          : 0;
}

LineCounts count_lines(std::string_view text) {
  Lines lines(text);
  Line line;
  LineCounts count;
  while (count.lines < kLinesOfDoubt && lines.next_filled(line)) {
    ++count.lines;
    const std::string_view inside = trim(line.text);
    count.indented += is_blank(line.text[0]) ? 1 : 0;
    const bool tag = inside[0] == '<' && inside.find('>') != std::string_view::npos;
    count.tags += tag || inside.find("</") != std::string_view::npos ? 1 : 0;
    count.braces += std::string_view("{}[]").find(inside[0]) != std::string_view::npos ? 1 : 0;
    count.ends += std::string_view(";{}(,:").find(inside.back()) != std::string_view::npos ? 1 : 0;
    count_words(inside, count);
  }
  return count;
}

}  // namespace

Likeness likeness_of(std::string_view text, bool numbers) {
  const LineCounts c = count_lines(text);
  const auto share = [&](int count, int of) { return c.lines > 0 && of * count >= c.lines; };
  const std::string_view start = trim(text.substr(0, 200));
  const char* const table =
      "write it as CSV with a header, or as JSON Lines {\"text\": ..., \"label\": ...}";
  if (start.starts_with("<?xml") || start.starts_with("<!") || share(c.tags, 3)) {
    return {"XML or HTML", table};
  }
  if (share(c.files, 2)) {
    return {"a list of recordings without a header",
            "begin it with a line 'path,label', and put commas between"};
  }
  if (start.starts_with('{') || start.starts_with('[') ? share(c.braces, 3) : share(c.braces, 2)) {
    return {"JSON, or a log", "write one object {\"text\": ..., \"label\": ...} a line"};
  }
  if (share(c.levels, 2) || share(c.times, 2)) return {"a log", table};
  if (share(c.code, 3) || share(c.ends, 3) || (share(c.indented, 4) && share(c.code + c.ends, 5))) {
    return {"source code", table};
  }
  if (share(c.marks, 3)) return {"Markdown or a list", table};
  if (share(c.keys, 2)) return {"settings or a list of keys and values", table};
  if (numbers && share(c.numbers, 2)) {
    return {"words with one number each", "a CSV needs a header row that names the columns"};
  }
  return {};
}

bool is_plain_label(std::string_view word) {
  if (word.empty()) return false;
  const auto proper = [](unsigned char c) {
    const bool sign =
        std::string_view("_-+.:/&'").find(static_cast<char>(c)) != std::string_view::npos;
    return std::isalnum(c) != 0 || c >= 0x80 || sign;
  };
  if (!std::all_of(word.begin(), word.end(), proper)) return false;
  return std::string_view(".:/&'").find(word.back()) == std::string_view::npos || word.size() == 1;
}

bool is_date_or_clock(std::string_view cell) {
  cell = trim(cell);
  const std::size_t date = date_size(cell);
  if (date == 0) return clock_size(cell) == cell.size() && !cell.empty();
  std::string_view rest = cell.substr(date);
  if (!rest.empty() && rest[0] != 'T' && rest[0] != ' ') return false;
  if (!rest.empty()) rest.remove_prefix(1);
  rest = trim(rest);
  return rest.empty() || clock_size(rest) > 0;
}

bool is_sound_path(std::string_view cell) {
  static constexpr std::array<std::string_view, 14> kEndings = {
      ".wav",  ".flac", ".ogg", ".oga",  ".mp3", ".m4a", ".aif",
      ".aiff", ".aac",  ".wma", ".opus", ".au",  ".amr", ".caf"};
  const std::string name = lower(trim(cell));
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
    return name.size() > ending.size() && name.ends_with(ending);
  });
}

bool is_file_name(std::string_view cell) {
  cell = trim(cell);
  const std::size_t point = cell.rfind('.');
  if (point == std::string_view::npos || point == 0 || cell.find(' ') != std::string_view::npos) {
    return false;
  }
  const std::string_view ending = cell.substr(point + 1);
  const bool letters = std::any_of(ending.begin(), ending.end(),
                                   [](unsigned char c) { return std::isalpha(c) != 0; });
  const bool plain = std::all_of(ending.begin(), ending.end(),
                                 [](unsigned char c) { return std::isalnum(c) != 0 && c < 0x80; });
  return ending.size() >= 2 && ending.size() <= 5 && letters && plain && !is_number(cell);
}

bool mostly(const TableHead& head, int column, bool (*is)(std::string_view)) {
  std::size_t filled = 0, such = 0;
  for (const auto& cells : head.rows) {
    const std::string_view cell = trim(cells[static_cast<std::size_t>(column)]);
    if (cell.empty()) continue;
    ++filled;
    such += is(cell) ? 1 : 0;
  }
  return filled > 0 && 10 * such >= 9 * filled;
}

}  // namespace refrain::data

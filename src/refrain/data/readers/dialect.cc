#include "refrain/data/readers/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::string_view kDelimiters = "\t,;|";

bool digit(char c) { return c >= '0' && c <= '9'; }

// A cell's place in the text, without blanks and quotes around it.
struct Cell {
  std::size_t at = 0, size = 0;
};

// Calls visit(cell) for each cell; a quoted one may hold delimiters and line breaks.
template <class Visit>
void each_cell(std::string_view text, std::string_view delimiters, Visit visit) {
  const std::string ends = std::string(delimiters) + '\n';
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t start = at;
    while (start < text.size() && (text[start] == ' ' || text[start] == '\r')) ++start;
    const bool quoted = start < text.size() && text[start] == '"';
    const std::size_t close = quoted ? text.find('"', start + 1) : std::string_view::npos;
    const std::size_t from = close != std::string_view::npos ? close : at;
    const std::size_t end = std::min(text.find_first_of(ends, from), text.size());
    std::string_view cell = trim(text.substr(at, end - at));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
      cell = trim(cell.substr(1, cell.size() - 2));
    }
    if (!cell.empty())
      visit(Cell{static_cast<std::size_t>(cell.data() - text.data()), cell.size()});
    at = end + 1;
  }
}

// The possible meanings of commas and points in a number.
enum class Commas { kNone, kDecimal, kThousands, kEither };

std::string_view unsigned_part(std::string_view cell) {
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) cell.remove_prefix(1);
  return cell;
}

// True if digits stand in threes between the marks: "1.234.567".
bool in_threes(std::string_view digits, char mark) {
  std::size_t run = 0, marks = 0;
  for (const char c : digits) {
    if (c != mark && !digit(c)) return false;
    if (c == mark && (marks > 0 ? run != 3 : run == 0 || run > 3)) return false;
    run = c == mark ? 0 : run + 1;
    marks += c == mark ? 1 : 0;
  }
  return marks > 0 && run == 3;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

// Digits, maybe with an exponent behind.
bool is_fraction(std::string_view text) {
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent == std::string_view::npos) return all_digits(text);
  return all_digits(text.substr(0, exponent)) &&
         all_digits(unsigned_part(text.substr(exponent + 1)));
}

Commas commas_of(std::string_view cell) {
  cell = unsigned_part(cell);
  const std::size_t comma = cell.find(','), point = cell.find('.');
  if (comma == std::string_view::npos) return Commas::kNone;
  const std::string_view before = cell.substr(0, comma), behind = cell.substr(comma + 1);
  if (point == std::string_view::npos) {
    if (behind.find(',') != std::string_view::npos) {
      return in_threes(cell, ',') ? Commas::kThousands : Commas::kNone;
    }
    if (!(before.empty() || all_digits(before)) || !is_fraction(behind)) return Commas::kNone;
    const bool threes = in_threes(cell, ',') && cell[0] != '0';
    return threes ? Commas::kEither : Commas::kDecimal;
  }
  if (point > comma) {
    const bool proper =
        in_threes(cell.substr(0, point), ',') && is_fraction(cell.substr(point + 1));
    return proper ? Commas::kThousands : Commas::kNone;
  }
  return in_threes(before, '.') && is_fraction(behind) ? Commas::kDecimal : Commas::kNone;
}

struct Count {
  std::size_t decimal = 0, thousands = 0, either = 0, points = 0;
  std::string example;  // of kEither
};

Count count_commas(std::string_view text, char delimiter) {
  Count count;
  each_cell(text, {&delimiter, 1}, [&](const Cell& at) {
    const std::string_view cell = text.substr(at.at, at.size);
    const Commas commas = commas_of(cell);
    count.decimal += commas == Commas::kDecimal ? 1 : 0;
    count.thousands += commas == Commas::kThousands ? 1 : 0;
    if (commas == Commas::kEither && ++count.either == 1) count.example = cell;
    const std::string_view plain = unsigned_part(cell);
    const std::size_t point = plain.find('.');
    const bool pointed = point != std::string_view::npos && all_digits(plain.substr(0, point)) &&
                         is_fraction(plain.substr(point + 1));
    count.points += pointed ? 1 : 0;
  });
  return count;
}

// Puts `plain` in the cell's place, blanks behind it.
void put(const Cell& at, const std::string& plain, std::string& text) {
  std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at.at), at.size, ' ');
  std::copy(plain.begin(), plain.end(), text.begin() + static_cast<std::ptrdiff_t>(at.at));
}

void rewrite(bool decimal_comma, char delimiter, std::string& text) {
  const std::string copy = text;
  each_cell(copy, {&delimiter, 1}, [&](const Cell& at) {
    const std::string_view cell = std::string_view(copy).substr(at.at, at.size);
    const Commas commas = commas_of(cell);
    if (commas == Commas::kNone) return;
    if (commas == (decimal_comma ? Commas::kThousands : Commas::kDecimal)) return;
    std::string plain;
    for (const char c : cell) {
      if (c == (decimal_comma ? '.' : ',')) continue;
      plain.push_back(c == ',' ? '.' : c);
    }
    put(at, plain, text);
  });
}

bool is_plain_table(std::string_view text) {
  const std::string_view start = trim(text.substr(0, 1000));
  return !start.empty() && std::string_view("{[@<").find(start[0]) == std::string_view::npos;
}

void settle_decimal(const std::string& path, const ReadSpec& spec, std::string& text,
                    std::vector<std::string>& remarks) {
  if (!is_plain_table(text)) return;
  const char delimiter = find_table_start(text).delimiter;
  if (spec.decimal != "auto") return rewrite(spec.decimal == ",", delimiter, text);
  const Count count = count_commas(text, delimiter);
  if (count.decimal > 0 && count.points == 0 && count.thousands == 0) {
    rewrite(true, delimiter, text);
    remarks.push_back(fmt::format("{}: the comma was read as the decimal point of {} numbers", path,
                                  count.decimal + count.either));
  } else if (count.thousands > 0 && count.decimal == 0) {
    rewrite(false, delimiter, text);
    remarks.push_back(fmt::format("{}: the comma was read as the mark of thousands in {} numbers",
                                  path, count.thousands + count.either));
  } else if (count.either > 0 && count.decimal == 0 &&
             2 * count.either >=
                 static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'))) {
    throw Error(
        Code::kData,
        fmt::format("{}: {} may be a number with a decimal comma or with a mark of thousands", path,
                    shown(count.example)),
        "say which: --decimal , or --decimal .");
  }
}

void mark_missing(const std::string& list, std::string& text) {
  std::vector<std::string> spellings;
  std::string_view rest = list;
  while (!rest.empty()) spellings.emplace_back(trim(take_until(rest, ',')));
  const std::string copy = text;
  each_cell(copy, is_plain_table(text) ? "\t,;|" : "\t,;|:", [&](const Cell& at) {
    const std::string_view cell = std::string_view(copy).substr(at.at, at.size);
    if (std::find(spellings.begin(), spellings.end(), cell) != spellings.end()) put(at, "?", text);
  });
}

// The delimiter that a line `sep=;` names; 0 where it is none.
char named_delimiter(std::string_view line) {
  line = trim(line);
  if (line.size() >= 2 && line.front() == '"') line = line.substr(1, line.size() - 2);
  return line.size() == 5 && lower(line.substr(0, 4)) == "sep=" ? line[4] : '\0';
}

std::array<std::size_t, 4> count_delimiters(std::string_view line) {
  std::array<std::size_t, 4> count{};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    const std::size_t which = kDelimiters.find(c);
    if (!quoted && which != std::string_view::npos) ++count[which];
  }
  return count;
}

// "0,173;0,240": each part behind the delimiter is a number with at most one comma.
bool holds_decimal_commas(std::string_view line, char delimiter) {
  bool found = false;
  for (bool more = true; more;) {
    more = line.find(delimiter) != std::string_view::npos;
    const std::string_view cell = trim(take_until(line, delimiter));
    if (cell.find(',') == std::string_view::npos) continue;
    if (commas_of(cell) == Commas::kNone) return false;
    found = true;
  }
  return found;
}

char delimiter_of(std::string_view line) {
  const auto count = count_delimiters(line);
  for (const std::size_t other : {0U, 2U}) {
    if (count[1] > 0 && count[other] > 0 && holds_decimal_commas(line, kDelimiters[other])) {
      return kDelimiters[other];
    }
  }
  const auto most = std::max_element(count.begin(), count.end());
  return *most == 0 ? ',' : kDelimiters[static_cast<std::size_t>(most - count.begin())];
}

}  // namespace

TableStart find_table_start(std::string_view text) {
  Lines lines(text);
  Line line, next;
  TableStart start;
  char named = '\0';
  if (!lines.next_filled(line)) return start;
  const auto begins_at = [&](const Line& l) {
    return static_cast<std::size_t>(l.text.data() - text.data());
  };
  if (const char found = named_delimiter(line.text); found != '\0') {
    named = found;
    if (!lines.next_filled(line)) return start;
  }
  while (trim(line.text).starts_with('#') && lines.next_filled(next)) {
    const char delimiter = named != '\0' ? named : delimiter_of(next.text);
    const auto cells = [&](const Line& l) {
      return std::count(l.text.begin(), l.text.end(), delimiter);
    };
    const bool header =
        !trim(next.text).starts_with('#') && cells(line) > 0 && cells(line) == cells(next);
    if (header) break;
    line = next;
  }
  start.delimiter = named != '\0' ? named : delimiter_of(line.text);
  start.at = begins_at(line);
  start.line = line.number;
  return start;
}

std::vector<std::string> settle_dialect(const std::string& path, const ReadSpec& spec,
                                        std::string& text) {
  std::vector<std::string> remarks;
  if (!spec.missing_values.empty()) mark_missing(spec.missing_values, text);
  settle_decimal(path, spec, text, remarks);
  return remarks;
}

}  // namespace refrain::data

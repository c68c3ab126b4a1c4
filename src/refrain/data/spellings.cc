#include "refrain/data/spellings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>

namespace refrain::data {
namespace {

constexpr std::size_t kNamesShown = 10;        // names in a sentence
constexpr std::size_t kMostExponent = 6;       // digits of an exponent
constexpr std::size_t kMostSingleLetters = 4;  // more pairs like a, A are an alphabet

bool decimal_digit(char c) { return c >= '0' && c <= '9'; }

std::string mapped(const std::string& text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &out,
                                 static_cast<utf8proc_option_t>(options));
  if (size < 0) return text;  // not UTF-8
  std::string result(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  std::free(out);
  return result;
}

// The parts of "-012.50e3": digits without the point, and how many stand behind it.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

bool read_exponent(std::string_view rest, std::int64_t& exponent) {
  if (rest.empty()) return true;
  if (rest[0] != 'e' && rest[0] != 'E') return false;
  rest.remove_prefix(1);
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty() || rest.size() > kMostExponent ||
      !std::all_of(rest.begin(), rest.end(), decimal_digit))
    return false;
  std::int64_t value = 0;
  for (const char c : rest) value = 10 * value + (c - '0');
  exponent += negative ? -value : value;
  return true;
}

bool read_decimal(std::string_view text, Decimal& out) {
  out.negative = text.starts_with('-');
  if (out.negative || text.starts_with('+')) text.remove_prefix(1);
  bool point = false;
  std::size_t i = 0;
  for (; i < text.size() && (decimal_digit(text[i]) || (text[i] == '.' && !point)); ++i) {
    if (text[i] == '.') {
      point = true;
    } else {
      out.digits += text[i];
      out.exponent -= point ? 1 : 0;
    }
  }
  return !out.digits.empty() && read_exponent(text.substr(i), out.exponent);
}

// Sign, digits without zeros at the ends, and the power of ten of the last one.
std::string number_key(const std::string& text) {
  Decimal d;
  if (!read_decimal(text, d)) return {};
  d.digits.erase(0, d.digits.find_first_not_of('0'));
  if (d.digits.empty()) return "#0";
  while (d.digits.back() == '0') d.digits.pop_back(), ++d.exponent;
  return fmt::format("#{}{}e{}", d.negative ? "-" : "", d.digits, d.exponent);
}

// Without case, width and kinds of blanks.
std::string loose_key(const std::string& text) {
  const std::string folded =
      mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  std::string out;
  for (const char c : folded) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

using Counts = std::map<std::string, int>;  // of each spelling
using Keyed = std::map<std::string, std::vector<std::string>>;

Keyed by_key(const Counts& counts, std::string (*key)(const std::string&)) {
  Keyed out;
  for (const auto& [name, count] : counts) out[key(name)].push_back(name);
  return out;
}

std::string quoted_names(std::vector<std::string> names) {
  const bool more = names.size() > kNamesShown;
  if (more) names.resize(kNamesShown);
  for (auto& name : names) name = '\'' + name + '\'';
  if (more) return fmt::format("{}, ...", fmt::join(names, ", "));
  const std::string last = names.back();
  names.pop_back();
  return names.empty() ? last : fmt::format("{} and {}", fmt::join(names, ", "), last);
}

// The most frequent spelling; of equally frequent ones the shortest, of these the first.
std::string chosen_spelling(const std::vector<std::string>& names, const Counts& counts) {
  return *std::min_element(names.begin(), names.end(), [&](const auto& a, const auto& b) {
    const int more = counts.at(a) - counts.at(b);
    return more != 0 ? more > 0 : a.size() < b.size();
  });
}

bool one_letter(const std::string& name) {
  return std::count_if(name.begin(), name.end(), [](char c) { return (c & 0xc0) != 0x80; }) == 1;
}

// Names that differ in case, width or blanks.
void tell_alike(const char* what, const Counts& counts, Spellings& out) {
  std::vector<std::vector<std::string>> sets;
  std::size_t letters = 0;
  for (const auto& [key, names] : by_key(counts, loose_key)) {
    if (names.size() < 2) continue;
    sets.push_back(names);
    letters += one_letter(names.front()) ? 1 : 0;
  }
  if (letters > kMostSingleLetters && letters == sets.size()) return;
  for (std::size_t i = 0; i < std::min(sets.size(), kNamesShown); ++i) {
    out.alike.push_back(
        fmt::format("{} {} look like one, written in different ways, and are taken as {}", what,
                    quoted_names(sets[i]), sets[i].size()));
  }
  if (sets.size() > kNamesShown) {
    out.alike.push_back(
        fmt::format("{} more {} have several ways of writing", sets.size() - kNamesShown, what));
  }
}

void settle(Dataset& dataset, std::string Sample::*field, const char* what, Spellings& out) {
  Counts counts;
  for (const auto& sample : dataset.samples) {
    if (!(sample.*field).empty()) ++counts[sample.*field];
  }
  std::map<std::string, std::string> renamed;
  for (const auto& [key, names] : by_key(counts, spelling_key)) {
    if (names.size() < 2) continue;
    const std::string chosen = chosen_spelling(names, counts);
    for (const auto& name : names) renamed[name] = chosen;
    if (out.joined.size() < kNamesShown) {
      out.joined.push_back(fmt::format("{} {} are the same {}: read as '{}'", what,
                                       quoted_names(names),
                                       key.starts_with('#') ? "number" : "letters", chosen));
    }
  }
  Counts settled;
  for (auto& sample : dataset.samples) {
    const auto found = renamed.find(sample.*field);
    if (found != renamed.end()) sample.*field = found->second;
    if (!(sample.*field).empty()) ++settled[sample.*field];
  }
  tell_alike(what, settled, out);
}

}  // namespace

std::string spelling_key(const std::string& name) {
  const std::string number = number_key(name);
  return number.empty() ? mapped(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE) : number;
}

bool is_missing_name(const std::string& name) {
  static const std::set<std::string> kMissing = {"",     "?",    "NA",   "N/A",  "n/a",  "NaN",
                                                 "nan",  "-NaN", "-nan", "NULL", "null", "None",
                                                 "none", "<NA>", "#N/A", "#NA",  "NaT"};
  return kMissing.contains(name);
}

Spellings settle_groups(Dataset& dataset) {
  Spellings out;
  for (auto& sample : dataset.samples) {
    if (is_missing_name(sample.group)) sample.group.clear();
  }
  settle(dataset, &Sample::group, "groups", out);
  return out;
}

Spellings settle_spellings(Dataset& dataset) {
  Spellings out = settle_groups(dataset);
  settle(dataset, &Sample::label, "labels", out);
  return out;
}

void adopt_labels(Dataset& dataset, const std::vector<std::string>& known) {
  std::map<std::string, std::string> names;
  for (const auto& name : known) names.try_emplace(spelling_key(name), name);
  const std::set<std::string> same(known.begin(), known.end());
  for (auto& sample : dataset.samples) {
    if (sample.label.empty() || same.contains(sample.label)) continue;
    const auto found = names.find(spelling_key(sample.label));
    if (found != names.end()) sample.label = found->second;
  }
}

}  // namespace refrain::data

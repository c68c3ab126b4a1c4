#include "refrain/data/readers/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Those that pandas knows, and the dash of statistical tables.
bool is_missing(std::string_view cell) {
  static constexpr std::array<std::string_view, 17> kSpellings = {
      ".",   "?", "na",       "nan", "n/a",    "null",    "none",    "<na>",    "#n/a",
      "#na", "-", "#n/a n/a", "--",  "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"};
  if (cell.empty()) return true;
  if (cell.size() > 8) return false;
  return std::find(kSpellings.begin(), kSpellings.end(), lower(cell)) != kSpellings.end();
}

// "True" and "false" in any case, as pandas and R write them.
bool is_boolean(std::string_view cell, double& value) {
  if (cell.size() < 4 || cell.size() > 5) return false;
  const std::string word = lower(cell);
  value = word == "true" ? 1 : 0;
  return word == "true" || word == "false";
}

// from_chars says out of range for both ends: the exponent's sign tells them apart.
Number out_of_range(std::string_view cell) {
  const std::size_t exponent = cell.find_first_of("eE");
  const bool large = exponent == std::string_view::npos
                         ? !cell.substr(cell[0] == '-' ? 1 : 0).starts_with("0.")
                         : cell.substr(exponent + 1).find('-') == std::string_view::npos;
  if (large) return {kNan, NumberKind::kTooLarge};
  return {0, NumberKind::kFinite};
}

}  // namespace

Number parse_number(std::string_view cell) {
  cell = trim(cell);
  if (is_missing(cell)) return {kNan, NumberKind::kMissing};
  const bool plus = cell[0] == '+' && cell.size() > 1 && cell[1] != '-';
  if (plus) cell.remove_prefix(1);
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, code] = std::from_chars(cell.data(), end, value);
  if (stop != end || code == std::errc::invalid_argument) {
    if (is_boolean(cell, value)) return {value, NumberKind::kFinite};
    return {kNan, NumberKind::kText};
  }
  if (code != std::errc()) return out_of_range(cell);
  if (std::isnan(value))
    return {kNan, lower(cell) == "-nan" ? NumberKind::kMissing : NumberKind::kText};
  if (std::isinf(value)) return {kNan, NumberKind::kInfinite};
  const bool large = std::fabs(value) > static_cast<double>(std::numeric_limits<float>::max());
  if (large) return {kNan, NumberKind::kTooLarge};
  return {value, NumberKind::kFinite};
}

double read_value(std::string_view cell, std::int64_t line, std::int64_t column,
                  Problems& problems) {
  const Number number = parse_number(cell);
  switch (number.kind) {
    case NumberKind::kFinite:
    case NumberKind::kMissing:
      break;
    case NumberKind::kText:
      problems.add(line, column, fmt::format("{} is not a number", shown(trim(cell))));
      break;
    case NumberKind::kInfinite:
      problems.add(line, column, fmt::format("{} is not a finite number", shown(trim(cell))));
      break;
    case NumberKind::kTooLarge:
      problems.add(line, column, fmt::format("{} is too large a number", shown(trim(cell))));
      break;
  }
  return number.value;
}

}  // namespace refrain::data

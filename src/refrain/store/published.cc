#include "refrain/store/published.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/base/nearest.h"

namespace refrain::store {
namespace {

constexpr std::size_t kMostShown = 20;
constexpr const char* kHint =
    "columns, with tabs between them: data protocol method metric value low high source";

// Column name -> where its text or number goes. low and high may be absent.
struct Column {
  const char* name;
  std::string Published::*text = nullptr;
  double Published::*number = nullptr;
  bool needed = true;
};

constexpr Column kColumns[] = {{"data", &Published::data},
                               {"protocol", &Published::protocol},
                               {"method", &Published::method},
                               {"metric", &Published::metric},
                               {"value", nullptr, &Published::value},
                               {"low", nullptr, &Published::low, false},
                               {"high", nullptr, &Published::high, false},
                               {"source", &Published::source}};

std::vector<std::string_view> cut(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \r") - first + 1);
}

std::optional<double> as_number(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text = trim(text.substr(0, text.size() - 1));
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value)) return std::nullopt;
  return percent ? value / 100 : value;
}

class Parser {
 public:
  Parser(const std::string& path, const RowCheck& check) : path_(path), check_(check) {}

  std::vector<Published> parse(std::string_view text) {
    int number = 0;
    for (std::string_view line : cut(text, '\n')) {
      ++number;
      if (trim(line).empty() || trim(line).starts_with('#')) continue;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (columns_.empty()) {
        read_header(line, number);
      } else {
        read_row(line, number);
      }
    }
    if (columns_.empty()) throw Error(Code::kData, path_ + ": no rows", kHint);
    throw_if_bad();
    return std::move(rows_);
  }

 private:
  [[noreturn]] void bad_header(int line, const std::string& why, const std::string& hint) const {
    throw Error(Code::kData, fmt::format("{}:{}: {}", path_, line, why), hint);
  }

  void read_header(std::string_view line, int number) {
    std::vector<std::string> known;
    for (const auto& c : kColumns) known.emplace_back(c.name);
    for (const auto cell : cut(line, '\t')) {
      const std::string name(trim(cell));
      const auto place = std::find(known.begin(), known.end(), name);
      if (place == known.end()) {
        bad_header(number, fmt::format("unknown column '{}'", name),
                   base::did_you_mean(name, known));
      }
      const Column* column = &kColumns[place - known.begin()];
      if (std::find(columns_.begin(), columns_.end(), column) != columns_.end()) {
        bad_header(number, fmt::format("the column '{}' stands twice", name), kHint);
      }
      columns_.push_back(column);
    }
    for (const auto& c : kColumns) {
      if (c.needed && std::find(columns_.begin(), columns_.end(), &c) == columns_.end()) {
        bad_header(number, fmt::format("no column '{}'", c.name), kHint);
      }
    }
  }

  void read_row(std::string_view line, int number) {
    const auto cells = cut(line, '\t');
    if (cells.size() != columns_.size()) {
      return note(number,
                  fmt::format("{} columns, the header has {}", cells.size(), columns_.size()));
    }
    Published row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string problem = read_cell(*columns_[i], trim(cells[i]), row);
      if (!problem.empty()) return note(number, problem);
    }
    const std::string problem = look_at(row, number);
    if (!problem.empty()) return note(number, problem);
    rows_.push_back(std::move(row));
  }

  static std::string read_cell(const Column& column, std::string_view text, Published& row) {
    if (text.empty()) return column.needed ? fmt::format("'{}' is empty", column.name) : "";
    if (column.text != nullptr) {
      row.*column.text = text;
      return "";
    }
    const auto value = as_number(text);
    if (!value) return fmt::format("{} '{}' is not a number", column.name, text);
    row.*column.number = *value;
    return "";
  }

  std::string look_at(const Published& row, int number) {
    if (std::isnan(row.low) != std::isnan(row.high)) return "an interval needs both low and high";
    if (row.value < row.low || row.value > row.high) return "the value is outside its interval";
    const auto [first, is_new] =
        lines_.try_emplace({row.data, row.protocol, row.method, row.metric}, number);
    if (!is_new) return fmt::format("repeats line {}", first->second);
    return check_ ? check_(row) : "";
  }

  void note(int line, const std::string& problem) {
    if (++bad_ <= kMostShown) shown_.push_back(fmt::format("{}:{}: {}", path_, line, problem));
  }

  void throw_if_bad() const {
    if (bad_ == 0) return;
    std::string message = fmt::format("{}", fmt::join(shown_, "\n"));
    if (bad_ > kMostShown) {
      message += fmt::format("\n... and {} more bad rows ({} in all)", bad_ - kMostShown, bad_);
    }
    throw Error(Code::kData, message, kHint);
  }

  std::string path_;
  const RowCheck& check_;
  std::vector<const Column*> columns_;
  std::vector<Published> rows_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, int> lines_;
  std::vector<std::string> shown_;
  std::size_t bad_ = 0;
};

}  // namespace

std::vector<Published> parse_published(std::string_view text, const std::string& path,
                                       const RowCheck& check) {
  const std::size_t wrong = base::first_invalid_utf8(text);
  if (wrong != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(wrong), '\n');
    throw Error(Code::kData, fmt::format("{}:{}: not valid UTF-8", path, line),
                "save it as UTF-8 and load it again");
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return Parser(path, check).parse(text);
}

}  // namespace refrain::store

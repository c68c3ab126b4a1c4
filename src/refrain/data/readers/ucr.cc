// UCR archive lines, without header: the label first, then the values of one univariate series,
// separated by tabs, commas, semicolons or blanks. Shorter series are padded with NaN at the end:
// trailing missing values are cut off, inner ones stay missing.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/series.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

constexpr std::size_t kLooked = 50;  // lines for recognition
constexpr std::size_t kLookedBytes = std::size_t{1} << 20;

char separator_of(std::string_view text) {
  const char found = find_delimiter(text);
  Lines lines(text);
  Line line;
  return lines.next_filled(line) && trim(line.text).find(found) != std::string_view::npos ? found
                                                                                          : ' ';
}

void split(std::string_view line, char separator, std::vector<std::string_view>& cells) {
  cells.clear();
  line = trim(line).empty() ? std::string_view() : line;
  if (separator == ' ') {
    for (auto word = take_word(line); !word.empty(); word = take_word(line)) cells.push_back(word);
    return;
  }
  bool more = !line.empty();
  while (more) {
    more = line.find(separator) != std::string_view::npos;
    cells.push_back(take_until(line, separator));
  }
}

int recognise_ucr(const Source& source, const ReadSpec& spec) {
  if (table_head(source, spec).has_header) return 0;
  const char separator = separator_of(source.text);
  Lines lines(source.text.substr(0, kLookedBytes));
  Line line;
  std::vector<std::string_view> cells;
  std::size_t count = 0, number_labels = 0, values = 0, numbers = 0;
  for (std::size_t i = 0; i < kLooked && lines.next_filled(line); ++i) {
    split(line.text, separator, cells);
    if (cells.size() < 2) return 0;
    ++count;
    number_labels += parse_number(cells[0]).kind == NumberKind::kText ? 0 : 1;
    for (std::size_t c = 1; c < cells.size(); ++c) {
      ++values;
      numbers += parse_number(cells[c]).kind == NumberKind::kText ? 0 : 1;
    }
  }
  // Labels of letters need a few values behind them: "text TAB 3" is no series.
  const bool proper = values >= 3 * count || 10 * number_labels >= 9 * count;
  return count > 0 && proper && 10 * numbers >= 9 * values ? 75 : 0;
}

// Whether the lines are values alone, and the first of each is no label: judged by the labels and
// the length of training.
class LabelJudge {
 public:
  explicit LabelJudge(const Expected& expected) : expected_(expected) {}

  void look(const std::vector<std::string_view>& cells) {
    const std::string_view cell = trim(cells[0]);
    const Number number = parse_number(cell);
    ++lines_;
    const bool missing = number.kind == NumberKind::kMissing;
    missing_ += missing ? 1 : 0;
    fractions_ = fractions_ || (!missing && number.value != std::floor(number.value));
    numbers_ = numbers_ && (missing || number.kind == NumberKind::kFinite);
    known_ += is_known(cell, number) ? 1 : 0;
    same_ = same_ && (lines_ == 1 || cell == first_);
    if (lines_ == 1) first_ = cell;
    width_ = std::max(width_, static_cast<int>(cells.size()));
  }

  bool only_values() const {
    if (!numbers_ || missing_ == lines_ || expected_.labels.empty()) return false;
    const bool exact = width_ == expected_.steps, one_more = width_ == expected_.steps + 1;
    if (known_ > 0) return exact && (known_ < lines_ || same_);
    return exact || fractions_ || (!one_more && !same_);
  }

 private:
  bool is_known(std::string_view cell, const Number& number) const {
    return std::any_of(expected_.labels.begin(), expected_.labels.end(), [&](const auto& label) {
      const Number other = parse_number(label);
      return label == cell || (other.kind == NumberKind::kFinite && other.value == number.value);
    });
  }

  const Expected& expected_;
  std::size_t lines_ = 0, known_ = 0, missing_ = 0;
  bool numbers_ = true, fractions_ = false, same_ = true;
  std::string first_;
  int width_ = 0;
};

bool has_only_values(const Source& source, char separator) {
  if (source.expected == nullptr || source.expected->labelled) return false;
  LabelJudge judge(*source.expected);
  Lines lines(source.text);
  Line line;
  std::vector<std::string_view> cells;
  while (lines.next_filled(line)) {
    split(line.text, separator, cells);
    judge.look(cells);
  }
  return judge.only_values();
}

Dataset read_ucr(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kSeries);
  Problems& problems = collector.problems();
  const char separator = separator_of(source.text);
  const std::size_t labels = has_only_values(source, separator) ? 0 : 1;  // cells before the values
  Lines lines(source.text);
  Line line;
  std::vector<std::string_view> cells;
  std::size_t width = 0;
  while (lines.next_filled(line)) {
    split(line.text, separator, cells);
    if (width == 0) width = cells.size();
    if (cells.size() != width) {
      problems.add(line.number, 0,
                   fmt::format("{} fields, but the first line has {}", cells.size(), width));
      continue;
    }
    Sample sample;
    sample.line = line.number;
    if (labels > 0) sample.label = trim(cells[0]);
    Series series{static_cast<int>(cells.size() - labels), 1, {}};
    for (std::size_t i = labels; i < cells.size(); ++i) {
      series.values.push_back(
          read_value(cells[i], line.number, static_cast<std::int64_t>(i) + 1, problems));
    }
    cut_padding(series, source.expected != nullptr);
    collector.add(std::move(sample), std::move(series));
  }
  Dataset out =
      collector.finish("a line is the label, then the values; shorter series end with NaN");
  if (labels == 0) {
    out.remarks.push_back(
        "the lines are read as values alone: what stands first in them is no label of training");
  }
  return out;
}

}  // namespace

Reader ucr_reader() { return {recognise_ucr, read_ucr}; }

}  // namespace refrain::data

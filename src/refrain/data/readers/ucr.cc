// UCR archive lines, without header: the label first, then the values of one univariate series,
// separated by tabs, commas, semicolons or blanks. Shorter series are padded with NaN at the end:
// trailing missing values are cut off, inner ones stay missing. With --target last the label stands
// behind the values; where the lines look like that, --target first or last must say which.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/dialect.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/series.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

constexpr std::size_t kLooked = 50;  // lines for recognition
constexpr std::size_t kLookedBytes = std::size_t{1} << 20;

char separator_of(std::string_view text) {
  const char found = find_table_start(text).delimiter;
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

// Counts over the first or the last field of all lines.
struct Edge {
  std::set<std::string> different;
  std::size_t fractions = 0, texts = 0, missing = 0;

  void add(std::string_view cell) {
    cell = trim(cell);
    different.emplace(cell);
    const Number number = parse_number(cell);
    texts += number.kind == NumberKind::kText ? 1 : 0;
    missing += number.kind == NumberKind::kMissing ? 1 : 0;
    fractions += number.kind == NumberKind::kFinite && number.value != std::floor(number.value);
  }
};

constexpr std::size_t kFewestToTell = 8;  // lines
constexpr std::size_t kMostClasses = 30;  // of a label that stands last unnamed

// The last field tells classes better than the first one: it has few values that come again and
// are no fractions, and the first one has more of them, or measurements.
bool label_seems_last(std::string_view text) {
  const char separator = separator_of(text);
  Lines lines(text);
  Line line;
  std::vector<std::string_view> cells;
  Edge first, last;
  std::size_t count = 0;
  for (; lines.next_filled(line); ++count) {
    split(line.text, separator, cells);
    if (cells.size() < 3) return false;
    first.add(cells.front());
    last.add(cells.back());
  }
  const std::size_t classes = last.different.size();
  const bool few = classes > 1 && classes <= kMostClasses && 2 * classes <= count;
  const bool words = last.texts == count && first.texts == 0;
  if (!few || last.fractions > 0 || last.missing > 0 || (last.texts > 0 && !words)) return false;
  if (words) return true;
  return count >= kFewestToTell && first.texts == 0 &&
         (first.fractions > 0 || first.different.size() > classes);
}

bool label_is_last(const Source& source, const ReadSpec& spec) {
  if (spec.target == "last" || spec.target == "first") return spec.target == "last";
  if (spec.format != "auto" || source.expected != nullptr || !label_seems_last(source.text))
    return false;
  throw Error(
      Code::kData,
      fmt::format("{}: is the label the first or the last field of a line? The last one has "
                  "fewer values, which come again",
                  source.path),
      "say --target last, or --target first; or give the file a header row");
}

int recognise_ucr(const Source& source, const ReadSpec& spec) {
  if (table_head(source, spec).has_header) return 0;
  const char separator = separator_of(source.text);
  Lines lines(source.text.substr(0, kLookedBytes));
  Line line;
  std::vector<std::string_view> cells;
  std::size_t count = 0, number_labels = 0, values = 0, numbers = 0, last_texts = 0;
  for (std::size_t i = 0; i < kLooked && lines.next_filled(line); ++i) {
    split(line.text, separator, cells);
    if (cells.size() < 2) return 0;
    ++count;
    number_labels += parse_number(cells[0]).kind == NumberKind::kText ? 0 : 1;
    last_texts += parse_number(cells.back()).kind == NumberKind::kText ? 1 : 0;
    for (std::size_t c = 1; c < cells.size(); ++c) {
      ++values;
      numbers += parse_number(cells[c]).kind == NumberKind::kText ? 0 : 1;
    }
  }
  // A label of letters behind at least three values: "5.1,3.5,1.4,setosa".
  if (last_texts == count && number_labels == count) numbers += values >= 3 * count ? count : 0;
  // Labels of letters need a few values behind them: "text TAB 3" is no series.
  const bool proper = values >= 3 * count || 10 * number_labels >= 9 * count;
  return count > 0 && proper && 10 * numbers >= 9 * values ? 75 : 0;
}

// Decides whether lines are values alone and the first of each is no label: judged by the labels
// and the length of training.
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

Dataset read_ucr(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kSeries);
  Problems& problems = collector.problems();
  const char separator = separator_of(source.text);
  const std::size_t labels = has_only_values(source, separator) ? 0 : 1;
  const bool last = labels > 0 && label_is_last(source, spec);
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
    if (labels > 0) sample.label = trim(last ? cells.back() : cells.front());
    RawSeries series{static_cast<int>(cells.size() - labels), 1, {}};
    const std::size_t from = last ? 0 : labels;
    for (std::size_t i = from; i < from + cells.size() - labels; ++i) {
      series.values.push_back(
          read_value(cells[i], line.number, static_cast<std::int64_t>(i) + 1, problems));
    }
    cut_padding(series, source.expected != nullptr);
    collector.add(std::move(sample), std::move(series));
  }
  Dataset out = collector.finish(
      "a line is the label, then the values (--target last: then the label); shorter series end "
      "with NaN");
  if (labels == 0) {
    out.remarks.push_back(
        "the lines are read as values alone: what stands first in them is no label of training");
  }
  return out;
}

}  // namespace

Reader ucr_reader() { return {recognise_ucr, read_ucr}; }

}  // namespace refrain::data

// UCR archive lines, without header: the label first, then the values of one univariate series,
// separated by tabs, commas, semicolons or blanks. Shorter series are padded with NaN at the end:
// trailing missing values are cut off, inner ones stay missing.
#include <fmt/format.h>

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

Dataset read_ucr(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kSeries);
  Problems& problems = collector.problems();
  const char separator = separator_of(source.text);
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
    sample.label = trim(cells[0]);
    Series series{static_cast<int>(cells.size()) - 1, 1, {}};
    for (std::size_t i = 1; i < cells.size(); ++i) {
      series.values.push_back(
          read_value(cells[i], line.number, static_cast<std::int64_t>(i) + 1, problems));
    }
    cut_padding(series);
    collector.add(std::move(sample), std::move(series));
  }
  return collector.finish("a line is the label, then the values; shorter series end with NaN");
}

}  // namespace

Reader ucr_reader() { return {recognise_ucr, read_ucr}; }

}  // namespace refrain::data

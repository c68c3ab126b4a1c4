// Lines without header: the text, one tab, the label. The text may be empty, the label may not,
// unless it is in all lines.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::size_t kMostLooked = 20000;  // lines for recognition

// The column on one side of the tab.
struct Side {
  std::unordered_set<std::string_view> different;
  std::size_t bytes = 0;
  void add(std::string_view field) {
    different.insert(field);
    bytes += field.size();
  }
};

// One tab a line, and the right side has fewer and shorter values than the left one.
int recognise_text_tab_label(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  Side left, right;
  std::size_t count = 0, proper = 0;
  std::int64_t last_line = 0;
  for (; count < kMostLooked && lines.next_filled(line); ++count) {
    if (count == 20 && proper == 0) return 0;
    last_line = line.number;
    std::string_view label = line.text;
    const std::string_view text = take_until(label, '\t');
    if (label.empty() || label.find('\t') != std::string_view::npos) continue;
    ++proper;
    left.add(text);
    right.add(label);
  }
  const auto blank_lines = static_cast<std::size_t>(last_line) - count;
  if (50 * blank_lines > count) return 0;  // columns of words and tags, a blank line between texts
  const std::size_t labels = right.different.size();
  const bool few =
      labels <= std::max<std::size_t>(10, count / 4) && labels <= left.different.size();
  if (!likeness_of(source.text, false).name.empty()) return 0;
  return few && 10 * proper >= 9 * count && right.bytes < left.bytes ? 65 : 0;
}

Dataset read_tab_lines(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    const auto tabs = std::count(line.text.begin(), line.text.end(), '\t');
    if (tabs != 1) {
      collector.problems().add(line.number, 0, fmt::format("{} tabs instead of one", tabs));
      continue;
    }
    Sample sample;
    sample.line = line.number;
    std::string_view label = line.text;
    const std::string_view text = take_until(label, '\t');
    sample.label = trim(label);
    collector.add(std::move(sample), std::string(trim(text)));
  }
  return collector.finish("each line is the text, one tab, then the label");
}

}  // namespace

Reader text_tab_label_reader() { return {recognise_text_tab_label, read_tab_lines}; }

}  // namespace refrain::data

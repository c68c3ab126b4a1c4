// Lines without header: the text, one tab, the label. The text may be empty, the label may not,
// unless it is in all lines.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

// What stands on one side of the tab in all lines.
struct Side {
  std::unordered_set<std::string_view> different;
  std::size_t bytes = 0;
  void add(std::string_view field) {
    different.insert(field);
    bytes += field.size();
  }
};

// One tab a line, and the right side has fewer and shorter values than the left one.
int recognise(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  Side left, right;
  std::size_t count = 0, proper = 0;
  while (lines.next_filled(line)) {
    ++count;
    std::string_view label = line.text;
    const std::string_view text = take_until(label, '\t');
    if (label.empty() || label.find('\t') != std::string_view::npos) continue;
    ++proper;
    left.add(text);
    right.add(label);
  }
  const bool one_tab = count > 0 && static_cast<double>(proper) >= 0.9 * static_cast<double>(count);
  const bool labels = right.different.size() <= std::max<std::size_t>(10, count / 4) &&
                      right.different.size() <= left.different.size();
  return one_tab && labels && right.bytes < left.bytes ? 65 : 0;
}

Dataset read_lines(const Source& source, const ReadSpec&) {
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

Reader text_tab_label_reader() { return {recognise, read_lines}; }

}  // namespace refrain::data

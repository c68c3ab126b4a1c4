// Labelled lines without header: the first blank-separated word is the label, the rest the text,
// which may be empty.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {
namespace {

constexpr std::size_t kMostLabels = 200;  // more different first words are prose
constexpr std::size_t kLongestLabel = 64;

constexpr int kProseLines = 2000;  // looked at for labels inside the text

// The first words of sentences stand inside sentences too; labels do so seldom.
bool is_prose(std::string_view text, const std::unordered_set<std::string_view>& first_words) {
  std::unordered_set<std::string> labels;
  for (const auto word : first_words) labels.insert(lower(word));
  Lines lines(text);
  Line line;
  int count = 0, inside = 0;
  for (; count < kProseLines && lines.next_filled(line); ++count) {
    take_word(line.text);
    for (auto word = take_word(line.text); !word.empty(); word = take_word(line.text)) {
      inside += labels.count(lower(word)) > 0 ? 1 : 0;
    }
  }
  return 3 * inside > count;
}

// Numbers that come again, or are too few to tell: not those of lines.
bool are_number_labels(std::size_t different, std::size_t lines) {
  return lines < 8 || 2 * different <= lines;
}

// Few different first words beside the number of lines, or numbers, and text behind most of them;
// and nothing that speaks for markup, a log, source code and the like.
int recognise_label_text(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  std::unordered_set<std::string_view> labels;
  std::size_t count = 0, with_text = 0;
  bool numbers = true, plain = true;
  while (lines.next_filled(line) && labels.size() <= kMostLabels) {
    std::string_view rest = line.text;
    const std::string_view label = take_word(rest);
    if (label.size() > kLongestLabel) return 0;
    if (labels.insert(label).second) {
      numbers = numbers && is_number(label);
      plain = plain && is_plain_label(label);
    }
    with_text += trim(rest).empty() ? 0 : 1;
    ++count;
  }
  if (count == 0 || labels.size() > kMostLabels || 2 * with_text < count) return 0;
  if (!plain || !likeness_of(source.text).name.empty()) return 0;
  if (numbers) return are_number_labels(labels.size(), count) ? 60 : 0;
  const bool few = labels.size() > 1 && labels.size() <= std::max<std::size_t>(2, count / 4);
  const bool proper = few && labels.size() < count && source.extension != "csv";
  return proper && !is_prose(source.text, labels) ? 50 : 0;
}

Dataset read_lines(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    Sample sample;
    sample.line = line.number;
    std::string_view text = line.text;
    sample.label = take_word(text);
    collector.add(std::move(sample), std::string(trim(text)));
  }
  return collector.finish("each line is the label, a blank, then the text");
}

}  // namespace

Reader label_text_reader() { return {recognise_label_text, read_lines}; }

}  // namespace refrain::data

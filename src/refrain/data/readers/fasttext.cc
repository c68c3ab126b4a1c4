// fastText lines: `__label__x text`. Lines without a label are read when no line has one.
#include <fmt/format.h>

#include <unordered_set>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::string_view kPrefix = "__label__";
constexpr int kLinesLooked = 50;  // lines for recognition

int recognise_fasttext(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  int seen = 0, labelled = 0;
  for (; seen < kLinesLooked && lines.next_filled(line); ++seen) {
    labelled += trim(line.text).starts_with(kPrefix) ? 1 : 0;
  }
  return 2 * labelled > seen ? 96 : 0;
}

constexpr std::string_view kSeparators = ",;|";  // that some write in place of the blank

// Where labels come again only up to a comma, the comma and not a blank ends them.
bool lacks_blanks(const Source& source) {
  Lines lines(source.text);
  Line line;
  std::unordered_set<std::string_view> whole, before;
  std::size_t separated = 0;
  while (lines.next_filled(line)) {
    std::string_view text = trim(line.text);
    if (!text.starts_with(kPrefix)) continue;
    const std::string_view label = take_word(text);
    separated += label.find_first_of(kSeparators) != std::string_view::npos ? 1 : 0;
    whole.insert(label);
    before.insert(label.substr(0, label.find_first_of(kSeparators)));
  }
  return separated > 0 && before.size() < whole.size();
}

Dataset read_fasttext(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  const bool no_blanks = lacks_blanks(source);
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    Sample sample;
    sample.line = line.number;
    std::string_view text = trim(line.text);
    if (text.starts_with(kPrefix)) {
      sample.label = take_word(text).substr(kPrefix.size());
      text = trim(text);
      const bool joined = sample.label.find_first_of(kSeparators) != std::string::npos;
      if (sample.label.find(kPrefix) != std::string::npos) {
        collector.problems().add(line.number, 0, "more than one label");
      } else if (no_blanks && joined) {
        collector.problems().add(
            line.number, 0,
            fmt::format("the label ends at a blank: it would be {}", shown(sample.label)));
      }
      if (sample.label.empty()) collector.problems().add(line.number, 0, "__label__ without name");
    }
    if (text.starts_with(kPrefix)) {
      collector.problems().add(line.number, 0, "more than one label");
    }
    collector.add(std::move(sample), std::string(text));
  }
  return collector.finish("each line is one __label__x, a blank, then the text");
}

}  // namespace

Reader fasttext_reader() { return {recognise_fasttext, read_fasttext}; }

}  // namespace refrain::data

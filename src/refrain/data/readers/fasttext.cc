// fastText lines: `__label__x text`. Lines without a label are read when no line has one.
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

Dataset read_fasttext(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    Sample sample;
    sample.line = line.number;
    std::string_view text = trim(line.text);
    if (text.starts_with(kPrefix)) {
      sample.label = take_word(text).substr(kPrefix.size());
      text = trim(text);
      if (sample.label.empty()) collector.problems().add(line.number, 0, "__label__ without name");
    }
    if (text.starts_with(kPrefix)) {
      collector.problems().add(line.number, 0, "more than one label");
    }
    collector.add(std::move(sample), std::string(text));
  }
  return collector.finish("each line is one __label__x, then the text");
}

}  // namespace

Reader fasttext_reader() { return {recognise_fasttext, read_fasttext}; }

}  // namespace refrain::data

// A source a line, to predict. A tab in it is a blank like others.
#include "refrain/data/readers/lines.h"
#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"

namespace refrain::data {
namespace {

int recognise_source_lines(const PairInput& input) {
  return input.targets == nullptr && !input.wanted.replies ? 5 : 0;
}

Dataset read_source_lines(const PairInput& input) {
  if (input.wanted.replies) {
    throw Error(Code::kData, input.source.path + ": lines of sources alone have no targets",
                "they serve to predict; to learn and to evaluate, give pairs");
  }
  PairCollector collector(input);
  Lines lines(input.source.text);
  Line line;
  std::vector<std::int64_t> blank;  // lines at the end, until a filled one follows
  while (lines.next(line)) {
    if (trim(line.text).empty()) {
      blank.push_back(line.number);
      continue;
    }
    for (const auto number : blank) collector.add({.line = number, .source = "", .target = ""});
    blank.clear();
    collector.add({.line = line.number, .source = line.text, .target = ""});
  }
  return collector.finish("take empty lines out, and cut long texts into sentences");
}

}  // namespace

PairReader lines_pairs() { return {recognise_source_lines, read_source_lines}; }

}  // namespace refrain::data

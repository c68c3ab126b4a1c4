// One text a line, without labels: new texts for a model of texts. Recognised only where such a
// model asks for them (data/reader.h, read_expected), never for a training.
#include <algorithm>
#include <string>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

bool wants_texts(const Expected* expected) {
  return expected != nullptr && !expected->labelled && expected->streams.size() == 1 &&
         expected->streams.front().kind == StreamKind::kText;
}

// Labelled lines begin with the labels of training.
bool begin_with_labels(const Source& source) {
  const auto& labels = source.expected->labels;
  Lines lines(source.text);
  Line line;
  std::size_t count = 0, labelled = 0;
  while (lines.next_filled(line)) {
    const std::string word(take_word(line.text));
    labelled += std::find(labels.begin(), labels.end(), word) != labels.end() ? 1 : 0;
    ++count;
  }
  return 2 * labelled >= count;
}

// More sure than "label text"; less than formats that show what they are.
int recognise_text_lines(const Source& source, const ReadSpec& spec) {
  if (!wants_texts(source.expected)) return 0;
  if (source.extension == "csv" || source.extension == "tsv") return 0;
  if (source.text.find('\t') != std::string_view::npos) return 0;
  if (!likeness_of(source.text).name.empty()) return 0;
  const TableHead head = table_head(source, spec);
  const bool table = head.has_header && head.names.size() > 1 && head.ragged == 0;
  return table || begin_with_labels(source) ? 0 : 61;
}

Dataset read_text_lines(const Source& source, const ReadSpec&) {
  Collector collector(source, StreamKind::kText);
  Lines lines(source.text);
  Line line;
  while (lines.next_filled(line)) {
    Sample sample;
    sample.line = line.number;
    // Offsets in answers count from where the line begins.
    const bool whole = source.expected != nullptr && source.expected->tagged;
    collector.add(std::move(sample), std::string(whole ? line.text : trim(line.text)));
  }
  Dataset out = collector.finish("each line is a text");
  if (source.expected != nullptr) {
    out.remarks.push_back(source.path + ": each line is read as a text without a label");
  }
  return out;
}

}  // namespace

Reader text_lines_reader() { return {recognise_text_lines, read_text_lines}; }

}  // namespace refrain::data

// Documents of brat standoff: a text, and a file of annotations beside it (Stenetorp et al. 2012).
#pragma once

#include <string>
#include <string_view>

#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/spans.h"

namespace refrain::data {

struct BratDocument {
  std::string name;         // without extension, for messages and as group
  std::string text;         // with its line ends
  std::string annotations;  // the lines of the .ann
  bool annotated = true;    // an annotation file exists
};

// Adds a sample for each line of the text that is not blank. Offsets of annotations count
// characters of the whole text; those of a sample's RawText count from the begin of its line. Spans
// that are cut in two, cross a line end or do not hold the text that the annotation repeats are
// problems.
void add_brat_document(const BratDocument& document, SpanTagger& tagger, Collector& collector);

}  // namespace refrain::data

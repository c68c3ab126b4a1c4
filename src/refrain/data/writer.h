// Writing samples as files that the readers read: series as .ts (no ids) or JSON Lines, texts as
// CSV, TSV or JSON Lines, tagged ones as CoNLL columns, CSV or TSV with a word a row, or JSON Lines
// (raw texts with their spans, words with their tags). Documents are not written. Numbers are
// written so that they read back as the same floats.
#pragma once

#include <string>

#include "refrain/data/sample.h"

namespace refrain::data {

// The forms that a dataset can be written in, by extension: "ts", "jsonl", "csv", "tsv", "conll".
bool can_write(const Dataset& dataset, const std::string& extension);

// The file's text. A sample that was made from another one names it by its id under "derived_from"
// (JSON Lines, CSV), or in a comment before it (.ts). Throws usage where can_write says no,
// data for labels or texts that the form cannot hold.
std::string write_samples(const Dataset& dataset, const std::string& extension);

}  // namespace refrain::data

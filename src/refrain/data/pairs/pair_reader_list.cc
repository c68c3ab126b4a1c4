#include "refrain/data/pairs/pair_reader.h"

// Every reader of pairs, one line each: the function in pairs/ that makes it, its name, what it
// reads. Of two that are equally sure of a file the earlier one gets it.
#define REFRAIN_PAIR_READERS(READER)                                                            \
  READER(parallel_pairs, "parallel", "translate: two files FILE,FILE, paired line by line")     \
  READER(jsonl_pairs, "jsonl-pairs", "translate: JSON Lines: {\"source\":, \"target\":}")       \
  READER(tsv_pairs, "tsv-pairs",                                                                \
         "translate: lines source TAB target; with a header, more columns too")                 \
  READER(csv_pairs, "csv-pairs", "translate: CSV with header and columns of source and target") \
  READER(lines_pairs, "source-lines", "translate: a source each line, to predict")

namespace refrain::data {

#define DECLARE(function, name, description) PairReader function();
REFRAIN_PAIR_READERS(DECLARE)
#undef DECLARE

const base::Registry<PairReader>& pair_readers() {
#define ITEM(function, name, description) {name, description, function()},
  static const base::Registry<PairReader> kReaders("format", {REFRAIN_PAIR_READERS(ITEM)});
#undef ITEM
  return kReaders;
}

}  // namespace refrain::data

#include "refrain/data/history/history_reader.h"

// Every reader of histories, one line each: the function in history/readers/ that makes it, its
// name, what it reads. Of two that are equally sure of a file the earlier one gets it.
#define REFRAIN_HISTORY_READERS(READER)                                                           \
  READER(tsf_history_reader, "tsf", ".tsf of the Monash archive: @ lines, then a series a line")  \
  READER(jsonl_history_reader, "jsonl", "JSON Lines: {\"item_id\":, \"start\":, \"target\": []}") \
  READER(long_history_reader, "long",                                                             \
         "CSV with header, a row a step of a series: id, time, value")                            \
  READER(columns_history_reader, "columns", "CSV with header, one column a series")               \
  READER(rows_history_reader, "rows", "CSV as in the M4 competition, a row a series: id, values")

namespace refrain::data {

#define DECLARE(function, name, description) HistoryReader function();
REFRAIN_HISTORY_READERS(DECLARE)
#undef DECLARE

const base::Registry<HistoryReader>& history_readers() {
#define ITEM(function, name, description) {name, description, function()},
  static const base::Registry<HistoryReader> kReaders("format", {REFRAIN_HISTORY_READERS(ITEM)});
#undef ITEM
  return kReaders;
}

}  // namespace refrain::data

// CSV with a header, one row a step of a series: columns with the series' id, the time, the value,
// and covariates. Without an id column the file is one series.
#include "refrain/data/history/timed_table.h"

namespace refrain::data {
namespace {

int recognise_long_history(const Source& source, const HistorySpec& spec) {
  return shape_of(history_head(source), spec) == TableShape::kLong ? 80 : 0;
}

Histories read_long_history(const Source& source, const HistorySpec& spec) {
  const HistoryHead head = history_head(source);
  return read_timed_table(source, head, long_layout(source, head, spec));
}

}  // namespace

HistoryReader long_history_reader() {
  return {recognise_long_history, read_long_history, "a row a step"};
}

}  // namespace refrain::data

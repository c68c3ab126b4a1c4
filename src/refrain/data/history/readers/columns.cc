// CSV with a header, one column a series, and a column with the time; without one rows are
// numbered.
#include "refrain/data/history/timed_table.h"

namespace refrain::data {
namespace {

int recognise_history_columns(const Source& source, const HistorySpec& spec) {
  return shape_of(history_head(source), spec) == TableShape::kColumns ? 80 : 0;
}

Histories read_history_columns(const Source& source, const HistorySpec& spec) {
  const HistoryHead head = history_head(source);
  return read_timed_table(source, head, columns_layout(source, head, spec));
}

}  // namespace

HistoryReader columns_history_reader() {
  return {recognise_history_columns, read_history_columns, "a column a series"};
}

}  // namespace refrain::data

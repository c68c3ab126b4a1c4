// Reading of tables with a header and a row a time: what "long" and "columns" share.
#pragma once

#include "refrain/data/history/table_layout.h"

namespace refrain::data {

// Reads all rows by this layout. Throws data with everything that is wrong.
Histories read_timed_table(const Source& source, const HistoryHead& head,
                           const HistoryLayout& layout);

}  // namespace refrain::data

// Tables as JSON; for the sources of this layer only.
#pragma once

#include "refrain/base/json.h"
#include "refrain/base/table.h"

namespace refrain::api {

// An object of rows, each an object of columns; or a list of rows without names.
base::Json json_of_table(const Table& table);

// All of these and back again; very large ones (of more than 200 rows) are left out.
base::Json json_of_tables(const std::vector<Table>& tables);
std::vector<Table> tables_of_json(const base::Json& json);

}  // namespace refrain::api

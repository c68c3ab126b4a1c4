// Tables as JSON; for the sources of this layer only.
#pragma once

#include "refrain/base/json.h"
#include "refrain/base/table.h"

namespace refrain::api {

// An object of rows, each an object of columns; or a list of rows without names.
base::Json json_of_table(const Table& table);

}  // namespace refrain::api

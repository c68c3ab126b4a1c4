// The names of a training file's columns as a model keeps them.
#pragma once

#include "refrain/base/json.h"
#include "refrain/data/sample.h"

namespace refrain::data {

base::Json to_json(const Columns& columns);
// Throws for what to_json cannot have made.
Columns columns_from_json(const base::Json& json);

}  // namespace refrain::data

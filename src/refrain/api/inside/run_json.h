// A stored run as JSON; for the sources of this layer only.
#pragma once

#include "refrain/base/json.h"
#include "refrain/store/run.h"

namespace refrain::api {

// Unknown numbers are null. `everything`: with predictions and curve.
base::Json to_json(const store::Run& run, bool everything);

// The text of a JSON object; where it is none, an object with the text in "text".
base::Json parse_object(const std::string& text);

}  // namespace refrain::api

// The name of the JSON type, without its definition: headers pass it on, and each source that looks
// inside includes <nlohmann/json.hpp>, which takes the compiler three seconds.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace refrain::base {

using Json = nlohmann::ordered_json;  // objects keep the order of their keys

}  // namespace refrain::base

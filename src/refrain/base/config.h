// Configuration files: TOML or JSON, told apart by the extension, else by the content.
#pragma once

#include <string>

#include "refrain/base/json.h"

namespace refrain::base {

// The text as JSON; the path serves for messages and for its extension. Throws usage naming the
// place where the syntax is wrong.
Json parse_config(const std::string& path, const std::string& text);

}  // namespace refrain::base

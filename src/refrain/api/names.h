// "Did you mean": helps a front end to answer a mistyped name. Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

// The known name closest to the given one, or "" when none is close.
std::string nearest_name(const std::string& name, const std::vector<std::string>& known);

}  // namespace refrain::api

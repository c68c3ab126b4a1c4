// The version of this library.
#pragma once

#include <string>

namespace refrain::api {

std::string version();  // "0.1.0"

}  // namespace refrain::api

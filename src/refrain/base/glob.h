// Patterns of names: '*' stands for any text, '?' for any one byte.
#pragma once

#include <string_view>

namespace refrain::base {

bool matches_glob(std::string_view pattern, std::string_view name);

}  // namespace refrain::base

// A place that is counted in int, as the standard library wants it.
#pragma once

#include <cstddef>

namespace refrain::base {

inline std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace refrain::base

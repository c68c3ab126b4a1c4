// Files that every page carries: its own style and script (page.css, page.js), and those of the
// plotting library dygraphs, which the build takes from the system (cmake/assets.cmake). They are
// packed inside of the program.
#pragma once

#include <string>

namespace refrain::report {

// The file of this name. Throws internal where there is none.
const std::string& asset(const std::string& name);

}  // namespace refrain::report

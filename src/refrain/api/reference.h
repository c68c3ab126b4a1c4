// The reference page of all options, made from their declarations. Standard library only.
#pragma once

#include <string>

namespace refrain::api {

// A Markdown page: a table a section with name, values, default and help. doc/options.md is this
// text.
std::string option_reference();

}  // namespace refrain::api

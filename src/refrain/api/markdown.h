// Sections as a Markdown page. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/section.h"

namespace refrain::api {

// One heading a section, details included. Text is escaped; a curve of many points is thinned out,
// its first and last point stay.
std::string markdown(const std::vector<Section>& sections);

}  // namespace refrain::api

// The sections of a report as text for a terminal, details left out.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/section.h"

namespace refrain::cli {

std::string summary(const std::vector<api::Section>& sections);

}  // namespace refrain::cli

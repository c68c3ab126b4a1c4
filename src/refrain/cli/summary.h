// The sections of a report as text for a terminal, details left out.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/section.h"

namespace refrain::cli {

std::string summary(const std::vector<api::Section>& sections);

// One table; of many rows the worst, of a large matrix of counts its largest entries.
std::string text_of(const Table& table);

}  // namespace refrain::cli

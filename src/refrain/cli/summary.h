// A Report for people.
#pragma once

#include <string>

#include "refrain/api/report.h"

namespace refrain::cli {

std::string summary(const api::Report& report);

}  // namespace refrain::cli

// The first screen of a result: at most fifteen lines with what was said on the way.
#pragma once

#include <string>

#include "refrain/api/brief.h"
#include "refrain/cli/screen.h"

namespace refrain::cli {

// What a result leaves behind, as a front end named it; "" where there is none.
struct Places {
  std::string model;    // the file, or what to do to get one
  std::string details;  // the command that shows all of it
  std::string report;   // the page
  int hidden = 0;       // remarks that were not shown
};

std::string first_screen(const api::Brief& brief, const Places& places, const Screen& screen);

}  // namespace refrain::cli

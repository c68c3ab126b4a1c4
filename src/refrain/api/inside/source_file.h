// One file or folder as a source; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/sources.h"

namespace refrain::api {

// True if a folder has the files of a text encoder, even damaged ones.
bool holds_encoder(const std::string& folder);

// Never throws for what the folder holds.
FoundSource look_at_encoder(const std::string& folder);

}  // namespace refrain::api

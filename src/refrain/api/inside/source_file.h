// One file or folder as a source; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/sources.h"

namespace refrain::api {

// Whether a folder has the files of an encoder, sound or not.
bool holds_encoder(const std::string& folder);

// Never throws for what the folder holds.
FoundSource look_at_encoder(const std::string& folder);

}  // namespace refrain::api

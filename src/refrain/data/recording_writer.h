// Recordings as a folder that the readers read: WAV files and the list of them.
#pragma once

#include <string>

#include "refrain/data/sample.h"

namespace refrain::data {

// Makes the folder with one WAV file of 16 bits a sample and list.csv (id, source, path, label,
// group). Throws io where the folder is there already or cannot be written.
void write_recordings(const std::string& folder, const Dataset& dataset);

}  // namespace refrain::data

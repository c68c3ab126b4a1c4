// Specifications that are often worth a try, gentle enough for most data: what --augment auto
// chooses among.
#pragma once

#include <string>
#include <vector>

#include "refrain/augment/pool.h"

namespace refrain::augment {

// For samples of this kind; only operations that there are.
std::vector<std::string> usual(data::StreamKind kind);

// For each kind of stream that the samples have; for recordings what varies sound.
std::vector<std::string> usual_of(const data::Dataset& dataset);

// Returns the source of --meanings that suits these texts: "wordnet" if it is installed and most
// words are English, else "".
std::string usual_meanings(const Pool& pool);

}  // namespace refrain::augment

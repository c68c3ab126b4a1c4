// Words that look like given ones, for a model to write replies to (self_training.h).
#pragma once

#include <string>
#include <vector>

#include "refrain/base/rng.h"

namespace refrain::transduce {

// Different words, none of them a given one, whose letters are drawn from n-grams of the given ones
// (modified Kneser-Ney, language/kneser_ney.h) and of which none is shorter or longer than all of
// those. Fewer than `number` where so many are not found.
std::vector<std::string> invented_words(const std::vector<std::string>& words, int number,
                                        base::Rng rng);

}  // namespace refrain::transduce

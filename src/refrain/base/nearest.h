// "Did you mean": the known word closest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::base {

// The candidate with the smallest edit distance (insert, delete, replace, swap of neighbours), or
// "" when none is close enough to be a plausible slip (a third of the word's length, at least one).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean 'x'?" or, when nothing is close, "choose one of a, b, c".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace refrain::base

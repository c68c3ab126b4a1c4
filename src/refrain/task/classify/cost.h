// The costs of mistakes, as the user writes them: "sick>healthy=10, healthy>sick=1" (true class >
// answer). A mistake that is not named costs 1, a correct answer 0.
#pragma once

#include <string>
#include <vector>

#include "refrain/score/decision.h"

namespace refrain::task {

// Empty for an empty text. Throws usage for labels that are not there ("did you mean"), costs that
// are not numbers of at least 0, or anything else.
score::Cost parse_cost(const std::string& text, const std::vector<std::string>& labels);

}  // namespace refrain::task

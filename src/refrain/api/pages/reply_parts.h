// Parts of the page of models that write replies. For the sources of this layer only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/pages/told.h"
#include "refrain/score/replies.h"

namespace refrain::api {

const score::Replies& replies_of_repeat(const ToldAnswers& answers);

// The answers of the first repetition, those with the fewest errors first; of equally good ones the
// longest first. Errors are edits of words, or of characters where there are no words.
struct RankedReply {
  std::size_t number = 0;  // among the answers
  double errors = 0;       // edits over units of the reference
};
std::vector<RankedReply> ranked_replies(const score::Replies& answers);

// The worst, middle and best replies beside their sources and references, differences marked.
std::string replies_told(const Told& told, const std::vector<RankedReply>& ranked);

// What the model attended to, or when it wrote its symbols, for some samples; or why that is not
// drawn.
std::string alignments_told(const Told& told, const std::vector<RankedReply>& ranked);

}  // namespace refrain::api

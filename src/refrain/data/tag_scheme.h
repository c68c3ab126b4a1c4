// Tags of words that mark spans (entities, slots): O outside, and a letter, a hyphen and a type
// inside. One form is used from reading on, BIO: B- begins a span, I- goes on with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::data {

// "O", or one of B- I- M- E- L- S- U- and a type.
bool is_span_tag(std::string_view tag);

// The tags of one sentence in BIO, from IOB1 (B- only where two spans of a type touch; Ramshaw and
// Marcus 1995), BIO, BIOES, BILOU or BMES. Tags of other forms stay.
std::vector<std::string> to_bio(const std::vector<std::string>& tags);

}  // namespace refrain::data

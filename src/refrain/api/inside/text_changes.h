// What changed from one text to another, token by token; for the sources of this layer only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

struct TextPart {
  enum class Kind { kSame, kNew, kGone };
  Kind kind = Kind::kSame;
  std::string text;  // as it stands, with the blanks behind its tokens

  bool operator==(const TextPart&) const = default;
};

// Parts of `after` in their order, between them what of `before` is gone: a longest common
// subsequence of tokens stays. Very long texts are one new part.
std::vector<TextPart> text_changes(const std::string& before, const std::string& after);

// How many tokens are new or gone.
int changed_tokens(const std::vector<TextPart>& parts);

}  // namespace refrain::api

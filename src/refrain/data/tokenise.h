// Text -> tokens, by one rule for all languages, so that mixed Chinese and English text works:
//  - a run of letters, digits and combining marks is a word (Latin, Cyrillic, Korean, Thai, ...);
//    an apostrophe or hyphen between two letters stays in the word: don't, well-known;
//  - every Chinese character, kana or Bopomofo letter is a token of its own;
//  - every other visible character is a token of its own, with the marks that follow it;
//  - spaces, control and invisible format characters separate or vanish, they are never tokens.
// Tokens are in Unicode normal form C and at most 64 characters long (the rest is dropped).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::data {

// The tokens of a UTF-8 text in order; `lowercase` folds case. Typographic apostrophes and hyphens
// inside words become ASCII ones; invalid bytes become U+FFFD each. Never throws for any content.
std::vector<std::string> tokenise(std::string_view text, bool lowercase);

enum class TokenKind : unsigned char {
  kWord,       // a run of letters and digits
  kIdeograph,  // a Chinese character, kana or Bopomofo letter
  kMark        // any other visible character
};

// Where a token stands in the text, in bytes [begin, end), without a limit of length.
struct TokenSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  TokenKind kind = TokenKind::kWord;
};

// The places of the tokens by the same rule, for who wants to keep the bytes as they stood; an
// invalid byte is a mark. Never throws for any content.
std::vector<TokenSpan> token_spans(std::string_view text);

// The code points of a UTF-8 text, U+FFFD for each invalid byte.
std::u32string code_points(std::string_view text);

}  // namespace refrain::data

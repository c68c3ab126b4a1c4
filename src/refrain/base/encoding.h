// Text encodings: Refrain works in UTF-8. Other encodings are named in the error and converted on
// request (--encoding) by iconv(3), so every name that the system's iconv knows is accepted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::base {

// The byte offset of the first invalid UTF-8 sequence, or npos.
std::size_t first_invalid_utf8(std::string_view bytes);

// The usual names that --encoding takes. latin-1 is read as Windows-1252, its superset in practice;
// the five bytes undefined there stay the control characters of Latin-1.
std::vector<std::string> encoding_names();

struct Decoded {
  std::string text;              // UTF-8 without byte-order mark
  std::vector<std::size_t> bad;  // offsets in text of each U+FFFD put in place of a bad byte
};

// Never fails on bytes, see Decoded::bad. A UTF-16 byte-order mark overrides "utf-8". Throws usage
// for an unknown encoding.
Decoded decode(std::string bytes, const std::string& encoding);

// Decodes as decode() does, but throws data for bytes that are invalid in the encoding.
std::string to_utf8(std::string bytes, const std::string& encoding);

// An encoding that bytes may be in, and the first words that are not plain ASCII as it reads them.
struct EncodingGuess {
  std::string name, sample;
};

// The likeliest encodings of bytes that are not valid UTF-8, at most three, the best first: by
// which of them the text has letters of one script, as words have them.
std::vector<EncodingGuess> guess_encodings(std::string_view bytes);

// Names a likely encoding for bytes that are not valid UTF-8: "utf-16" (many zero bytes), "utf-8"
// (a few damaged bytes), "gb18030" (double bytes, as in Chinese text) or else "latin-1".
std::string guess_encoding(std::string_view bytes);

}  // namespace refrain::base

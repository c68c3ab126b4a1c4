// Text encodings: Refrain works in UTF-8; other encodings are named in the error and converted on
// request (--encoding).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::base {

// The byte offset of the first invalid UTF-8 sequence, or npos.
std::size_t first_invalid_utf8(std::string_view bytes);

// Names that --encoding takes: utf-8, latin-1 (read as Windows-1252, its superset in practice),
// utf-16.
std::vector<std::string> encoding_names();

// The bytes as UTF-8 without a byte-order mark. Throws data for bytes that the encoding does not
// have, usage for an unknown encoding.
std::string to_utf8(std::string bytes, const std::string& encoding);

}  // namespace refrain::base

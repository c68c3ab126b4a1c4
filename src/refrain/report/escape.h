// Escapes text of a file for a page: none of it is markup, and none of it changes the text beside
// it. Control characters become blanks or a replacement character; characters that turn the
// direction of text or take no room are spelt out ("[U+202E]"); bytes that are not valid UTF-8
// become U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace refrain::report {

constexpr std::size_t kWholeText = static_cast<std::size_t>(-1);

// Safe, but not yet escaped: for text that a script puts in, and as what escaped() begins with.
// At most `most` characters, then an ellipsis.
std::string harmless(std::string_view text, std::size_t most = kWholeText);

// Escapes text for markup, between tags and inside quoted attributes.
std::string escaped(std::string_view text, std::size_t most = kWholeText);

// A JSON text inside of <script>: no end of a script or begin of a comment, no line separators.
std::string inside_script(std::string_view json);

// Letters that any page may hold (RFC 4648).
std::string base64(std::string_view bytes);

}  // namespace refrain::report

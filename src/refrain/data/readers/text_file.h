// The files of a folder that belong together.
#pragma once

#include <string>

namespace refrain::data {

// The text of a file in UTF-8, unpacked. Throws io, or data with the line of bytes that are not of
// the encoding.
std::string text_of_file(const std::string& path, const std::string& encoding);

}  // namespace refrain::data

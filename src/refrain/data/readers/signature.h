// Well-known binary files, recognised by their first bytes, so that the error can name them.
#pragma once

#include <string>
#include <string_view>

namespace refrain::data {

// The kind of a binary file and the remedy; both "" if the bytes may be text.
struct BinaryKind {
  std::string name;
  std::string hint;
  bool sound = false;  // a recording of a kind that is not read
};
BinaryKind binary_kind(std::string_view bytes);

}  // namespace refrain::data

// SHA-256 (FIPS 180-4): the identity of data, splits, parameters and predictions, equal for equal
// bytes on every machine. Not for secrets. Add bytes in any number of pieces, then take hex() once.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::base {

class Digest {
 public:
  Digest& add(std::string_view bytes);

  // Numbers as their bytes lie in memory, behind their count: lists cannot run into each other.
  template <class List>
  Digest& add_list(const List& values) {
    add_count(values.size());
    return add({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])});
  }
  // Text behind its length.
  Digest& add_text(std::string_view text);
  Digest& add_count(std::uint64_t count);

  std::string hex();  // 64 lowercase digits; nothing may be added afterwards

 private:
  void take_block(const unsigned char* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_{};
  std::uint64_t length_ = 0;  // bytes so far
};

std::string sha256(std::string_view bytes);

}  // namespace refrain::base

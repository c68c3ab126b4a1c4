// Reading and writing whole files. Reading unpacks .gz (recognised by its first bytes). Writing
// goes to a temporary name beside the target, is flushed to the disk and renamed, so that a file is
// never half written whatever happens: power loss leaves the old one. All errors are Error(io)
// naming the path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::base {

struct FileBytes {
  std::string bytes;
  bool was_compressed = false;
};

// Throws io where the path is missing, a directory, unreadable, or a damaged .gz; usage hints
// included.
// "-" is standard input.
FileBytes read_file(const std::string& path);

// The bytes of a .gz file, unpacked; `path` is for messages. Throws io where they are damaged.
std::string unpack_gz(std::string_view packed, const std::string& path);

// Throws io where the folder is missing or read-only, or the disk is full; then nothing is left
// behind. A link stays a link, its target is replaced; a device or pipe is written to as it is.
void write_file_atomically(const std::string& path, std::string_view bytes);

// Throws io now if a file could not be created at this path later (checked before long work).
void check_writable(const std::string& path);

std::uint32_t crc32(std::string_view bytes, std::uint32_t previous = 0);

}  // namespace refrain::base

// A file that is read piece by piece and need not fit into memory; .gz is unpacked on the way.
#pragma once

#include <memory>
#include <string>

namespace refrain::base {

class ByteStream {
 public:
  // Throws io where the path is missing, a directory or unreadable.
  explicit ByteStream(const std::string& path);
  ~ByteStream();

  // The next line without its end (LF or CRLF); false at the end of the file. Throws io for a
  // damaged .gz and data for a line of more than 64 MB.
  bool line(std::string& out);
  // Up to `count` bytes; fewer at the end of the file alone.
  std::size_t read(char* out, std::size_t count);
  // The next byte without taking it; -1 at the end.
  int peek();

 private:
  bool fill();

  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace refrain::base

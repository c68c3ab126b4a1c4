#include "refrain/api/output.h"

#include "refrain/base/files.h"

namespace refrain::api {

void write_file(const std::string& path, const std::string& text) {
  base::write_file_atomically(path, text);
}

void require_writable(const std::string& path) { base::check_writable(path); }

}  // namespace refrain::api

#include "refrain/data/readers/text_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::data {

std::string text_of_file(const std::string& path, const std::string& encoding) {
  base::Decoded decoded = base::decode(base::read_file(path).bytes, encoding);
  if (decoded.bad.empty()) return std::move(decoded.text);
  const auto end = decoded.text.begin() + static_cast<std::ptrdiff_t>(decoded.bad.front());
  throw Error(
      Code::kData,
      fmt::format("{}:{}: not {}", path, 1 + std::count(decoded.text.begin(), end, '\n'), encoding),
      "name its --encoding");
}

}  // namespace refrain::data

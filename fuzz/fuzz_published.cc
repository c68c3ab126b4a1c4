// Feeds any text to the reader of published scores: it may be refused with refrain::Error and must
// do nothing worse.
#include <cstdint>
#include <string_view>

#include "refrain/base/error.h"
#include "refrain/store/published.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    refrain::store::parse_published({reinterpret_cast<const char*>(data), size}, "fuzz.tsv");
  } catch (const refrain::Error&) {
  }
  return 0;
}

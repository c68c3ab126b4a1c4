// Feeds any text to the options as a TOML and as a JSON configuration: it may be refused with
// refrain::Error and must do nothing worse.
#include <cstdint>
#include <string>

#include "refrain/api/options.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"fuzz.toml", "fuzz.json"}) {
    try {
      refrain::api::Options options;
      options.load_text(text, name);
    } catch (const refrain::Error&) {
    }
  }
  return 0;
}

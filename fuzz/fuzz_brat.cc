// Feeds any text and any annotations of it, with a zero byte between, to the reader of brat: it may
// refuse them with refrain::Error and must do nothing worse.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/error.h"
#include "refrain/data/readers/brat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace refrain::data;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = bytes.find('\0');
  if (zero == std::string::npos) return 0;
  try {
    const Source source{"fuzz", "", ""};
    Collector collector(source, StreamKind::kText);
    SpanTagger tagger("fuzz", false);
    add_brat_document({"x", bytes.substr(0, zero), bytes.substr(zero + 1)}, tagger, collector);
    tagger.finish();
    for (const auto& sample : collector.finish("").samples) {
      if (raw_of(sample) == nullptr || sample.raw->begin.size() != sample.tags.size()) std::abort();
    }
  } catch (const refrain::Error&) {
  }
  return 0;
}

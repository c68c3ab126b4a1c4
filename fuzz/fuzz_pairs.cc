// Feeds any bytes to the readers of pairs: they may refuse them with refrain::Error and must do
// nothing worse. The first byte chooses the format, or recognition, and whether targets are needed;
// behind a zero byte stands the second of two parallel files.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/recognised.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// What read_pairs promises.
void check(const refrain::data::Dataset& read, bool replies) {
  require(!read.samples.empty() && read.streams.size() == 1 && !read.format.empty());
  bool any = false;
  for (const auto& sample : read.samples) {
    require(!sample.id.empty() && sample.line > 0 && sample.streams.size() == 1);
    require(!std::get<std::string>(sample.streams[0]).empty());
    require(!replies || !sample.label.empty());
    any = any || !sample.label.empty();
  }
  require(any == read.has_labels && !refrain::data::recognised_replies(read).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace refrain::data;
  if (size == 0) return 0;
  const auto formats = pair_readers().names();
  const std::size_t which = data[0] / 2 % (2 * formats.size());
  const bool replies = data[0] % 2 == 0;
  ReadSpec spec;
  if (which < formats.size()) spec.format = formats[which];
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t zero = bytes.find('\0');
  std::vector<PairFile> files = {{"fuzz", bytes.substr(0, zero)}};
  if (zero != std::string::npos) files.push_back({"fuzz.de", bytes.substr(zero + 1)});
  try {
    check(read_pairs_from(std::move(files), spec, replies, refrain::base::Log()), replies);
  } catch (const refrain::Error&) {
  }
  return 0;
}

// Feeds one reader any bytes: it may refuse them with refrain::Error and must do nothing worse. The
// reader's name comes from the program's, fuzz_reader_NAME (with _ for -); "auto" takes the whole
// way with decoding and recognition.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "refrain/base/error.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/reader.h"

namespace {

using refrain::data::Dataset;
using refrain::data::Series;

// Steps of a series, words of a text between blanks.
std::size_t places(const refrain::data::Value& value) {
  if (const auto* series = std::get_if<Series>(&value)) {
    return static_cast<std::size_t>(series->steps);
  }
  std::istringstream words(std::get<std::string>(value));
  std::size_t count = 0;
  for (std::string word; std::getline(words, word, ' ');) ++count;
  return count;
}

// What every reader promises about the samples it returns.
void check(const Dataset& dataset) {
  if (dataset.streams.size() != 1 || dataset.samples.empty()) std::abort();
  for (const auto& sample : dataset.samples) {
    if (sample.streams.size() != 1 || sample.id.empty() || sample.line < 1) std::abort();
    if (dataset.has_labels == sample.label.empty()) std::abort();
    const auto* series = std::get_if<Series>(&sample.streams[0]);
    const bool tagged = dataset.has_tags || !sample.tags.empty();
    if (tagged && sample.tags.size() != places(sample.streams[0])) std::abort();
    const auto* raw = sample.raw.get();
    if (raw != nullptr && refrain::data::raw_of(sample) != raw) std::abort();
    if (raw != nullptr && raw->begin.size() != sample.tags.size()) std::abort();
    if (series == nullptr) continue;
    const bool whole = series->steps > 0 && series->channels == dataset.streams[0].channels &&
                       series->values.size() == static_cast<std::size_t>(series->steps) *
                                                    static_cast<std::size_t>(series->channels);
    if (!whole) std::abort();
  }
}

std::string reader_name = "auto";

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  const std::string program = (*argv)[0], prefix = "fuzz_reader_";
  const std::size_t at = program.rfind(prefix);
  if (at == std::string::npos) std::abort();
  reader_name = program.substr(at + prefix.size());
  std::replace(reader_name.begin(), reader_name.end(), '_', '-');
  if (reader_name != "auto") refrain::data::readers().at(reader_name);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const refrain::data::ReadSpec spec;
  try {
    if (reader_name == "auto") {
      check(refrain::data::read_bytes(bytes, "fuzz.csv", spec, refrain::base::Log()));
      return 0;
    }
    const auto& reader = refrain::data::readers().at(reader_name);
    const refrain::data::Source source{"fuzz", "csv", bytes};
    const int score = reader.recognise(source, spec);
    if (score < 0 || score > 100) std::abort();
    check(reader.read(source, spec));
  } catch (const refrain::Error&) {
  }
  return 0;
}

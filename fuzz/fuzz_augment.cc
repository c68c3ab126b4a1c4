// Feeds any text to the grammar of augmentation, as text and as JSON: it may be refused with
// refrain::Error; what is taken must read back as itself and run on a small series and a text.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "refrain/augment/derive.h"
#include "refrain/augment/parse.h"
#include "refrain/base/config.h"

namespace {

using namespace refrain;

data::Dataset dataset(const data::Value& value, data::StreamKind kind, int channels) {
  data::Dataset d;
  d.streams = {{"stream", kind, channels, {}}};
  d.samples.resize(2);
  for (auto& sample : d.samples) sample.streams = {value};
  return d;
}

const data::Dataset& series() {
  static const data::Dataset d = dataset(data::Series{6, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}},
                                         data::StreamKind::kSeries, 2);
  return d;
}

const data::Dataset& texts() {
  static const data::Dataset d =
      dataset(std::string("A text, of a few words."), data::StreamKind::kText, 0);
  return d;
}

void run(const augment::Step& step) {
  const auto pipeline = augment::Pipeline::make(step);
  const std::string text = pipeline.text();
  if (augment::Pipeline::make(augment::parse_text(text)).text() != text) std::abort();
  if (augment::Pipeline::make(augment::parse_json(pipeline.json())).text() != text) std::abort();
  for (const auto* d : {&series(), &texts()}) {
    const augment::Pool pool(*d, {0, 1});
    augment::derive(pipeline, pool, 0, augment::epoch_rng(1, 0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("command") != std::string::npos) return 0;  // back-translation runs commands
  try {
    run(augment::parse_text(text));
  } catch (const Error&) {
  }
  try {
    run(augment::parse_json(base::parse_config("fuzz.json", text)));
  } catch (const Error&) {
  }
  return 0;
}

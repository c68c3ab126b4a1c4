// Feeds the model loader any bytes, and a head of any text in an otherwise sound file: it may
// refuse them with refrain::Error and must do nothing worse. A model that it accepts must predict.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/error.h"
#include "refrain/task/model_file.h"
#include "refrain/tensor/safetensors.h"

namespace {

using refrain::data::Series;
using refrain::data::StreamKind;

// One short sample of the right form gets finite probabilities.
void use(const refrain::task::Model& model) {
  refrain::data::Dataset data;
  data.streams = model.features.streams();
  auto& sample = data.samples.emplace_back();
  for (const auto& stream : data.streams) {
    if (stream.kind == StreamKind::kText) {
      sample.streams.emplace_back(std::string("a b"));
    } else {
      const auto values = static_cast<std::size_t>(stream.channels) * 2;
      sample.streams.emplace_back(Series{2, stream.channels, std::vector<float>(values, 1)});
    }
  }
  const std::vector<int> only = {0};
  const auto p = model.predict({data, only}, 1);
  if (p.size() != static_cast<std::size_t>(model.goal->width())) std::abort();
}

void load(const std::string& bytes) {
  try {
    use(refrain::task::parse_model(bytes, "fuzz"));
  } catch (const refrain::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  load(bytes);
  refrain::tensor::TensorFile file;
  file.metadata["refrain"] = bytes;
  file.tensors.push_back({"head.w", {2, 2}, {1, 2, 3, 4}});
  load(refrain::tensor::to_safetensors(file));
  return 0;
}

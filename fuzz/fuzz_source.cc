// Feeds the loader of language models any bytes, and a head of any text in an otherwise sound file:
// it may refuse them with refrain::Error and must do nothing worse. A source that it accepts must
// write.
#include <cstdint>
#include <string>

#include "refrain/base/error.h"
#include "refrain/language/generate.h"
#include "refrain/tensor/safetensors.h"

namespace {

void load(const std::string& bytes) {
  try {
    const auto source = refrain::language::source_from(bytes, "fuzz");
    refrain::language::Generation few;
    few.prompt = "a b";
    few.length = 2;
    refrain::language::generate(source, few);
  } catch (const refrain::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  load(text);
  refrain::tensor::TensorFile file;
  file.metadata["refrain"] = text;
  load(refrain::tensor::to_safetensors(file));
  return 0;
}

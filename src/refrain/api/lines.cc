#include "refrain/api/lines.h"

#include <fmt/format.h>

#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/encoding.h"

namespace refrain::api {
namespace {

Samples one_text(const std::string& text, int line) {
  const auto bad = base::first_invalid_utf8(text);
  if (bad != std::string::npos) {
    throw Error(Code::kData, fmt::format("standard input:{}: not UTF-8 at byte {}", line, bad + 1),
                "convert it (iconv -f latin1 -t utf-8), or give a file and its --encoding");
  }
  Samples out;
  out.name = "standard input";
  out.text = true;
  out.texts = {text};
  return out;
}

}  // namespace

Lines::Lines(const Model& model, const Options& options) : model_(model) {
  const auto& streams = model.impl().model.features.streams();
  const char* remedy = "write the samples to a file and give its name";
  if (!model.impl().model.encoder.empty()) {
    throw Error(Code::kUnsupported,
                "standard input is answered line by line, and the model's --encoder reads files",
                remedy);
  }
  if (streams.size() > 1 || streams.front().kind != data::StreamKind::kText) {
    throw Error(Code::kUnsupported,
                "standard input holds a text a line, and the model does not read single texts",
                remedy);
  }
  const auto fields = data::read_fields();
  for (const auto& field : fields.list()) {
    if (!options.impl().spec.given.contains(field.name)) continue;
    throw Error(Code::kUsage,
                fmt::format("--{} is for files; standard input holds a text a line in UTF-8",
                            base::option_name(field.name)),
                "leave it out, or give a file");
  }
}

Prediction Lines::predict(const std::string& text, int line) const {
  const auto dataset = dataset_for(one_text(text, line), model_.impl().model);
  auto said = model_.impl().model.answer({dataset, all_of(dataset)}, 1);
  return {std::to_string(line), said.decided.front(), std::move(said.numbers)};
}

Tagged Lines::tag(const std::string& text, int line) const {
  Tagged out = std::move(api::tag(model_, one_text(text, line), 1).front());
  out.id = std::to_string(line);
  return out;
}

}  // namespace refrain::api

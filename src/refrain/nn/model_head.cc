#include "refrain/nn/model_head.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/nn/param_file.h"

namespace refrain::nn {

using base::Json;

namespace {

Json head_in(const tensor::TensorFile& file) {
  const auto found = file.metadata.find("refrain");
  return found == file.metadata.end() ? Json() : Json::parse(found->second, nullptr, false);
}

}  // namespace

void put_head(const Json& head, tensor::TensorFile& file) {
  file.metadata["refrain"] = head.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void put_parameters(const ParamSet& params, const std::string& prefix, tensor::TensorFile& file) {
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    file.tensors.push_back(to_tensor(params, static_cast<int>(i), prefix));
  }
}

bool is_of_kind(const tensor::TensorFile& file, const ModelKind& kind) {
  const Json head = head_in(file);
  return head.is_object() && head.contains("kind") && head.at("kind") == kind.kind;
}

void read_model(std::string_view bytes, const std::string& path, const ModelKind& kind,
                const std::function<void(const tensor::TensorFile&, const Json& head)>& read) {
  const auto file = tensor::from_safetensors(bytes, path);
  if (!is_of_kind(file, kind)) {
    throw Error(Code::kData, fmt::format("{} {}", path, kind.not_this), kind.hint);
  }
  const char* again = "fetch the file again or train it again";
  try {
    read(file, head_in(file));
  } catch (const Error& e) {
    throw Error(Code::kData, fmt::format("{}: {}", path, e.what()),
                e.hint().empty() ? again : e.hint());
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": its head is damaged", again);
  }
}

void require_held(const ParamSet& claimed, const tensor::TensorFile& file) {
  std::size_t held = 0;
  for (const auto& t : file.tensors) held += t.values.size();
  if (claimed.parameter_count() <= held) return;
  throw Error(Code::kData, "claims an impossible size");
}

void require_self_test(const Json& expected, const std::vector<double>& got, double tolerance) {
  bool same = expected.is_array() && expected.size() == got.size();
  for (std::size_t i = 0; same && i < got.size(); ++i) {
    same = expected[i].is_number() &&
           std::abs(expected[i].get<double>() - got[i]) <= tolerance * (1 + std::abs(got[i]));
  }
  if (same) return;
  throw Error(Code::kData,
              "the self-test fails: it does not compute what it did when it was saved");
}

}  // namespace refrain::nn

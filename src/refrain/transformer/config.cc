#include "refrain/transformer/config.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::transformer {
namespace {

using base::Json;

constexpr int kDeepest = 32;  // nested brackets
constexpr const char* kFolderHint =
    "give a folder with config.json, model.safetensors and vocab.txt or tokenizer.json, as "
    "save_pretrained() of Hugging Face Transformers writes it";

class ConfigReader {
 public:
  ConfigReader(const Json& json, const std::string& path) : json_(json), path_(path) {}

  int size(const char* name, int most) const {
    const Json value = json_.value(name, Json());
    if (!value.is_number_integer()) {
      throw Error(Code::kData, fmt::format("{}: '{}' is missing or no integer", path_, name),
                  kFolderHint);
    }
    const auto number = value.get<std::int64_t>();
    if (number < 1 || number > most) {
      throw Error(Code::kData,
                  fmt::format("{}: '{}' is {}, not in [1, {}]", path_, name, value.dump(), most),
                  kFolderHint);
    }
    return static_cast<int>(number);
  }

  std::string text(const char* name, const std::string& usual) const {
    const Json value = json_.value(name, Json(usual));
    return value.is_string() ? value.get<std::string>() : value.dump();
  }

  double epsilon() const {
    const Json value = json_.value("layer_norm_eps", Json(1e-12));
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!(number >= 0 && number < 1)) {
      throw Error(Code::kData, fmt::format("{}: 'layer_norm_eps' is {}", path_, value.dump()),
                  kFolderHint);
    }
    return number;
  }

  Activation activation(const char* name) const {
    const std::string word = text(name, "gelu");
    if (word == "gelu") return Activation::kGelu;
    if (word == "gelu_new" || word == "gelu_pytorch_tanh") return Activation::kGeluTanh;
    if (word == "relu") return Activation::kRelu;
    throw Error(Code::kUnsupported,
                fmt::format("{}: the activation '{}' is not supported", path_, word),
                "supported are gelu, gelu_new, gelu_pytorch_tanh and relu");
  }

  Family family() const {
    const std::string type = text("model_type", "");
    if (type == "bert") return Family::kBert;
    if (type == "distilbert") return Family::kDistilBert;
    throw Error(Code::kUnsupported,
                type.empty()
                    ? fmt::format("{}: 'model_type' is missing", path_)
                    : fmt::format("{}: the architecture '{}' is not supported", path_, type),
                "supported are the model types bert (BERT, MiniLM, BGE, E5 ...) and distilbert");
  }

 private:
  const Json& json_;
  const std::string& path_;
};

}  // namespace

base::Json parse_foreign_json(const std::string& text, const std::string& path) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) throw Error(Code::kData, "nested too deeply");
    return true;
  };
  try {
    Json json = Json::parse(text, shallow);
    if (json.is_object()) return json;
  } catch (const Json::exception&) {
  } catch (const Error&) {
  }
  throw Error(Code::kData, fmt::format("{}: not a JSON object, or cut off", path),
              "copy or download the file again");
}

Config parse_config(const std::string& text, const std::string& path) {
  const Json json = parse_foreign_json(text, path);
  const ConfigReader read(json, path);
  constexpr int kMostWords = 10'000'000, kWidest = 16384, kMostLayers = 256;
  Config out;
  out.family = read.family();
  const bool distil = out.family == Family::kDistilBert;
  out.vocabulary = read.size("vocab_size", kMostWords);
  out.hidden = read.size(distil ? "dim" : "hidden_size", kWidest);
  out.layers = read.size(distil ? "n_layers" : "num_hidden_layers", kMostLayers);
  out.heads = read.size(distil ? "n_heads" : "num_attention_heads", kWidest);
  out.inner = read.size(distil ? "hidden_dim" : "intermediate_size", 4 * kWidest);
  out.positions = read.size("max_position_embeddings", 1'000'000);
  out.epsilon = distil ? 1e-12 : read.epsilon();
  out.activation = read.activation(distil ? "activation" : "hidden_act");
  if (out.hidden % out.heads != 0) {
    throw Error(Code::kData,
                fmt::format("{}: {} heads do not divide {} states", path, out.heads, out.hidden),
                kFolderHint);
  }
  const std::string positions = read.text("position_embedding_type", "absolute");
  if (positions != "absolute") {
    throw Error(Code::kUnsupported,
                fmt::format("{}: positions of the kind '{}' are not supported", path, positions),
                "absolute positions are");
  }
  return out;
}

std::string name_of(Activation activation) {
  if (activation == Activation::kRelu) return "relu";
  return activation == Activation::kGelu ? "gelu" : "gelu_tanh";
}

Config read_config(const std::string& folder) {
  const std::filesystem::path path = std::filesystem::path(folder) / "config.json";
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none)) {
    throw Error(Code::kIo, fmt::format("{}: no such folder", folder), kFolderHint);
  }
  if (!std::filesystem::exists(path, none)) {
    throw Error(Code::kIo, fmt::format("{}: there is no config.json", folder), kFolderHint);
  }
  return parse_config(base::read_file(path.string()).bytes, path.string());
}

}  // namespace refrain::transformer

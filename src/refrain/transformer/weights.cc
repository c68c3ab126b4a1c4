#include "refrain/transformer/weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::transformer {
namespace {

// The tensors' names, of a layer behind its prefix.
struct FamilyNames {
  const char *prefix, *layer;
  const char *query, *key, *value, *attended, *attention_norm, *widen, *narrow, *norm;
};

constexpr FamilyNames kBertNames = {"bert.",
                                    "encoder.layer.",
                                    "attention.self.query",
                                    "attention.self.key",
                                    "attention.self.value",
                                    "attention.output.dense",
                                    "attention.output.LayerNorm",
                                    "intermediate.dense",
                                    "output.dense",
                                    "output.LayerNorm"};
constexpr FamilyNames kDistilBertNames = {
    "distilbert.",     "transformer.layer.", "attention.q_lin", "attention.k_lin",
    "attention.v_lin", "attention.out_lin",  "sa_layer_norm",   "ffn.lin1",
    "ffn.lin2",        "output_layer_norm"};

class WeightReader {
 public:
  WeightReader(const Config& config, std::string_view bytes, const std::string& path)
      : config_(config),
        path_(path),
        distil_(config.family == Family::kDistilBert),
        names_(distil_ ? kDistilBertNames : kBertNames),
        file_(tensor::foreign_from_safetensors(bytes, path)) {
    for (const auto& t : file_.tensors) by_name_[t.name] = &t;
    if (by_name_.contains(std::string(names_.prefix) + "embeddings.word_embeddings.weight")) {
      prefix_ = names_.prefix;
    }
  }

  std::vector<LayerNumbers> read_from(int first) const {
    std::vector<LayerNumbers> out;
    for (int i = first; i < config_.layers; ++i) {
      out.push_back(numbers(fmt::format("{}{}.", names_.layer, i)));
    }
    return out;
  }

  EncoderWeights read() {
    const int H = config_.hidden;
    out_.words = keep(matrix("embeddings.word_embeddings.weight", config_.vocabulary, H));
    real* positions = keep(matrix("embeddings.position_embeddings.weight", config_.positions, H));
    out_.positions = positions;
    if (!distil_) add_first_type(positions);
    out_.norm = norm("embeddings.LayerNorm");
    for (int i = 0; i < config_.layers; ++i) read_layer(fmt::format("{}{}.", names_.layer, i));
    return std::move(out_);
  }

 private:
  using Values = std::vector<real>;

  void read_layer(const std::string& layer) {
    const int H = config_.hidden;
    LayerWeights w;
    w.query_key_value =
        dense({layer + names_.query, layer + names_.key, layer + names_.value}, H, H);
    w.attended = dense({layer + names_.attended}, H, H);
    w.attention_norm = norm(layer + names_.attention_norm);
    w.widen = dense({layer + names_.widen}, H, config_.inner);
    w.narrow = dense({layer + names_.narrow}, config_.inner, H);
    w.norm = norm(layer + names_.norm);
    out_.layers.push_back(std::move(w));
  }

  LayerNumbers numbers(const std::string& layer) const {
    const int H = config_.hidden, inner = config_.inner;
    const std::vector<std::string> mixed = {layer + names_.query, layer + names_.key,
                                            layer + names_.value};
    LayerNumbers out;
    out.w_in = turned(mixed, H, H);
    for (const auto& name : mixed) {
      const Values& bias = get(name + ".bias", {H});
      out.b_in.insert(out.b_in.end(), bias.begin(), bias.end());
    }
    out.w_out = turned({layer + names_.attended}, H, H);
    out.b_out = get(layer + names_.attended + ".bias", {H});
    std::tie(out.attention_gain, out.attention_bias) = norm_values(layer + names_.attention_norm);
    out.w_wide = turned({layer + names_.widen}, H, inner);
    out.b_wide = get(layer + names_.widen + ".bias", {inner});
    out.w_narrow = turned({layer + names_.narrow}, inner, H);
    out.b_narrow = get(layer + names_.narrow + ".bias", {H});
    std::tie(out.gain, out.bias) = norm_values(layer + names_.norm);
    return out;
  }

  // Matrices [out,in] side by side as one [in,sum of out].
  Values turned(const std::vector<std::string>& names, int inputs, int outputs) const {
    const auto I = static_cast<std::size_t>(inputs), O = static_cast<std::size_t>(outputs);
    const std::size_t wide = O * names.size();
    Values out(I * wide);
    for (std::size_t k = 0; k < names.size(); ++k) {
      const Values& w = matrix(names[k] + ".weight", outputs, inputs);
      for (std::size_t o = 0; o < O; ++o) {
        for (std::size_t i = 0; i < I; ++i) out[i * wide + k * O + o] = w[o * I + i];
      }
    }
    return out;
  }

  const tensor::NamedTensor* find(const std::string& name) const {
    const auto found = by_name_.find(prefix_ + name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  const Values& get(const std::string& name, const std::vector<std::int64_t>& shape) const {
    const auto* t = find(name);
    if (t == nullptr) {
      throw refuse(
          fmt::format("there is no tensor '{}{}', which config.json asks for", prefix_, name));
    }
    if (t->shape != shape) {
      throw refuse(fmt::format("tensor '{}' is [{}], but config.json asks for [{}]", t->name,
                               fmt::join(t->shape, ","), fmt::join(shape, ",")));
    }
    return t->values;
  }

  Error refuse(const std::string& what) const {
    return Error(Code::kData, fmt::format("{}: {}", path_, what),
                 "config.json and model.safetensors must belong together; copy both again");
  }

  const Values& matrix(const std::string& name, int rows, int columns) const {
    return get(name, {rows, columns});
  }

  real* keep(const Values& values) {
    real* kept = out_.memory.array<real>(values.size());
    std::copy(values.begin(), values.end(), kept);
    return kept;
  }

  // Adds the vector of token type 0, which all tokens of a single text have.
  void add_first_type(real* positions) const {
    const auto* types = find("embeddings.token_type_embeddings.weight");
    const auto H = static_cast<std::size_t>(config_.hidden);
    if (types == nullptr || types->shape.size() != 2 || types->shape[0] < 1 ||
        types->shape[1] != config_.hidden) {
      throw refuse("'embeddings.token_type_embeddings.weight' is missing or has another width");
    }
    for (int p = 0; p < config_.positions; ++p) {
      kernels::add(types->values.data(), H, positions + static_cast<std::size_t>(p) * H);
    }
  }

  std::pair<Values, Values> norm_values(const std::string& name) const {
    const bool old = find(name + ".weight") == nullptr && find(name + ".gamma") != nullptr;
    return {get(name + (old ? ".gamma" : ".weight"), {config_.hidden}),  // older files say gamma
            get(name + (old ? ".beta" : ".bias"), {config_.hidden})};    // and beta
  }

  Norm norm(const std::string& name) {
    const auto [gain, bias] = norm_values(name);
    return {keep(gain), keep(bias)};
  }

  // Layers of the same sizes side by side.
  Dense dense(const std::vector<std::string>& names, int inputs, int outputs) {
    std::vector<DensePart> parts;
    for (const auto& name : names) {
      parts.push_back({matrix(name + ".weight", outputs, inputs).data(),
                       get(name + ".bias", {outputs}).data(), outputs});
    }
    return {parts, inputs, out_.memory};
  }

  const Config& config_;
  const std::string& path_;
  bool distil_;
  const FamilyNames& names_;
  tensor::TensorFile file_;
  std::map<std::string, const tensor::NamedTensor*> by_name_;
  std::string prefix_;
  EncoderWeights out_;
};

}  // namespace

EncoderWeights read_weights(const Config& config, std::string_view bytes, const std::string& path) {
  return WeightReader(config, bytes, path).read();
}

std::vector<LayerNumbers> read_layers(const Config& config, int first, std::string_view bytes,
                                      const std::string& path) {
  return WeightReader(config, bytes, path).read_from(first);
}

}  // namespace refrain::transformer

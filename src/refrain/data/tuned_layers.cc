#include "refrain/data/tuned_layers.h"

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

constexpr int kMostLayers = 256, kMostInner = 1 << 16;

int whole_number(const base::Json& json, const char* name, int least, int most) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  if (!json.is_object() || found == json.end() || !found->is_number_integer() ||
      found->get<std::int64_t>() < least || found->get<std::int64_t>() > most) {
    throw Error(Code::kData, std::string("its tuned layers are damaged: ") + name);
  }
  return found->get<int>();
}

}  // namespace

base::Json tuned_layers_to_json(const TunedLayers& t) {
  return {{"count", t.count}, {"first", t.first},           {"heads", t.heads},
          {"inner", t.inner}, {"activation", t.activation}, {"epsilon", t.epsilon}};
}

TunedLayers tuned_layers_from(const base::Json& json, int channels) {
  TunedLayers out;
  out.count = whole_number(json, "count", 1, kMostLayers);
  out.first = whole_number(json, "first", 0, kMostLayers);
  out.heads = whole_number(json, "heads", 1, channels);
  out.inner = whole_number(json, "inner", 1, kMostInner);
  const auto activation = json.find("activation"), epsilon = json.find("epsilon");
  const bool known = activation != json.end() &&
                     (*activation == "gelu" || *activation == "gelu_tanh" || *activation == "relu");
  const bool small = epsilon != json.end() && epsilon->is_number() && epsilon->get<double>() >= 0 &&
                     epsilon->get<double>() <= 1;
  if (!known || !small || channels % out.heads != 0) {
    throw Error(Code::kData, "its tuned layers are damaged");
  }
  out.activation = activation->get<std::string>();
  out.epsilon = epsilon->get<double>();
  return out;
}

}  // namespace refrain::data

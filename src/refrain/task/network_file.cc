#include "refrain/task/network_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/nn/param_file.h"

namespace refrain::task {

using base::Json;

Spec spec_from_json(const Json& options, Spec spec) {
  const auto fields = spec_fields().list();
  if (!options.is_object()) throw Error(Code::kData, "its options are damaged");
  for (const auto& [name, value] : options.items()) base::set_field(fields, &spec, name, value);
  spec.train.threads = base::core_count();
  return spec;
}

Json spec_to_json(Spec spec) {
  spec.train.threads = 0;
  Json out = base::fields_to_json(spec_fields().list(), &spec);
  if (spec.read.streams.empty()) out.erase("streams");  // files of one stream stay as they were
  return out;
}

namespace {

// Refuses sizes that this file cannot hold before memory is asked for.
void check_sizes(const Spec& spec, const data::Features& features, const tensor::TensorFile& file) {
  if (spec.encoder.embedding_dim < 1) {
    throw Error(Code::kData, "its options were never settled");
  }
  nn::ParamSet claimed;  // declared only
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const nn::StreamShape shape = shape_of(spec, features, static_cast<int>(s));
    nn::make_encoder(spec.encoder, shape, "encoder_" + std::to_string(s), claimed);
  }
  double held = 0;
  for (const auto& t : file.tensors) held += static_cast<double>(t.values.size());
  if (static_cast<double>(claimed.parameter_count()) > held) {
    throw Error(Code::kData, "claims an impossible size");
  }
}

// The entries of `values` that differ from those of `usual`.
Json others(const Json& values, const Json& usual) {
  Json out = Json::object();
  for (const auto& [name, value] : values.items()) {
    if (!usual.contains(name) || usual.at(name) != value) out[name] = value;
  }
  return out;
}

}  // namespace

data::EncodedSample made_up_input(const data::Features& features) {
  base::Rng rng = base::Rng(0).fork("self-test");
  constexpr int kSteps = 7;
  data::EncodedSample sample;
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const int inputs = features.inputs(static_cast<int>(s));
    data::EncodedStream stream;
    stream.length = kSteps;
    if (features.streams()[s].kind == data::StreamKind::kText) {
      for (int t = 0; t < kSteps; ++t) {
        stream.ids.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(inputs))));
      }
      if (features.spec().spelling != "none") {
        stream.spelt = data::spell(std::vector<std::string>(kSteps, "Ab-1"),
                                   features.letters_of_stream(static_cast<int>(s)));
      }
    } else {
      for (int i = 0; i < kSteps * inputs; ++i) {
        stream.values.push_back(static_cast<real>(rng.normal()));
      }
    }
    sample.streams.push_back(std::move(stream));
  }
  return sample;
}

void write_network(const Network& network, const Form& form, const std::string& prefix,
                   tensor::TensorFile& file, Json& entry) {
  for (std::size_t i = 0; i < network.params().params().size(); ++i) {
    file.tensors.push_back(nn::to_tensor(network.params(), static_cast<int>(i), prefix));
  }
  entry["options"] = others(spec_to_json(network.spec()), spec_to_json(form.spec));
  const Json features = network.features().to_json();
  if (features != form.features.to_json()) entry["features"] = features;
}

std::unique_ptr<Network> read_network(const Form& form, std::shared_ptr<const Goal> goal,
                                      const tensor::TensorFile& file, const std::string& prefix,
                                      const Json& entry) {
  const auto options = entry.find("options");
  Spec spec = options == entry.end() ? form.spec : spec_from_json(*options, form.spec);
  const auto own = entry.find("features");
  auto features = own == entry.end() ? form.features : data::Features::from_json(*own);
  if (features.streams().size() != form.features.streams().size()) {
    throw Error(Code::kData, "a member reads other streams");
  }
  check_sizes(spec, features, file);
  auto network = std::make_unique<Network>(std::move(spec), std::move(features), std::move(goal));
  nn::read_parameters(file, prefix, network->params());
  return network;
}

}  // namespace refrain::task

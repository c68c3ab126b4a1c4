#include "refrain/language/source.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/nn/model_head.h"
#include "refrain/nn/param_file.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::language {
namespace {

using base::Json;

constexpr int kFormat = 1;
constexpr nn::ModelKind kKind = {"source", "is no language model",
                                 "name a file that 'refrain pretrain --out' wrote"};
constexpr double kSelfTestTolerance = 5e-4;  // of log p, between instruction sets

// log p of a few units after the mark.
std::vector<double> source_self_test(const Source& source) {
  const LanguageNetwork& network = *source.network;
  std::vector<real> start(network.carried_count(1)), end(start.size());
  std::vector<double> all, out;
  tape::Tape tape;
  int id = source.units.mark();
  for (int step = 0; step < 4; ++step) {
    network.next(tape, id, {start.data(), end.data()}, all);
    start.swap(end);
    id = (id * 7 + step + 1) % network.form().vocabulary;
    out.push_back(all[static_cast<std::size_t>(id)]);
  }
  return out;
}

void require_settled(const NetworkForm& form) {
  const auto& s = form.spec;
  if (s.hidden < 1 || s.layers < 1 || s.embedding_dim < 1) {
    throw Error(Code::kData, "its options were never settled");
  }
}

NetworkForm form_from(const Json& json, const NetworkSpec& spec, int vocabulary) {
  NetworkForm form{spec, vocabulary, json.at("tied").get<bool>(),
                   json.at("clusters").get<std::vector<int>>()};
  int before = 0;
  bool sound = form.clusters.size() <= tape::WordLoss::kMostClusters;
  for (const int begin : form.clusters) {
    sound = sound && begin > before && begin < vocabulary;
    before = begin;
  }
  if (!sound) throw Error(Code::kData, "its clusters are damaged");
  return form;
}

Json options_json(LanguageSpec spec) {
  spec.train.threads = 0;  // any number gives the same file
  spec.reading.time_limit.clear();
  return base::fields_to_json(language_fields(), &spec);
}

Json blend_json(const NgramBlend& blend) {
  return {{"order", blend.form().order},
          {"units", blend.form().text.size()},
          {"weight", blend.weight()}};
}

std::unique_ptr<NgramBlend> blend_from(const Json& json, const tensor::NamedTensor* packed,
                                       const Units& units) {
  const int order = json.at("order").get<int>();
  if (packed == nullptr || order < 1 || order > KneserNey::kMostOrder) {
    throw Error(Code::kData, "its n-grams are damaged");
  }
  auto text = unpack_units(*packed, units.size(), json.at("units").get<std::size_t>());
  auto out = std::make_unique<NgramBlend>(
      NgramBlend::Form{std::move(text), units.size(), units.mark(), order});
  out->set_weight(json.at("weight").get<double>());
  return out;
}

}  // namespace

Source source_from_head(const tensor::TensorFile& file, const Json& head,
                        const std::string& prefix) {
  if (head.at("format") != kFormat) throw Error(Code::kData, "is of another version");
  Source out;
  for (const auto& [name, value] : head.at("options").items()) {
    base::set_field(language_fields(), &out.spec, name, value);
  }
  out.units = Units::from_json(head.at("units"));
  const NetworkForm form = form_from(head.at("network"), out.spec.network, out.units.size());
  require_settled(form);
  out.network = std::make_unique<LanguageNetwork>(form);
  nn::require_held(out.network->params(), file);
  out.network->params().initialise(base::Rng(0));
  nn::read_parameters(file, prefix, out.network->params());
  const Json& r = head.at("receipt");
  out.receipt = {r.at("version"),    r.at("n_train"),     r.at("n_valid"),   r.at("epochs"),
                 r.at("best_epoch"), r.at("stop_reason"), r.at("perplexity")};
  nn::require_self_test(head.at("self_test"), source_self_test(out), kSelfTestTolerance);
  if (head.contains("ngrams")) {
    out.blend = blend_from(head.at("ngrams"), file.find(prefix + kPackedUnits), out.units);
  }
  return out;
}

Json put_source(const Source& source, const std::string& prefix, tensor::TensorFile& file) {
  const auto& r = source.receipt;
  const auto& form = source.network->form();
  Json head = {{"format", kFormat},
               {"kind", kKind.kind},
               {"task", "language-model"},
               {"options", options_json(source.spec)},
               {"units", source.units.to_json()},
               {"network", {{"tied", form.tied}, {"clusters", form.clusters}}},
               {"receipt",
                {{"version", r.version},
                 {"n_train", r.n_train},
                 {"n_valid", r.n_valid},
                 {"epochs", r.epochs},
                 {"best_epoch", r.best_epoch},
                 {"stop_reason", r.stop_reason},
                 {"perplexity", r.perplexity}}},
               {"self_test", source_self_test(source)}};
  if (source.blend) head["ngrams"] = blend_json(*source.blend);
  nn::put_parameters(source.network->params(), prefix, file);
  if (source.blend) {
    file.tensors.push_back(pack_units(source.blend->form().text, source.units.size()));
    file.tensors.back().name = prefix + kPackedUnits;
  }
  return head;
}

std::string source_bytes(const Source& source) {
  tensor::TensorFile file;
  nn::put_head(put_source(source, "", file), file);
  return tensor::to_safetensors(file);
}

bool is_source(const tensor::TensorFile& file) { return nn::is_of_kind(file, kKind); }

Source source_from(std::string_view bytes, const std::string& path) {
  Source out;
  nn::read_model(bytes, path, kKind, [&](const auto& file, const Json& head) {
    out = source_from_head(file, head, "");
  });
  return out;
}

}  // namespace refrain::language

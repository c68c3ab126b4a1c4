#include "refrain/language/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/nn/param_file.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::language {
namespace {

using base::Json;

constexpr int kFormat = 1;
constexpr double kSelfTestTolerance = 2e-3;  // of log p, between instruction sets

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

void check_source(const Source& source, const Json& expected) {
  const auto got = source_self_test(source);
  bool same = expected.is_array() && expected.size() == got.size();
  for (std::size_t i = 0; same && i < got.size(); ++i) {
    same = expected[i].is_number() &&
           std::abs(expected[i].get<double>() - got[i]) <= kSelfTestTolerance;
  }
  if (same) return;
  throw Error(Code::kData,
              "the self-test fails: it does not compute what it did when it was saved");
}

void require_settled(const NetworkForm& form) {
  const auto& s = form.spec;
  if (s.hidden < 1 || s.layers < 1 || s.embedding_dim < 1) {
    throw Error(Code::kData, "its options were never settled");
  }
}

// Refuses sizes that this file cannot hold before memory is asked for.
void check_source_size(const LanguageNetwork& network, const tensor::TensorFile& file) {
  std::size_t held = 0;
  for (const auto& t : file.tensors) held += t.values.size();
  if (network.params().parameter_count() <= held) return;
  throw Error(Code::kData, "claims an impossible size");
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

std::unique_ptr<NgramBlend> blend_from(const Json& json, const tensor::TensorFile& file,
                                       const Units& units) {
  const tensor::NamedTensor* packed = file.find(kPackedUnits);
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

Source from_json_head(const tensor::TensorFile& file, const Json& head) {
  if (head.at("format") != kFormat) throw Error(Code::kData, "is of another version");
  Source out;
  for (const auto& [name, value] : head.at("options").items()) {
    base::set_field(language_fields(), &out.spec, name, value);
  }
  out.units = Units::from_json(head.at("units"));
  const NetworkForm form = form_from(head.at("network"), out.spec.network, out.units.size());
  require_settled(form);
  out.network = std::make_unique<LanguageNetwork>(form);
  check_source_size(*out.network, file);
  out.network->params().initialise(base::Rng(0));
  nn::read_parameters(file, "", out.network->params());
  const Json& r = head.at("receipt");
  out.receipt = {r.at("version"),    r.at("n_train"),     r.at("n_valid"),   r.at("epochs"),
                 r.at("best_epoch"), r.at("stop_reason"), r.at("perplexity")};
  check_source(out, head.at("self_test"));
  if (head.contains("ngrams")) out.blend = blend_from(head.at("ngrams"), file, out.units);
  return out;
}

}  // namespace

std::string source_bytes(const Source& source) {
  const auto& r = source.receipt;
  const auto& form = source.network->form();
  Json head = {{"format", kFormat},
               {"kind", "source"},
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
  tensor::TensorFile file;
  file.metadata["refrain"] = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto& params = source.network->params();
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    file.tensors.push_back(nn::to_tensor(params, static_cast<int>(i), ""));
  }
  if (source.blend) {
    file.tensors.push_back(pack_units(source.blend->form().text, source.units.size()));
  }
  return tensor::to_safetensors(file);
}

namespace {

Json head_of(const tensor::TensorFile& file) {
  const auto found = file.metadata.find("refrain");
  return found == file.metadata.end() ? Json() : Json::parse(found->second, nullptr, false);
}

}  // namespace

bool is_source(const tensor::TensorFile& file) {
  const Json head = head_of(file);
  return head.is_object() && head.contains("kind") && head.at("kind") == "source";
}

Source source_from(std::string_view bytes, const std::string& path) {
  const auto file = tensor::from_safetensors(bytes, path);
  const Json head = head_of(file);
  if (!is_source(file)) {
    throw Error(Code::kData, path + " is no language model",
                "name a file that 'refrain pretrain --out' wrote");
  }
  try {
    return from_json_head(file, head);
  } catch (const Error& e) {
    throw Error(Code::kData, fmt::format("{}: {}", path, e.what()),
                e.hint().empty() ? "fetch the file again or train it again" : e.hint());
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": its head is damaged",
                "fetch the file again or train it again");
  }
}

}  // namespace refrain::language

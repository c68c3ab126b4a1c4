#include "refrain/pretext/source.h"

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/nn/model_head.h"
#include "refrain/nn/param_file.h"

namespace refrain::pretext {
namespace {

using base::Json;

constexpr int kFormat = 1;
constexpr nn::ModelKind kKind = {"series-source", "is no source of series",
                                 "name a file that 'refrain pretrain --out' wrote"};
constexpr double kTolerance = 1e-3;  // of the self-test, between instruction sets

// The vector of a made-up series.
std::vector<double> vector_of_made_up(const SeriesSource& source) {
  constexpr int kSteps = 9;
  const int I = source.features.inputs(0);
  data::EncodedSample sample;
  data::EncodedStream stream;
  stream.length = kSteps;
  base::Rng rng = base::Rng(0).fork("self-test");
  for (int i = 0; i < kSteps * I; ++i) stream.values.push_back(static_cast<real>(rng.normal()));
  sample.streams.push_back(std::move(stream));
  const int first = 0;
  data::Batch batch;
  data::assemble({sample}, &first, 1, source.features.streams(), batch);
  tape::Tape tape;
  tape.reset(false);
  nn::Context context{tape, source.network->params, nullptr, false, base::Rng(0), batch};
  const auto y = tape.value(source.network->encoder->forward(context, batch.streams.front()));
  std::vector<double> out;
  for (int c = 0; c < std::min(8, y.columns()); ++c) {
    out.push_back(static_cast<double>(y.row(0)[c]));
  }
  return out;
}

// Refuses sizes that this file cannot hold before memory is asked for.
void check_claims(const SeriesSource& source, const tensor::TensorFile& file) {
  nn::ParamSet claimed;
  const auto& f = source.features;
  if (f.streams().size() != 1 || f.streams().front().kind != data::StreamKind::kSeries) {
    throw Error(Code::kData, "it does not read one stream of series");
  }
  nn::make_encoder(source.spec.encoder, {data::StreamKind::kSeries, f.inputs(0), f.length(0)}, "e",
                   claimed);
  nn::require_held(claimed, file);
}

Json pretext_options(PretextSpec spec) {
  spec.train.threads = 0;  // any number gives the same file
  spec.objective.time_limit.clear();
  return base::fields_to_json(pretext_fields(), &spec);
}

SeriesSource from_pretext_head(const tensor::TensorFile& file, const Json& head) {
  if (head.at("format") != kFormat) throw Error(Code::kData, "is of another version");
  SeriesSource out;
  for (const auto& [name, value] : head.at("options").items()) {
    base::set_field(pretext_fields(), &out.spec, name, value);
  }
  check_options(out.spec);
  out.features = data::Features::from_json(head.at("features"));
  out.classes = head.at("classes").get<std::vector<std::string>>();
  out.apart = head.at("apart").get<bool>();
  check_claims(out, file);
  out.network = std::make_unique<PretextNetwork>(out.spec, out.features,
                                                 static_cast<int>(out.classes.size()));
  nn::read_parameters(file, "", out.network->params);
  const Json& r = head.at("receipt");
  out.receipt = {r.at("version"),     r.at("files"),  r.at("n_train"),
                 r.at("n_valid"),     r.at("epochs"), r.at("best_epoch"),
                 r.at("stop_reason"), r.at("metric"), r.at("score")};
  nn::require_self_test(head.at("self_test"), vector_of_made_up(out), kTolerance);
  return out;
}

}  // namespace

std::string series_source_bytes(const SeriesSource& source) {
  const auto& r = source.receipt;
  const Json head = {{"format", kFormat},
                     {"kind", kKind.kind},
                     {"task", source.spec.objective.objective},
                     {"options", pretext_options(source.spec)},
                     {"features", source.features.to_json()},
                     {"classes", source.classes},
                     {"apart", source.apart},
                     {"receipt",
                      {{"version", r.version},
                       {"files", r.files},
                       {"n_train", r.n_train},
                       {"n_valid", r.n_valid},
                       {"epochs", r.epochs},
                       {"best_epoch", r.best_epoch},
                       {"stop_reason", r.stop_reason},
                       {"metric", r.metric},
                       {"score", r.score}}},
                     {"self_test", vector_of_made_up(source)}};
  tensor::TensorFile file;
  nn::put_head(head, file);
  nn::put_parameters(source.network->params, "", file);
  return tensor::to_safetensors(file);
}

bool is_series_source(const tensor::TensorFile& file) { return nn::is_of_kind(file, kKind); }

SeriesSource series_source_from(std::string_view bytes, const std::string& path) {
  SeriesSource out;
  nn::read_model(bytes, path, kKind,
                 [&](const auto& file, const Json& head) { out = from_pretext_head(file, head); });
  return out;
}

}  // namespace refrain::pretext

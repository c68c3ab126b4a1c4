#include "refrain/transduce/model_file.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/data/column_names.h"
#include "refrain/nn/model_head.h"
#include "refrain/nn/param_file.h"

namespace refrain::transduce {
namespace {

using base::at;
using base::Json;

constexpr int kFormat = 1;
constexpr nn::ModelKind kKind = {
    "transducer", "writes no replies",
    "name a file that 'refrain train --task translate' or '--task transcribe' wrote"};
constexpr double kSelfTestTolerance = 1e-3;  // between instruction sets
constexpr int kSelfTestSteps = 12, kMostNetworks = 1000;

std::string prefix_of(std::size_t network) { return fmt::format("network{}.", network); }

// A made-up source and reply of this form.
std::vector<data::EncodedSample> made_up(const Transducer& t) {
  data::EncodedSample out;
  out.streams.resize(2);
  auto &source = out.streams[0], &reply = out.streams[1];
  source.length = kSelfTestSteps * t.networks.front()->stride();
  for (int step = 0; step < source.length; ++step) {
    if (t.reads_text()) {
      source.ids.push_back(step % t.source->size());
      continue;
    }
    for (int c = 0; c < t.features.inputs(0); ++c) {
      source.values.push_back(static_cast<real>(std::sin(0.7 * step + c)));
    }
  }
  reply.ids = {Symbols::kMark};
  for (int k = 1; k < kSelfTestSteps / 2; ++k) reply.ids.push_back(1 + k % (t.reply.size() - 1));
  reply.length = static_cast<int>(reply.ids.size());
  return {out};
}

// The surprise of each network at the made-up reply.
std::vector<double> self_test_of(const Transducer& t) {
  const auto samples = made_up(t);
  const int chosen = 0;
  std::vector<double> out;
  for (const auto& network : t.networks) {
    tape::Tape tape;
    data::Batch batch;
    data::assemble(samples, &chosen, 1, t.streams(), batch);
    tape.reset(false);
    nn::Context context{tape, network->params(), nullptr, false, base::Rng(0), batch};
    const auto loss = network->loss(context, samples.front().streams.back().length);
    out.push_back(static_cast<double>(tape.value(loss).data[0]));
  }
  return out;
}

Json options_of(Settings s) {
  s.train.threads = 0;  // any number gives the same file
  return {{"preset", s.preset},
          {"ensemble", s.ensemble},
          {"augment", s.augment},
          {"label_smoothing", s.label_smoothing},
          {"reply", base::fields_to_json(reply_fields().list(), &s.reply)},
          {"features", base::fields_to_json(data::feature_fields().list(), &s.features)},
          {"sound", base::fields_to_json(data::sound_fields().list(), &s.features.sound)},
          {"encoder", base::fields_to_json(nn::encoder_fields().list(), &s.encoder)},
          {"train", base::fields_to_json(train::train_fields().list(), &s.train)},
          {"optim", base::fields_to_json(optim::optim_fields().list(), &s.optim)}};
}

void read_options(const Json& json, Settings& s) {
  json.at("preset").get_to(s.preset);
  json.at("ensemble").get_to(s.ensemble);
  json.at("augment").get_to(s.augment);
  json.at("label_smoothing").get_to(s.label_smoothing);
  const auto read = [](const Json& from, const auto& fields, void* to) {
    for (const auto& [name, value] : from.items()) {
      base::set_field(fields.list(), to, name, value);
    }
  };
  read(json.at("reply"), reply_fields(), &s.reply);
  read(json.at("features"), data::feature_fields(), &s.features);
  read(json.at("sound"), data::sound_fields(), &s.features.sound);
  read(json.at("encoder"), nn::encoder_fields(), &s.encoder);
  read(json.at("train"), train::train_fields(), &s.train);
  read(json.at("optim"), optim::optim_fields(), &s.optim);
}

void read_symbols(const tensor::TensorFile& file, const Json& head, Transducer& t) {
  t.reply = Symbols::from_json(head.at("reply_symbols"));
  if (head.contains("source_symbols")) {
    t.source = Symbols::from_json(head.at("source_symbols"));
  } else {
    t.features = data::Features::from_json(head.at("features"));
    if (t.features.streams().size() != 1 ||
        t.features.streams().front().kind != data::StreamKind::kSeries) {
      throw Error(Code::kData, "its source is no series");
    }
  }
  if (!head.contains("language")) return;
  t.language = ReplyModel::from(file, head.at("language"), t.reply);
}

Transducer from_head(const tensor::TensorFile& file, const Json& head) {
  if (head.at("format") != kFormat) throw Error(Code::kData, "is of another version");
  Transducer t;
  head.at("task").get_to(t.settings.task);
  if (t.settings.task != kTranslate && t.settings.task != kTranscribe) {
    throw Error(Code::kData, "learned a task that is not known here");
  }
  read_options(head.at("options"), t.settings);
  read_symbols(file, head, t);
  if (head.contains("columns")) t.columns = data::columns_from_json(head.at("columns"));
  if (head.contains("offset")) head.at("offset").get_to(t.offset);
  head.at("longest").get_to(t.longest);
  t.tagged = head.value("tagged", false);
  const int networks = head.at("networks").get<int>();
  if (networks < 1 || networks > kMostNetworks || t.longest < 0) {
    throw Error(Code::kData, "its parts do not belong together");
  }
  for (int n = 0; n < networks; ++n) {
    auto network = std::make_unique<ReplyNetwork>(t.form());
    nn::require_held(network->params(), file);
    network->params().initialise(base::Rng(0));
    nn::read_parameters(file, prefix_of(at(n)), network->params());
    t.networks.push_back(std::move(network));
  }
  const Json& r = head.at("receipt");
  t.receipt = {r.at("version"), r.at("n_train"),    r.at("n_valid"),
               r.at("epochs"),  r.at("best_epoch"), r.at("stop_reason")};
  if (head.contains("given")) t.given = head.at("given").get<std::string>();
  nn::require_self_test(head.at("self_test"), self_test_of(t), kSelfTestTolerance);
  return t;
}

}  // namespace

std::string transducer_bytes(const Transducer& t) {
  const auto& r = t.receipt;
  tensor::TensorFile file;
  for (std::size_t n = 0; n < t.networks.size(); ++n) {
    nn::put_parameters(t.networks[n]->params(), prefix_of(n), file);
  }
  Json head = {{"format", kFormat},
               {"kind", kKind.kind},
               {"task", t.settings.task},
               {"options", options_of(t.settings)},
               {"reply_symbols", t.reply.to_json()},
               {"longest", t.longest},
               {"networks", t.networks.size()},
               {"receipt",
                {{"version", r.version},
                 {"n_train", r.n_train},
                 {"n_valid", r.n_valid},
                 {"epochs", r.epochs},
                 {"best_epoch", r.best_epoch},
                 {"stop_reason", r.stop_reason}}},
               {"self_test", self_test_of(t)}};
  if (t.source) {
    head["source_symbols"] = t.source->to_json();
  } else {
    head["features"] = t.features.to_json();
  }
  if (t.language) head["language"] = t.language->put(file);
  if (t.tagged) head["tagged"] = true;
  if (t.columns.named()) head["columns"] = data::to_json(t.columns);
  if (!t.offset.empty()) head["offset"] = t.offset;
  if (!t.given.empty()) head["given"] = t.given;
  nn::put_head(head, file);
  return tensor::to_safetensors(file);
}

bool is_transducer(const tensor::TensorFile& file) { return nn::is_of_kind(file, kKind); }

Transducer transducer_from(std::string_view bytes, const std::string& path) {
  Transducer out;
  nn::read_model(bytes, path, kKind,
                 [&](const auto& file, const Json& head) { out = from_head(file, head); });
  return out;
}

}  // namespace refrain::transduce

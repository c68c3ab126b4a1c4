#include "refrain/api/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/version.h"
#include "refrain/base/threads.h"
#include "refrain/data/raw_text.h"
#include "refrain/explain/pass.h"
#include "refrain/nn/param_file.h"
#include "refrain/task/classify/goal.h"

namespace refrain::api {
namespace {

using base::Json;

const task::Network& network(const Model& model, int member) {
  const auto& members = model.impl().model.members;
  if (member < 0 || static_cast<std::size_t>(member) >= members.size()) {
    throw Error(Code::kUsage,
                fmt::format("there is no member {}: the model has {}", member, members.size()));
  }
  const auto& m = members[static_cast<std::size_t>(member)];
  if (m.learner->network() != nullptr) return *m.learner->network();
  throw Error(Code::kUnsupported, fmt::format("member {} is {}, not a network", member, m.method),
              "train with --model network --blend '' for networks alone");
}

Json options_json(const task::Spec& spec) {
  const auto fields = task::spec_fields();
  return base::fields_to_json(fields.list(), &spec);
}

Array array_of(const std::string& name, const tensor::Tensor& t, int rank) {
  const auto rows = static_cast<std::size_t>(t.rows());
  Array out{name, {}, std::vector<float>(t.data, t.data + t.count())};
  if (rank == 2) out.shape.push_back(rows);
  out.shape.push_back(rank == 2 ? t.count() / rows : t.count());
  return out;
}

std::vector<Array> seen(const explain::Pass& pass) {
  std::vector<Array> out;
  for (const auto& [name, var] : pass.look().seen) {
    out.push_back(array_of(name, pass.tape().value(var), name == "vector" ? 1 : 2));
  }
  for (const auto& a : pass.look().attention) {
    const auto H = static_cast<std::size_t>(a.heads), T = static_cast<std::size_t>(a.steps);
    out.push_back({a.name, {H, T, T}, {a.weights, a.weights + H * T * T}});
  }
  out.push_back(array_of("logits", pass.output(), 1));
  return out;
}

std::vector<data::EncodedSample> encoded(const Model& model, const task::Network& network,
                                         const Samples& samples) {
  const data::Dataset dataset = dataset_for(samples, model.impl().model);
  return network.encode_unlabelled(dataset, all_of(dataset));
}

std::vector<data::EncodedStream> encoded_texts(const Model& model, const Samples& samples) {
  const data::Features& features = model.impl().model.features;
  if (!samples.text) throw Error(Code::kUnsupported, "series have no words");
  data::Dataset dataset = dataset_of(samples);
  if (model.impl().model.goal->of_steps()) data::cut_words(dataset);
  features.check(dataset);
  std::vector<data::EncodedStream> out;
  for (const auto& sample : dataset.samples) {
    out.push_back(std::move(features.encode(sample, 0).streams.front()));
  }
  return out;
}

void refuse_steps(const Model& model) {
  if (!model.impl().model.goal->of_steps()) return;
  throw Error(Code::kUnsupported, "a model that tags has no vector of a whole sample to look at",
              "its layers can be looked at, and the probabilities of its tags");
}

}  // namespace

std::vector<std::vector<int>> word_ids(const Model& model, const Samples& samples) {
  std::vector<std::vector<int>> out;
  for (auto& stream : encoded_texts(model, samples)) out.push_back(std::move(stream.ids));
  return out;
}

std::vector<Spelling> spellings(const Model& model, const Samples& samples) {
  std::vector<Spelling> out;
  for (const auto& stream : encoded_texts(model, samples)) {
    const data::SpeltWords& words = stream.spelt;
    if (words.empty()) throw Error(Code::kUnsupported, "the model reads no spelling of words");
    Spelling& own = out.emplace_back();
    own.shapes = words.shape;
    auto letter = words.letters.begin();
    for (const int count : words.count) {
      own.letters.emplace_back(letter, letter + count);
      letter += count;
    }
  }
  return out;
}

std::string describe(const Model& model) {
  const task::Model& m = model.impl().model;
  const auto& r = m.receipt;
  Json members = Json::array();
  for (const auto& member : m.members) {
    Json entry = {
        {"method", member.method}, {"weight", member.weight}, {"temperature", member.temperature}};
    if (const task::Network* network = member.learner->network()) {
      entry["options"] = options_json(network->spec());
      entry["features"] = network->features().to_json();
    }
    members.push_back(std::move(entry));
  }
  const Json out = {{"task", m.goal->task()},
                    {"options", options_json(m.spec)},
                    {"features", m.features.to_json()},
                    {"labels", m.goal->classes()},
                    {"goal", m.goal->to_json()},
                    {"answer_columns", m.goal->answer_columns()},
                    {"label_kind", m.label_kind},
                    {"given", m.given},
                    {"offset", m.offset},
                    {"params", m.parameter_count()},
                    {"temperature", m.temperature},
                    {"has_costs", m.goal->to_json().contains("cost")},
                    {"receipt",
                     {{"version", r.version},
                      {"n_train", r.n_train},
                      {"n_valid", r.n_valid},
                      {"epochs", r.epochs},
                      {"best_epoch", r.best_epoch},
                      {"stop_reason", r.stop_reason}}},
                    {"members", std::move(members)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<ParameterView> parameters(const Model& model, int member) {
  const nn::ParamSet& params = network(model, member).params();
  if (sizeof(real) != sizeof(float)) throw Error(Code::kUnsupported, "parameters are no floats");
  std::vector<ParameterView> out;
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const nn::Param& p = params.params()[i];
    const tensor::Tensor t = params.value(static_cast<int>(i));
    ParameterView view{p.name, reinterpret_cast<const float*>(t.data), t.count(), 0, 1, 1};
    if (p.shape.rank() == 2) {
      const auto rows = static_cast<std::size_t>(t.rows());
      const auto columns = static_cast<std::size_t>(t.columns());
      const bool turned = nn::is_turned(p);
      view.rows = turned ? columns : rows;
      view.columns = turned ? rows : columns;
      view.stride = turned ? 1 : columns;
      view.step = turned ? columns : 1;
    }
    out.push_back(std::move(view));
  }
  return out;
}

std::vector<std::vector<Array>> activations(const Model& model, int member,
                                            const Samples& samples) {
  refuse_steps(model);
  const task::Network& net = network(model, member);
  const auto inputs = encoded(model, net, samples);
  std::vector<std::vector<Array>> out(inputs.size());
  base::parallel_for(static_cast<int>(inputs.size()), base::core_count(), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    out[at] = seen(explain::Pass(net, inputs[at], net.params()));
  });
  return out;
}

std::vector<Array> input_gradients(const Model& model, int member, const Samples& samples,
                                   const std::vector<int>& classes) {
  refuse_steps(model);
  const task::Network& net = network(model, member);
  if (net.features().streams().size() > 1) {
    throw Error(Code::kUnsupported, "gradients of the inputs are for models of one stream",
                "train on one series without --streams");
  }
  const auto inputs = encoded(model, net, samples);
  const int C = static_cast<int>(net.goal().width());
  const bool known =
      std::all_of(classes.begin(), classes.end(), [C](int c) { return c >= 0 && c < C; });
  if (classes.size() != inputs.size() || !known) {
    throw Error(Code::kUsage, fmt::format("give one class in [0, {}) for each sample", C));
  }
  std::vector<Array> out(inputs.size());
  base::parallel_for(static_cast<int>(inputs.size()), base::core_count(), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    explain::Pass pass(net, inputs[at], net.params());
    out[at] = array_of("input", pass.gradient(classes[at]), 2);
  });
  return out;
}

namespace {

data::Features features_of(const NetworkParts& parts, const task::Spec& spec) {
  const auto fields = data::feature_fields();
  Json stream;
  if (parts.mean.empty()) {
    stream = {{"name", "text"}, {"length", 0}, {"kind", "text"}, {"vocabulary", parts.words}};
  } else {
    stream = {{"name", "series"},
              {"length", 0},
              {"kind", "series"},
              {"channels", parts.mean.size()},
              {"channel_names", Json::array()},
              {"masked", false},
              {"normaliser",
               {{"mode", spec.features.normalise}, {"mean", parts.mean}, {"std", parts.std}}},
              {"views", {{{"name", "raw"}, {"scale", std::vector<double>(parts.mean.size(), 1)}}}}};
  }
  return data::Features::from_json(
      {{"spec", base::fields_to_json(fields.list(), &spec.features)}, {"streams", {stream}}});
}

tensor::TensorFile tensors_of(const NetworkParts& parts) {
  tensor::TensorFile file;
  for (const Array& a : parts.tensors) {
    file.tensors.push_back(
        {a.name, {a.shape.begin(), a.shape.end()}, {a.values.begin(), a.values.end()}});
  }
  return file;
}

}  // namespace

Model model_of_parts(const NetworkParts& parts) {
  const bool sorted = std::is_sorted(parts.labels.begin(), parts.labels.end());
  if (!sorted || parts.labels.size() < 2 ||
      std::adjacent_find(parts.labels.begin(), parts.labels.end()) != parts.labels.end()) {
    throw Error(Code::kUsage, "the labels must be two or more, sorted, each once");
  }
  task::Spec spec = parts.options.impl().spec;
  spec.preset = "none";
  if (spec.features.views != "raw") {
    throw Error(Code::kUnsupported, "a network from elsewhere reads its values as they are",
                "leave --views out");
  }
  task::TrainingData data;
  data.text = parts.mean.empty();
  task::resolve(spec, data);
  auto features = features_of(parts, spec);
  auto goal = std::make_shared<task::ClassifyGoal>(parts.labels);
  auto net = std::make_unique<task::Network>(spec, std::move(features), std::move(goal));
  nn::read_parameters(tensors_of(parts), "", net->params());
  task::Receipt receipt;
  receipt.version = version();
  receipt.stop_reason = "imported";
  task::Model model = task::model_of(std::move(net), std::move(receipt));
  model.label_kind = parts.label_kind;
  return Model(std::make_unique<Model::Impl>(Model::Impl{"", std::move(model)}));
}

}  // namespace refrain::api

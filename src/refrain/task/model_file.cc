#include "refrain/task/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/task/task.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {

// In the file a weight matrix stands as PyTorch has it; tables of word vectors as they are.
bool is_turned(const nn::Param& p) {
  return p.shape.rank() == 2 && p.start != nn::Start::kSmallNormal;
}

namespace {

using base::Json;
using tensor::NamedTensor;

constexpr int kSingleNetwork = 1, kMembers = 2;  // formats
constexpr double kSelfTestTolerance = 2e-4;      // between instruction sets

NamedTensor to_file(const nn::ParamSet& params, int index, const std::string& prefix) {
  const nn::Param& p = params.params()[static_cast<std::size_t>(index)];
  const tensor::Tensor t = params.value(index);
  NamedTensor out{prefix + p.name, {}, std::vector<real>(t.data, t.data + t.count())};
  for (int i = 0; i < p.shape.rank(); ++i) out.shape.push_back(p.shape[i]);
  if (!is_turned(p)) return out;
  std::swap(out.shape[0], out.shape[1]);
  const auto rows = static_cast<std::size_t>(t.rows()),
             columns = static_cast<std::size_t>(t.columns());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) out.values[c * rows + r] = t.data[r * columns + c];
  }
  return out;
}

// A made-up sample of the right form.
data::EncodedSample self_test_input(const data::Features& features) {
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
    } else {
      for (int i = 0; i < kSteps * inputs; ++i) {
        stream.values.push_back(static_cast<real>(rng.normal()));
      }
    }
    sample.streams.push_back(std::move(stream));
  }
  return sample;
}

// One made-up sample before it is encoded.
data::Dataset self_test_data(const data::Features& features) {
  base::Rng rng = base::Rng(0).fork("self-test");
  constexpr int kSteps = 40;
  data::Dataset d;
  d.streams = features.streams();
  d.samples.emplace_back();
  for (const auto& stream : d.streams) {
    if (stream.kind == data::StreamKind::kText) {
      d.samples.back().streams.emplace_back(std::string("a b c"));
      continue;
    }
    data::Series series{kSteps, stream.channels, {}};
    for (int i = 0; i < kSteps * stream.channels; ++i) {
      series.values.push_back(static_cast<float>(rng.normal()));
    }
    d.samples.back().streams.emplace_back(std::move(series));
    if (stream.from_text) d.samples.back().text = std::make_shared<const std::string>("a b c");
  }
  return d;
}

std::vector<double> self_test(const Model& model, const Member& member) {
  if (member.network != nullptr) {
    return member.network->predict({self_test_input(member.network->features())}, 1);
  }
  const auto data = self_test_data(model.features);
  return member.baseline->predict({data, {0}}, 1);
}

void check_self_test(const Model& model, const Member& member, const Json& expected) {
  const auto got = self_test(model, member);
  bool same = expected.is_array() && expected.size() == got.size();
  for (std::size_t i = 0; same && i < got.size(); ++i) {
    same = expected[i].is_number() &&
           std::abs(expected[i].get<double>() - got[i]) <= kSelfTestTolerance;
  }
  if (same) return;
  throw Error(
      Code::kData,
      "the self-test of the model fails: it does not compute what it did when it was saved");
}

// Refuses sizes that this file cannot hold before memory is asked for.
void check_sizes(const Spec& spec, const data::Features& features, const tensor::TensorFile& file) {
  if (spec.encoder.embedding_dim < 1) {
    throw Error(Code::kData, "its options were never settled");
  }
  nn::ParamSet claimed;  // declared only
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const auto& info = features.streams()[s];
    const int at = static_cast<int>(s);
    nn::make_encoder(spec.encoder, {info.kind, features.inputs(at), features.length(at)},
                     "encoder_" + std::to_string(s), claimed);
  }
  double held = 0;
  for (const auto& t : file.tensors) held += static_cast<double>(t.values.size());
  if (static_cast<double>(claimed.parameter_count()) > held) {
    throw Error(Code::kData, "claims an impossible size");
  }
}

Json receipt_to_json(const Receipt& r) {
  return {{"version", r.version}, {"n_train", r.n_train},       {"n_valid", r.n_valid},
          {"epochs", r.epochs},   {"best_epoch", r.best_epoch}, {"stop_reason", r.stop_reason}};
}

Spec spec_from(const Json& options, Spec spec) {
  const auto fields = spec_fields().list();
  if (!options.is_object()) throw Error(Code::kData, "its options are damaged");
  for (const auto& [name, value] : options.items()) base::set_field(fields, &spec, name, value);
  spec.train.threads = base::core_count();
  return spec;
}

// The options as the file has them: those of the machine left out, any number gives the same file.
Json options_of(Spec spec) {
  spec.train.threads = 0;
  return base::fields_to_json(spec_fields().list(), &spec);
}

// Where the parts of a member are in the file.
std::string prefix_of(std::size_t number) { return fmt::format("members.{}.", number); }

void add_network(const Network& network, const std::string& prefix, tensor::TensorFile& file) {
  for (std::size_t i = 0; i < network.params().params().size(); ++i) {
    file.tensors.push_back(to_file(network.params(), static_cast<int>(i), prefix));
  }
}

// What of `values` is not so in `usual`.
Json others(const Json& values, const Json& usual) {
  Json out = Json::object();
  for (const auto& [name, value] : values.items()) {
    if (usual.at(name) != value) out[name] = value;
  }
  return out;
}

Json add_member(const Model& model, std::size_t number, tensor::TensorFile& file) {
  const Member& member = model.members[number];
  Json entry = {{"method", member.method},
                {"weight", member.weight},
                {"temperature", member.temperature},
                {"self_test", self_test(model, member)}};
  if (member.network == nullptr) {
    Archive archive(file, prefix_of(number), model.goal->width());
    member.baseline->archive(archive);
    entry["state"] = archive.head();
    return entry;
  }
  add_network(*member.network, prefix_of(number), file);
  entry["options"] = others(options_of(member.network->spec()), options_of(model.spec));
  const Json features = member.network->features().to_json();
  if (features != model.features.to_json()) entry["features"] = features;
  return entry;
}

// Reads the members of a file.
class MemberReader {
 public:
  MemberReader(const tensor::TensorFile& file, Model& model) : file_(file), model_(model) {}

  void read(const Json& entry, std::size_t number) {
    const std::string method = entry.at("method");
    Member member = method == "network" ? network(entry, prefix_of(number))
                                        : baseline(entry, prefix_of(number));
    member.method = method;
    member.weight = entry.at("weight");
    member.temperature = entry.at("temperature");
    require_positive(member.weight);
    require_positive(member.temperature);
    add(std::move(member), entry.at("self_test"));
  }

  void add(Member member, const Json& expected) {
    check_self_test(model_, member, expected);
    model_.members.push_back(std::move(member));
  }

  Member network(const Json& entry, const std::string& prefix) {
    const auto options = entry.find("options");
    Spec spec = options == entry.end() ? model_.spec : spec_from(*options, model_.spec);
    const auto own = entry.find("features");
    auto features = own == entry.end() ? model_.features : data::Features::from_json(*own);
    if (features.streams().size() != model_.features.streams().size()) {
      throw Error(Code::kData, "a member reads other streams");
    }
    check_sizes(spec, features, file_);
    Member member;
    member.method = "network";
    member.network = std::make_unique<Network>(std::move(spec), std::move(features), model_.goal);
    read_parameters(file_, prefix, member.network->params());
    return member;
  }

  static void require_positive(double value) {
    if (!(value > 0) || !std::isfinite(value)) {
      throw Error(Code::kData, "a weight or temperature is not a positive number");
    }
  }

 private:
  Member baseline(const Json& entry, const std::string& prefix) {
    const auto& item = all_baselines().at(entry.at("method").get<std::string>());
    data::Dataset form;
    form.streams = model_.features.streams();
    if (!applies(item.kind, form)) throw Error(Code::kData, "a member reads other streams");
    Member member;
    member.baseline = item.make();
    Archive archive(file_, prefix, model_.goal->width(), entry.at("state"));
    member.baseline->archive(archive);
    return member;
  }

  const tensor::TensorFile& file_;
  Model& model_;
};

std::vector<double> offset_from(const Json& stored, const data::Features& features) {
  auto offset = stored.get<std::vector<double>>();
  const auto channels = static_cast<std::size_t>(features.streams().front().channels);
  const bool finite =
      std::all_of(offset.begin(), offset.end(), [](double x) { return std::isfinite(x); });
  if (offset.size() != channels || !finite) throw Error(Code::kData, "its offset is damaged");
  return offset;
}

Json columns_to_json(const data::Columns& c) {
  return {{"format", c.format}, {"names", c.names}, {"values", c.values}, {"label", c.label},
          {"text", c.text},     {"id", c.id},       {"group", c.group},   {"time", c.time}};
}

data::Columns columns_from(const Json& json) {
  return {json.at("format"),
          json.at("names").get<std::vector<std::string>>(),
          json.at("values").get<std::vector<std::string>>(),
          json.at("label"),
          json.at("text"),
          json.at("id"),
          json.at("group"),
          json.at("time")};
}

Model from_head(const tensor::TensorFile& file, const Json& head) {
  Model model;
  model.spec = spec_from(head.at("options"), {});
  model.features = data::Features::from_json(head.at("features"));
  const std::string task = head.at("task");
  const Task* known = tasks().find(task);
  if (known == nullptr) {
    throw Error(Code::kData,
                fmt::format("it learned the task '{}', which is not known here", task));
  }
  model.goal = known->read(head);
  if (head.contains("columns")) model.columns = columns_from(head.at("columns"));
  const Json& r = head.at("receipt");
  model.receipt = {r.at("version"), r.at("n_train"),    r.at("n_valid"),
                   r.at("epochs"),  r.at("best_epoch"), r.at("stop_reason")};
  if (head.contains("label_kind")) model.label_kind = head.at("label_kind").get<std::string>();
  if (head.contains("encoder")) model.encoder = head.at("encoder").get<std::string>();
  if (head.contains("offset")) model.offset = offset_from(head.at("offset"), model.features);
  MemberReader reader(file, model);
  if (head.at("format") == kSingleNetwork) {
    reader.add(reader.network(Json::object(), ""), head.at("self_test"));
    return model;
  }
  const Json& entries = head.at("members");
  for (std::size_t i = 0; i < entries.size(); ++i) reader.read(entries[i], i);
  if (model.members.empty()) throw Error(Code::kData, "it has no members");
  model.temperature = head.at("temperature");
  MemberReader::require_positive(model.temperature);
  return model;
}

}  // namespace

void read_parameters(const tensor::TensorFile& file, const std::string& prefix,
                     nn::ParamSet& params) {
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const NamedTensor want = to_file(params, static_cast<int>(i), prefix);
    const NamedTensor* found = file.find(want.name);
    if (found == nullptr || found->shape != want.shape) {
      throw Error(Code::kData,
                  fmt::format("tensor '{}' is missing or of another shape", want.name));
    }
    const tensor::Tensor t = params.value(static_cast<int>(i));
    const bool turn = is_turned(params.params()[i]);
    const auto rows = static_cast<std::size_t>(t.rows());
    const auto columns = static_cast<std::size_t>(t.columns());
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        t.data[r * columns + c] = found->values[turn ? c * rows + r : r * columns + c];
      }
    }
  }
}

std::string model_bytes(const Model& model) {
  tensor::TensorFile file;
  const bool single =
      model.single_network() != nullptr && model.temperature == 1 && model.goal->is_plain();
  Json head = {{"format", single ? kSingleNetwork : kMembers},
               {"task", model.goal->task()},
               {"options", options_of(model.spec)},
               {"features", model.features.to_json()}};
  head.update(model.goal->to_json());
  head["receipt"] = receipt_to_json(model.receipt);
  if (!model.label_kind.empty()) head["label_kind"] = model.label_kind;
  if (!model.offset.empty()) head["offset"] = model.offset;
  if (!model.encoder.empty()) head["encoder"] = model.encoder;
  if (!model.columns.names.empty()) head["columns"] = columns_to_json(model.columns);
  if (single) {
    add_network(*model.members.front().network, "", file);
    head["self_test"] = self_test(model, model.members.front());
  } else {
    head["members"] = Json::array();
    for (std::size_t i = 0; i < model.members.size(); ++i) {
      head["members"].push_back(add_member(model, i, file));
    }
    head["temperature"] = model.temperature;
  }
  file.metadata["refrain"] = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  return tensor::to_safetensors(file);
}

void save_model(const std::string& path, const Model& model) {
  base::write_file_atomically(path, model_bytes(model));
}

Model load_model(const std::string& path) { return parse_model(base::read_file(path).bytes, path); }

Model parse_model(const std::string& bytes, const std::string& path) {
  const auto file = tensor::from_safetensors(bytes, path);
  const auto found = file.metadata.find("refrain");
  if (found == file.metadata.end()) {
    throw Error(Code::kData, path + " is a safetensors file, but not a Refrain model",
                "give the file that 'refrain train --out' wrote");
  }
  try {
    const Json head = Json::parse(found->second);
    const int format = head.at("format");
    if (format != kSingleNetwork && format != kMembers) {
      throw Error(Code::kData,
                  fmt::format("{} has model format {}, this version reads {} and {}", path, format,
                              kSingleNetwork, kMembers),
                  "use the version of Refrain that wrote it, or train again");
    }
    return from_head(file, head);
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": its Refrain head is damaged", "train again");
  } catch (const Error& e) {
    const std::string what = e.what();
    if (what.starts_with(path)) throw;
    throw Error(Code::kData, path + ": " + what, "the file is damaged; train again");
  }
}

}  // namespace refrain::task

#include "refrain/task/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/files.h"
#include "refrain/data/column_names.h"
#include "refrain/data/streams.h"
#include "refrain/task/network_file.h"
#include "refrain/task/simple_learner.h"
#include "refrain/task/task.h"
#include "refrain/tensor/safetensors.h"
#include "refrain/transduce/model_file.h"

namespace refrain::task {

namespace {

using base::Json;

constexpr int kSingleNetwork = 1, kMembers = 2;  // formats
constexpr double kSelfTestTolerance = 2e-4;      // between instruction sets

void check_self_test(const Model& model, const Member& member, const Json& expected) {
  const auto got = member.learner->self_test(model.form());
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

Json receipt_to_json(const Receipt& r) {
  return {{"version", r.version}, {"n_train", r.n_train},       {"n_valid", r.n_valid},
          {"epochs", r.epochs},   {"best_epoch", r.best_epoch}, {"stop_reason", r.stop_reason}};
}

// Where the parts of a member are in the file.
std::string prefix_of(std::size_t number) { return fmt::format("members.{}.", number); }

Json add_member(const Model& model, std::size_t number, tensor::TensorFile& file) {
  const Member& member = model.members[number];
  Json entry = {{"method", member.method},
                {"weight", member.weight},
                {"temperature", member.temperature},
                {"self_test", member.learner->self_test(model.form())}};
  member.learner->write(model.form(), prefix_of(number), file, entry);
  return entry;
}

void require_positive(double value) {
  if (value > 0 && std::isfinite(value)) return;
  throw Error(Code::kData, "a weight or temperature is not a positive number");
}

Member read_member(const Model& model, const tensor::TensorFile& file, const Json& entry,
                   std::size_t number) {
  const std::string method = entry.at("method"), prefix = prefix_of(number);
  Member member{method, nullptr, entry.at("weight"), entry.at("temperature")};
  require_positive(member.weight);
  require_positive(member.temperature);
  if (method == "network") {
    member.learner = read_network(model.form(), model.goal, file, prefix, entry);
  } else {
    member.learner =
        std::make_unique<SimpleLearner>(method, model.form(), model.goal, file, prefix, entry);
  }
  check_self_test(model, member, entry.at("self_test"));
  return member;
}

Member read_single(const Model& model, const tensor::TensorFile& file, const Json& head) {
  Member member{"network", read_network(model.form(), model.goal, file, "", Json::object())};
  check_self_test(model, member, head.at("self_test"));
  return member;
}

std::vector<double> offset_from(const Json& stored, const data::Features& features) {
  auto offset = stored.get<std::vector<double>>();
  const auto channels = static_cast<std::size_t>(data::channels_of(features.streams()));
  const bool finite =
      std::all_of(offset.begin(), offset.end(), [](double x) { return std::isfinite(x); });
  if (offset.size() != channels || !finite) throw Error(Code::kData, "its offset is damaged");
  return offset;
}

Model from_head(const tensor::TensorFile& file, const Json& head) {
  Model model;
  model.spec = spec_from_json(head.at("options"), {});
  model.features = data::Features::from_json(head.at("features"));
  const std::string task = head.at("task");
  const Task* known = tasks().find(task);
  if (known == nullptr) {
    throw Error(Code::kData,
                fmt::format("it learned the task '{}', which is not known here", task));
  }
  model.goal = known->read(head);
  if (head.contains("columns")) model.columns = data::columns_from_json(head.at("columns"));
  const Json& r = head.at("receipt");
  model.receipt = {r.at("version"), r.at("n_train"),    r.at("n_valid"),
                   r.at("epochs"),  r.at("best_epoch"), r.at("stop_reason")};
  if (head.contains("label_kind")) model.label_kind = head.at("label_kind").get<std::string>();
  if (head.contains("given")) model.given = head.at("given").get<std::string>();
  if (head.contains("encoder")) model.encoder = head.at("encoder").get<std::string>();
  if (head.contains("offset")) model.offset = offset_from(head.at("offset"), model.features);
  if (head.at("format") == kSingleNetwork) {
    model.members.push_back(read_single(model, file, head));
    return model;
  }
  const Json& entries = head.at("members");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    model.members.push_back(read_member(model, file, entries[i], i));
  }
  if (model.members.empty()) throw Error(Code::kData, "it has no members");
  model.temperature = head.at("temperature");
  require_positive(model.temperature);
  return model;
}

}  // namespace

std::string model_bytes(const Model& model) {
  tensor::TensorFile file;
  const bool single =
      model.single_network() != nullptr && model.temperature == 1 && model.goal->is_plain();
  Json head = {{"format", single ? kSingleNetwork : kMembers},
               {"task", model.goal->task()},
               {"options", spec_to_json(model.spec)},
               {"features", model.features.to_json()}};
  head.update(model.goal->to_json());
  head["receipt"] = receipt_to_json(model.receipt);
  if (!model.label_kind.empty()) head["label_kind"] = model.label_kind;
  if (!model.given.empty()) head["given"] = model.given;
  if (!model.offset.empty()) head["offset"] = model.offset;
  if (!model.encoder.empty()) head["encoder"] = model.encoder;
  if (model.columns.named()) head["columns"] = data::to_json(model.columns);
  if (single) {
    const Learner& network = *model.members.front().learner;
    Json own = Json::object();  // stands in the head
    network.write(model.form(), "", file, own);
    head["self_test"] = network.self_test(model.form());
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
    if (transduce::is_transducer(file)) {
      throw Error(
          Code::kData,
          path +
              " is a model that writes translations or transcripts, and this needs one "
              "of classes, numbers or tags",
          "such a model answers 'refrain predict' and 'refrain evaluate'; 'refrain report " + path +
              "' shows what it attended to");
    }
    if (head.contains("kind")) {
      throw Error(Code::kData, path + " is a source of 'refrain pretrain', no model",
                  "begin a model with it: refrain train DATA --init " + path);
    }
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

#include "refrain/train/checkpoint.h"

#include <fmt/format.h>

#include <filesystem>

#include "refrain/base/files.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::train {
namespace {

using base::Json;
constexpr const char* kVersion = "refrain checkpoint 2";

Json to_json(const EpochRecord& r) {
  return {r.epoch, r.loss, r.lr, r.gradient_norm, r.valid.score, r.valid.loss};
}
EpochRecord record_from_json(const Json& j) {
  return {j.at(0), j.at(1), j.at(2), j.at(3), {j.at(4), j.at(5)}};
}

void add_block(tensor::TensorFile& file, const std::string& name, const std::vector<real>& values) {
  file.tensors.push_back({name, {static_cast<std::int64_t>(values.size())}, values});
}

std::vector<real> block(const tensor::TensorFile& file, const std::string& name) {
  const auto* t = file.find(name);
  return t == nullptr ? std::vector<real>() : t->values;
}

}  // namespace

void save_checkpoint(const std::string& path, const State& s, const std::string& fingerprint) {
  Json head = {{"epoch", s.epoch},         {"batch", s.batch},         {"step", s.step},
               {"loss_sum", s.loss_sum},   {"norm_sum", s.norm_sum},   {"best_epoch", s.best_epoch},
               {"best_step", s.best_step}, {"score", s.best.score},    {"loss", s.best.loss},
               {"averaged", s.averaged},   {"averaging", s.averaging}, {"slots", s.slots.size()},
               {"history", Json::array()}};
  for (const auto& r : s.history) head["history"].push_back(to_json(r));
  tensor::TensorFile file;
  file.metadata = {{"format", kVersion}, {"fingerprint", fingerprint}, {"state", head.dump()}};
  add_block(file, "values", s.values);
  add_block(file, "best_values", s.best_values);
  add_block(file, "average", s.average);
  for (std::size_t i = 0; i < s.slots.size(); ++i)
    add_block(file, fmt::format("slot{}", i), s.slots[i]);
  base::write_file_atomically(path, tensor::to_safetensors(file));
}

std::optional<State> load_checkpoint(const std::string& path, const std::string& fingerprint) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const auto file = tensor::from_safetensors(base::read_file(path).bytes, path);
  const auto text = [&](const char* key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (text("format") != kVersion) {
    throw Error(Code::kData, path + " is not a checkpoint of this version",
                "name another file with --checkpoint, or leave --resume out");
  }
  if (text("fingerprint") != fingerprint) {
    throw Error(Code::kData, path + " belongs to a run with other data or options",
                "give the same data and options, or leave --resume out to start anew");
  }
  try {
    const Json head = Json::parse(text("state"));
    State s;
    s.epoch = head.at("epoch");
    s.batch = head.at("batch");
    s.step = head.at("step");
    s.loss_sum = head.at("loss_sum");
    s.norm_sum = head.at("norm_sum");
    s.best_epoch = head.at("best_epoch");
    s.best_step = head.at("best_step");
    s.averaged = head.at("averaged");
    s.averaging = head.at("averaging");
    s.best = {head.at("score"), head.at("loss")};
    for (const auto& r : head.at("history")) s.history.push_back(record_from_json(r));
    s.values = block(file, "values");
    s.best_values = block(file, "best_values");
    s.average = block(file, "average");
    for (std::size_t i = 0; i < head.at("slots").get<std::size_t>(); ++i) {
      s.slots.push_back(block(file, fmt::format("slot{}", i)));
    }
    return s;
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": damaged checkpoint", "leave --resume out to start anew");
  }
}

}  // namespace refrain::train

#include "refrain/train/checkpoint.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/base/files.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::train {
namespace {

using base::Json;
constexpr const char* kVersion = "refrain checkpoint 4";

Json to_json(const EpochRecord& r) {
  return {r.epoch, r.loss, r.lr, r.gradient_norm, r.clip_ratio, r.valid.score, r.valid.loss};
}
EpochRecord record_from_json(const Json& j) {
  return {j.at(0), j.at(1), j.at(2), j.at(3), j.at(4), {j.at(5), j.at(6)}};
}

void add_block(tensor::TensorFile& file, const std::string& name, const std::vector<real>& values) {
  file.tensors.push_back({name, {static_cast<std::int64_t>(values.size())}, values});
}

std::vector<real> block(const tensor::TensorFile& file, const std::string& name) {
  const auto* t = file.find(name);
  return t == nullptr ? std::vector<real>() : t->values;
}

// Calls f(name, member) for each member of a State that is a number or a list of them.
template <class S, class F>
void for_numbers(S& s, const F& f) {
  f("epoch", s.epoch);
  f("batch", s.batch);
  f("step", s.step);
  f("share", s.share);
  f("lr", s.lr);
  f("loss_sum", s.loss_sum);
  f("norm_sum", s.norm_sum);
  f("clipped", s.clipped);
  f("start_loss", s.start_loss);
  f("layer_sums", s.layer_sums);
  f("best_epoch", s.best_epoch);
  f("best_step", s.best_step);
  f("score", s.best.score);
  f("loss", s.best.loss);
  f("smoothed", s.smoothed);
  f("best_smoothed", s.best_smoothed);
  f("lr_factor", s.lr_factor);
  f("plateau_loss", s.plateau_loss);
  f("plateau_epoch", s.plateau_epoch);
  f("layer_norms", s.layer_norms);
  f("averaged", s.averaged);
  f("averaging", s.averaging);
}

Json numbers_of(const State& s) {
  Json head = {{"slots", s.slots.size()}, {"history", Json::array()}};
  for_numbers(s, [&](const char* name, const auto& member) { head[name] = member; });
  return head;
}

}  // namespace

void save_checkpoint(const std::string& path, const State& s, const std::string& fingerprint) {
  Json head = numbers_of(s);
  for (const auto& r : s.history) head["history"].push_back(to_json(r));
  tensor::TensorFile file;
  file.metadata = {{"format", kVersion}, {"fingerprint", fingerprint}, {"state", head.dump()}};
  add_block(file, "values", s.values);
  add_block(file, "best_values", s.best_values);
  add_block(file, "average", s.average);
  if (!s.carried.empty()) add_block(file, "carried", s.carried);
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
    for_numbers(s, [&](const char* name, auto& member) { head.at(name).get_to(member); });
    for (const auto& r : head.at("history")) s.history.push_back(record_from_json(r));
    s.values = block(file, "values");
    s.best_values = block(file, "best_values");
    s.average = block(file, "average");
    s.carried = block(file, "carried");
    for (std::size_t i = 0; i < head.at("slots").get<std::size_t>(); ++i) {
      s.slots.push_back(block(file, fmt::format("slot{}", i)));
    }
    return s;
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": damaged checkpoint", "leave --resume out to start anew");
  }
}

}  // namespace refrain::train

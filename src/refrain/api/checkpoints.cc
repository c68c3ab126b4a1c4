#include "refrain/api/inside/checkpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/clock.h"
#include "refrain/api/version.h"
#include "refrain/base/files.h"
#include "refrain/train/checkpoint.h"
#include "refrain/train/tuning.h"

namespace refrain::api {
namespace {

// A checkpoint is flushed to the disk, which takes longer than an epoch of a small set. After each
// checkpoint the run waits at least `kPause` seconds and `kShare` times as long as the write took.
constexpr double kPause = 1;
constexpr double kShare = 20;

// Returns a hash of the training data and of the options that change the resulting bits.
std::string fingerprint(const task::NetworkRun& run) {
  task::Spec same = run.network.spec();
  same.train.threads = 0;
  same.encoder.recompute = "auto";
  same.split.baselines = true;
  std::uint32_t sum = base::crc32(base::fields_to_json(task::spec_fields().list(), &same).dump());
  const auto add = [&](const auto& values) {
    sum = base::crc32(
        {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])}, sum);
  };
  for (const auto& sample : run.samples) {
    const int facts[2] = {sample.target, static_cast<int>(sample.index)};
    sum = base::crc32({reinterpret_cast<const char*>(facts), sizeof(facts)}, sum);
    add(sample.shares);
    for (const auto& stream : sample.streams) {
      add(stream.values);
      add(stream.ids);
    }
  }
  const std::string stage = run.stage.empty() ? "" : " " + run.stage;
  return fmt::format("{:08x} {} {}{}", sum, run.samples.size(), version(), stage);
}

// All blocks have the length that this network and this optimiser need.
void check_state(const train::State& s, const task::Network& network, const std::string& path) {
  const auto& optim = network.spec().optim;
  const std::size_t count = network.params().count();
  nn::ParamSet params = network.params();  // as they were frozen when the state was kept
  train::Tuning(network.spec().train, params).apply(train::epoch_of(s), params);
  const auto optimiser = optim::optimisers().at(optim.optimiser)(optim, optim::slot_size(params));
  const auto& slots = optimiser->slots();
  const std::size_t best = s.best_epoch > 0 ? count : s.best_values.size();
  const std::size_t mean = s.averaged > 0 ? count : 0;
  const bool same = s.values.size() == count && s.best_values.size() == best &&
                    s.average.size() == mean &&
                    std::equal(s.slots.begin(), s.slots.end(), slots.begin(), slots.end(),
                               [](const auto& a, const auto& b) { return a.size() == b.size(); });
  if (same) return;
  throw Error(Code::kData, path + ": damaged checkpoint", "leave --resume out to start anew");
}

}  // namespace

std::string Checkpoints::path(const task::NetworkRun& run) const {
  const std::string first = !job_.checkpoint.empty() ? job_.checkpoint
                            : job_.out.empty()       ? "refrain.checkpoint"
                                                     : job_.out + ".checkpoint";
  const std::string file = run.number == 0 ? first : fmt::format("{}.{}", first, run.number + 1);
  return run.stage.empty() ? file : file + "." + run.stage;
}

void Checkpoints::own(const std::string& path) {
  const std::lock_guard lock(mutex_);
  own_.insert(path);
}

std::optional<train::State> Checkpoints::load(const std::string& path,
                                              const std::string& print) const {
  try {
    return train::load_checkpoint(path, print);
  } catch (const Error& e) {
    const bool helps = e.hint().find("--resume") != std::string::npos;
    throw Error(e.code(), e.what(), helps ? e.hint() : "leave --resume out to start anew");
  }
}

std::optional<train::State> Checkpoints::resume(const task::NetworkRun& run) {
  if (!job_.resume) return std::nullopt;
  const std::string file = path(run);
  auto state = load(file, fingerprint(run));
  if (state) {
    check_state(*state, run.network, file);
    own(file);
    log_.info(fmt::format("continuing after epoch {} from {}", state->epoch, file));
  } else {
    log_.info(fmt::format("no checkpoint {} yet: starting from the beginning", file));
  }
  return state;
}

void Checkpoints::save(const std::string& path, const train::State& state,
                       const std::string& print) {
  train::save_checkpoint(path, state, print);
  own(path);
}

std::function<void(const train::State&)> Checkpoints::saver(const task::NetworkRun& run) {
  const bool keeps = !job_.checkpoint.empty() || !job_.out.empty();
  return [this, keeps, file = path(run), print = fingerprint(run), several = !run.alone,
          next = 0.0](const train::State& state) mutable {
    const bool stopped = job_.hooks.stop != nullptr && job_.hooks.stop->load();
    // A training of several that is done must not be repeated when another is continued.
    const bool last = state.done && (!job_.checkpoint.empty() || (several && !job_.out.empty()));
    const double start = now();
    if (stopped || last || (keeps && start >= next)) {
      save(file, state, print);
      next = now() + std::max(kPause, kShare * (now() - start));
    }
    if (stopped) log_.info("stopped; continue with --resume from " + file);
  };
}

void Checkpoints::remove_own() const {
  if (!job_.checkpoint.empty()) return;
  std::error_code ignored;
  for (const auto& file : own_) std::filesystem::remove(file, ignored);
}

}  // namespace refrain::api

// The checkpoints of a training run: one file a network and stage of it, written now and then,
// continued from with
// --resume, removed when they have served their time. For the sources of this layer only. Its
// functions are called from the threads that train, each for a network of its own.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "refrain/api/train.h"
#include "refrain/base/log.h"
#include "refrain/task/fit.h"

namespace refrain::api {

class Checkpoints {
 public:
  Checkpoints(const TrainJob& job, const base::Log& log) : job_(job), log_(log) {}

  // Returns the state to continue from, or nothing if the job does not resume. Throws data if the
  // file is damaged or belongs to another run.
  std::optional<train::State> resume(const task::NetworkRun& run);

  // Writes after an epoch, but not more often than the disk can bear; when stopped, always.
  std::function<void(const train::State&)> saver(const task::NetworkRun& run);

  // Those that nobody asked for by name; another run's stay.
  void remove_own() const;

 private:
  std::string path(const task::NetworkRun& run) const;
  std::optional<train::State> load(const std::string& path, const std::string& print) const;
  void save(const std::string& path, const train::State& state, const std::string& print);
  void own(const std::string& path);

  const TrainJob& job_;
  const base::Log& log_;
  mutable std::mutex mutex_;
  std::set<std::string> own_;  // written by this run, or continued from
};

}  // namespace refrain::api

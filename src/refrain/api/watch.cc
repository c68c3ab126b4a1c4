#include "refrain/api/inside/watch.h"

#include <algorithm>
#include <numeric>

namespace refrain::api {

train::Hooks Watch::operator()(const task::NetworkRun& run) {
  return of(run.number, run.count, run.stage, run.network.goal().judge().score_name());
}

train::Hooks Watch::of(int number, int count, const std::string& stage,
                       const std::string& score_name) {
  train::Hooks out;
  out.stop = hooks_.stop;
  if (!hooks_.progress) return out;
  const Place place{number, count, stage, score_name};
  out.progress = [this, place](const train::Progress& p) { tell(place, p); };
  return out;
}

void Watch::tell(const Place& place, const train::Progress& p) {
  const std::lock_guard lock(mutex_);
  auto& done = done_[place.stage];
  done.resize(static_cast<std::size_t>(place.count));
  int& own = done[static_cast<std::size_t>(place.number)];
  own = p.epoch - 1;
  const int before = std::accumulate(done.begin(), done.end(), 0);
  const int epochs = std::max(before + 1, p.epochs * place.count);  // --refit: each has its own
  TrainProgress out{before + 1,   epochs, p.batch, p.batches, p.loss,
                    p.epoch_done, false,  0,       0,         place.score_name};
  if (p.epoch_done) own = p.epoch;
  if (p.record != nullptr && has_valid_ && !place.stage.ends_with("refit")) {
    out.has_valid = true;
    out.valid_score = p.record->valid.score;
    out.valid_loss = p.record->valid.loss;
  }
  hooks_.progress(out);
}

}  // namespace refrain::api

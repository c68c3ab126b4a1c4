#include "refrain/api/inside/pretrain_hooks.h"

#include <cmath>

namespace refrain::api {

train::Hooks pretrain_hooks(const Hooks& hooks, const std::string& score) {
  train::Hooks out;
  out.stop = hooks.stop;
  if (hooks.message) {
    out.log = base::Log([&hooks](base::Level level, const std::string& sentence) {
      hooks.message(sentence, level == base::Level::kWarning);
    });
  }
  if (!hooks.progress) return out;
  out.progress = [&hooks, score](const train::Progress& p) {
    TrainProgress q;
    q.epoch = p.epoch;
    q.epochs = p.epochs;
    q.batch = p.batch;
    q.batches = p.batches;
    q.loss = p.loss;
    q.epoch_done = p.epoch_done;
    q.score_name = score;
    if (p.record != nullptr && p.record->valid.loss > 0) {
      q.has_valid = true;
      q.valid_loss = p.record->valid.loss;
      if (!score.empty()) q.valid_score = std::exp(q.valid_loss);
    }
    hooks.progress(q);
  };
  return out;
}

}  // namespace refrain::api

#include "refrain/train/stopwatch.h"

namespace refrain::train {

double measure_training(Fit fit, double seconds) {
  const auto kept = fit.params->values();
  const int epochs = fit.train.epochs;
  Stopwatch watch;
  Hooks hooks;
  hooks.vary = fit.hooks.vary;
  hooks.stop = fit.hooks.stop;
  hooks.progress = [&watch](const Progress& p) { watch.note(p); };
  fit.hooks = std::move(hooks);
  fit.train.epochs = 1;
  const double start = base::steady_seconds();
  fit.hooks.deadline = start + seconds;
  train::fit(fit, nullptr);
  const double looked = base::steady_seconds() - watch.last_update();
  fit.params->values() = kept;
  return epochs * (watch.seconds_an_epoch(start) + looked);
}

}  // namespace refrain::train

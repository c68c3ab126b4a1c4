#include "refrain/task/expected_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/duration.h"
#include "refrain/task/held_out.h"
#include "refrain/task/spec.h"

namespace refrain::task {
namespace {

constexpr double kWorthSaying = 3;  // seconds
constexpr double kWatched = 0.3;    // seconds of the first network that tell its speed
constexpr double kFoldShare = 0.8;  // of the samples, which an inner fold trains on

double at_a_time(double trainings, int threads) {
  return std::ceil(trainings / std::max(1, threads));
}

// The speed of a network after its first update, which also makes its memory.
class Watch {
 public:
  // The seconds that all epochs take; 0 until they are known, and after they were asked for once.
  double seconds(const train::Progress& p) {
    if (told_) return 0;
    const double now = base::steady_seconds();
    const double done = p.epoch - 1 + static_cast<double>(p.batch) / std::max(1, p.batches);
    if (begin_ == 0) {
      begin_ = now;
      done_ = done;
      return 0;
    }
    if (p.epoch_done || now - begin_ < kWatched || done <= done_) return 0;
    told_ = true;
    return (now - begin_) * (p.epochs - done_) / (done - done_);
  }

 private:
  double begin_ = 0, done_ = 0;
  bool told_ = false;
};

}  // namespace

Rounds rounds_of(const Spec& spec, bool inner_folds) {
  Rounds out;
  const int threads = spec.train.threads;
  out.networks = at_a_time(spec.model.ensemble, threads);
  if (inner_folds) {
    const double part = spec.model.blend_weight == kAutoWeight ? kWeighingPart : kInnerFolds;
    out.folds =
        at_a_time(kInnerFolds, threads) * std::ceil(spec.model.ensemble / part) * kFoldShare;
  }
  out.networks *= spec.split.refit ? 2 : 1;
  out.folds *= spec.split.refit ? 2 : 1;
  out.may_stop = spec.train.patience > 0 && spec.split.valid_fraction > 0;
  return out;
}

std::string expected_time(const Rounds& rounds, int networks, double seconds_each) {
  const double own = rounds.networks * seconds_each, folds = rounds.folds * seconds_each;
  if (own + folds < kWorthSaying) return "";
  const std::string most = rounds.may_stop ? "at most about" : "about";
  const std::string who =
      networks == 1 ? "the network takes" : fmt::format("the {} networks take", networks);
  std::string said = fmt::format("{} {} {}", who, most, base::format_duration(std::round(own)));
  if (folds > 0) {
    said +=
        fmt::format(", the inner folds then {} {}", most, base::format_duration(std::round(folds)));
  }
  return said;
}

FitHooks with_expected_time(const FitHooks& hooks, const Rounds& rounds) {
  if (!hooks.tells_time) return hooks;
  FitHooks out = hooks;
  out.watch = [hooks, rounds](const NetworkRun& run) {
    train::Hooks own;
    own.stop = hooks.stop;
    if (hooks.watch) own = hooks.watch(run);
    if (run.number != 0) return own;
    own.progress = [inner = own.progress, watch = std::make_shared<Watch>(), log = hooks.log,
                    rounds, count = run.count](const train::Progress& p) {
      const double seconds = watch->seconds(p);
      const auto said = seconds > 0 ? expected_time(rounds, count, seconds) : "";
      if (!said.empty()) log.info(said);
      if (inner) inner(p);
    };
    return own;
  };
  return out;
}

}  // namespace refrain::task

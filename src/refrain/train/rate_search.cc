#include "refrain/train/rate_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/data/bucket.h"
#include "refrain/train/step.h"

namespace refrain::train {
namespace {

constexpr double kFirst = 1e-6, kLast = 10;
constexpr int kUpdates = 140;    // twenty a decade
constexpr int kWindow = 6;       // losses on either side of a mean
constexpr double kExploded = 3;  // times the loss at the start

double factor() { return std::pow(kLast / kFirst, 1.0 / (kUpdates - 1)); }

// The losses at the growing rates, until they explode.
std::vector<double> losses_of(const Fit& fit) {
  Tuning tuning(fit.train, *fit.params);
  Stepper stepper(fit, tuning);
  if (stepper.optimiser().takes_all()) {
    throw Error(Code::kUsage, fmt::format("--lr auto: {} has no rate", fit.optim.optimiser),
                "leave --lr out: it finds the length of each step itself");
  }
  data::Batcher batcher(training_lengths(fit), stepper.batch_size());
  const base::Rng seed =
      base::Rng(static_cast<std::uint64_t>(fit.train.seed)).fork("learning rate");
  std::vector<double> losses, ignored(stepper.layers().names().size());
  std::span<const int> batch;
  int epoch = 0;
  base::Rng rng = seed;
  for (int i = 0; i < kUpdates; ++i) {
    if (epoch == 0 || !batcher.next(batch)) {
      rng = seed.fork(static_cast<std::uint64_t>(++epoch));
      batcher.begin_epoch(rng.fork("order"));
      batcher.next(batch);
    }
    try {
      const Moment now{rng, epoch, i + 1, kFirst * std::pow(factor(), i)};
      losses.push_back(stepper.step(batch, now, ignored).loss);
    } catch (const Error& e) {
      if (e.code() != Code::kNumeric) throw;
      return losses;
    }
    if (losses.back() > kExploded * losses.front()) return losses;
  }
  return losses;
}

// Means over the neighbours on both sides: no lag, as a running mean would have.
std::vector<double> smoothed(const std::vector<double>& x) {
  const int n = static_cast<int>(x.size());
  std::vector<double> out;
  for (int i = 0; i < n; ++i) {
    const int from = std::max(0, i - kWindow), to = std::min(n - 1, i + kWindow);
    double sum = 0;
    for (int k = from; k <= to; ++k) sum += x[static_cast<std::size_t>(k)];
    out.push_back(sum / (to - from + 1));
  }
  return out;
}

}  // namespace

FoundRate fastest_fall(const std::vector<double>& losses, double first, double by) {
  const auto mean = smoothed(losses);
  const int last = static_cast<int>(mean.size()) - kWindow - 1;
  int place = -1;
  double steepest = 0;
  for (int i = kWindow; i <= last; ++i) {
    const double fall =
        mean[static_cast<std::size_t>(i - kWindow)] - mean[static_cast<std::size_t>(i + kWindow)];
    if (fall > steepest) steepest = fall, place = i;
  }
  if (place < 0) {
    const double standard = optim::OptimSpec().lr;
    return {standard,
            fmt::format("--lr auto: the loss falls at no rate; --lr {} is taken", standard)};
  }
  const double lr = first * std::pow(by, place);
  const double shown = std::pow(10, std::floor(std::log10(lr)) - 1);
  const double rounded = std::round(lr / shown) * shown;
  const double end = first * std::pow(by, static_cast<double>(losses.size() - 1));
  return {rounded,
          fmt::format("--lr auto: the loss falls fastest at {:.2g} (tried {:.0e} to {:.2g}, from a "
                      "loss of {:.3g} to {:.3g})",
                      rounded, first, end, losses.front(), losses.back())};
}

FoundRate find_rate(const Fit& fit) {
  const std::vector<real> start = fit.params->values();
  const auto losses = losses_of(fit);
  fit.params->values() = start;
  return fastest_fall(losses, kFirst, factor());
}

}  // namespace refrain::train

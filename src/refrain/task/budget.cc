#include "refrain/task/budget.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/duration.h"
#include "refrain/base/threads.h"
#include "refrain/train/stopwatch.h"

namespace refrain::task {
namespace {

double measure_one(const Spec& spec, const FitParts& parts, double seconds) {
  Network network = make_network(spec, parts);
  const auto samples = encode_parts(network, parts);
  train::Stopwatch watch;
  train::Hooks hooks;
  hooks.progress = [&](const train::Progress& p) { watch.note(p); };
  const double start = base::steady_seconds();
  hooks.deadline = start + seconds;
  network.fit(samples, static_cast<int>(parts.train.size()), hooks, nullptr);
  return watch.seconds_an_epoch(start);
}

}  // namespace

Plan plan_within(double seconds, double seconds_an_epoch, const Plan& wanted, int threads) {
  const int at_once = std::clamp(threads, 1, std::max(1, wanted.networks));
  const double round = std::max(1e-9, seconds_an_epoch * wanted.epochs);
  const double rounds = std::floor(std::max(0.0, seconds) / round);
  if (rounds >= 1) {
    const double most = std::min<double>(wanted.networks, rounds * at_once);
    return {static_cast<int>(most), wanted.epochs};
  }
  const double epochs = std::floor(wanted.epochs * std::max(0.0, seconds) / round);
  return {at_once, std::max(1, static_cast<int>(epochs))};
}

double measure_epoch(const Spec& spec, const FitParts& parts, double seconds) {
  const int count = std::clamp(spec.train.threads, 1, spec.model.ensemble);
  Spec own = spec;
  if (spec.model.ensemble > 1) own.train.threads = 1;
  std::vector<double> found(static_cast<std::size_t>(count));
  base::parallel_for(count, count, [&](int i) {
    found[static_cast<std::size_t>(i)] = measure_one(own, parts, seconds);
  });
  return *std::max_element(found.begin(), found.end());
}

}  // namespace refrain::task

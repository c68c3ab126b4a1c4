// The reply of the nearest training series, or recording, by dynamic time warping with a window of
// a fifth of the length. Bounded in cost: steps are averaged down to the usual length of training
// or 100, whichever is less (all series to one length), and of more than 2,000 training samples, or
// of so many that the warping would take longer than kMostCells, some at equal distances are taken.
#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/method/channel_scale.h"
#include "refrain/method/neighbours.h"
#include "refrain/transduce/simple/simple.h"

namespace refrain::transduce {
namespace {

constexpr int kMostWarpedSteps = 100, kMostWarpedSeries = 2000, kWarpingPercent = 20;

// Means of equal parts of a longer series.
method::Channels thinned_series(const method::Channels& series, int steps) {
  if (series.steps <= steps) return method::resampled(series, steps);
  method::Channels out{series.channels, steps, {}};
  for (int c = 0; c < series.channels; ++c) {
    for (int t = 0; t < steps; ++t) {
      const auto from = static_cast<int>(std::int64_t{t} * series.steps / steps);
      const auto to = static_cast<int>((std::int64_t{t} + 1) * series.steps / steps);
      double sum = 0;
      for (int k = from; k < to; ++k) sum += static_cast<double>(series[c][k]);
      out.values.push_back(static_cast<float>(sum / (to - from)));
    }
  }
  return out;
}

// Places in [0, count) at equal distances.
std::vector<int> spread_places(int count, int most) {
  const int taken = std::min(count, std::max(1, most));
  std::vector<int> out;
  for (int i = 0; i < taken; ++i) {
    out.push_back(static_cast<int>(std::int64_t{i} * count / taken));
  }
  return out;
}

// How many training series the time allows for this many questions.
int affordable_series(int tests, int steps, int channels) {
  const double band = 2.0 * steps * kWarpingPercent / 100 + 1;
  const double cells = band * steps * channels * std::max(1, tests);
  return static_cast<int>(std::min<double>(kMostWarpedSeries, method::kMostCells / cells));
}

}  // namespace

std::vector<std::string> answer_by_nearest_series(const data::Subset& training,
                                                  const data::Subset& test, int threads) {
  if (training.size() == 0) throw Error(Code::kData, "no training samples");
  if (test.size() == 0) return {};
  auto known = method::channels_of(training, threads), asked = method::channels_of(test, threads);
  if (known.front().channels != asked.front().channels) {
    throw Error(Code::kData, "other channels than in training");
  }
  method::ChannelScale scale;
  scale.fit(known);
  const int steps = std::min(kMostWarpedSteps, method::median_steps(known));
  const auto places =
      spread_places(training.size(), affordable_series(test.size(), steps, known.front().channels));
  std::vector<method::Channels> taken(places.size());
  base::parallel_for(static_cast<int>(places.size()), threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    taken[at] = thinned_series(scale.of(known[static_cast<std::size_t>(places[at])]), steps);
  });
  method::Neighbours neighbours(taken);
  neighbours.set_window(neighbours.window_of(kWarpingPercent));
  std::vector<std::string> out(asked.size());
  base::parallel_for(test.size(), threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    const auto found = neighbours.nearest(thinned_series(scale.of(asked[at]), steps), -1, {});
    out[at] = training[places[static_cast<std::size_t>(std::max(0, found.index))]].label;
  });
  return out;
}

}  // namespace refrain::transduce

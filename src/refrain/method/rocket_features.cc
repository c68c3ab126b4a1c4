#include "refrain/method/rocket_features.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/base/threads.h"
#include "refrain/kernels/convolution9.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
constexpr int kKernels = 84;
constexpr int kThresholds = 119;  // of each kernel, shared by its dilations
constexpr int kMostDilations = 32;

// The heavy taps of the kernels: all three of nine.
const std::array<std::array<int, 3>, kKernels>& heavy_taps() {
  static const auto list = [] {
    std::array<std::array<int, 3>, kKernels> taps{};
    Size k = 0;
    for (int a = 0; a < 9; ++a) {
      for (int b = a + 1; b < 9; ++b) {
        for (int c = b + 1; c < 9; ++c) taps[k++] = {a, b, c};
      }
    }
    return taps;
  }();
  return list;
}

struct Dilation {
  int step, thresholds;
};

// Powers of two from 1 to as far as nine taps reach in `steps`, each with its share of thresholds.
std::vector<Dilation> dilations(int steps) {
  const double most = std::max(0.0, std::log2((steps - 1) / 8.0));
  std::vector<Dilation> list;
  for (int k = 0; k < kMostDilations; ++k) {
    const int step = static_cast<int>(std::exp2(most * k / (kMostDilations - 1)) + 1e-9);
    if (list.empty() || list.back().step != step) list.push_back({step, 0});
    ++list.back().thresholds;
  }
  int left = kThresholds;
  for (auto& d : list) {
    d.thresholds = d.thresholds * kThresholds / kMostDilations;
    left -= d.thresholds;
  }
  for (Size k = 0; left > 0; ++k, --left) ++list[k % list.size()].thresholds;
  return list;
}

float quantile(const std::vector<float>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto left = static_cast<Size>(place);
  const Size right = std::min(left + 1, sorted.size() - 1);
  return sorted[left] +
         static_cast<float>(place - static_cast<double>(left)) * (sorted[right] - sorted[left]);
}

}  // namespace

// Working memory: a padded series, the values that kernels share, and the output of a kernel.
struct RocketFeatures::Scratch {
  int channels = 0, steps = 0, dilation = 0;
  std::vector<float> padded;  // [C, T + 8 dilation]
  std::vector<float> base;    // [C,T]
  std::vector<float> output;  // [T]
  std::vector<int> above;

  int width() const { return steps + 8 * dilation; }

  void prepare(const Channels& series, int step) {
    if (dilation == step) return;
    channels = series.channels;
    steps = series.steps;
    dilation = step;
    padded.assign(static_cast<Size>(channels) * static_cast<Size>(width()), 0.0F);
    base.resize(series.values.size());
    output.resize(static_cast<Size>(steps));
    for (int c = 0; c < channels; ++c) {
      float* row = padded.data() + static_cast<std::ptrdiff_t>(c) * width();
      std::copy(series[c], series[c] + steps, row + 4 * dilation);
      kernels::nine_tap_base(row, dilation, steps,
                             base.data() + static_cast<std::ptrdiff_t>(c) * steps);
    }
  }
};

void RocketFeatures::convolve(const Pair& pair, Scratch& scratch) const {
  const auto& heavy = heavy_taps()[static_cast<Size>(pair.kernel)];
  const int d = pair.dilation;
  bool accumulate = false;
  for (const int c : pair.channels) {
    kernels::nine_tap(scratch.padded.data() + static_cast<std::ptrdiff_t>(c) * scratch.width(),
                      scratch.base.data() + static_cast<std::ptrdiff_t>(c) * scratch.steps,
                      {heavy[0] * d, heavy[1] * d, heavy[2] * d}, scratch.steps, accumulate,
                      scratch.output.data());
    accumulate = true;
  }
}

void RocketFeatures::choose_pairs() {
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed_)).fork("rocket_channels");
  pairs_.clear();
  int first = 0, number = 0;
  for (const auto& dilation : dilations(steps_)) {
    for (int kernel = 0; kernel < kKernels; ++kernel) {
      const bool padded = (number + kernel) % 2 == 0;
      const auto key = static_cast<std::uint64_t>(pairs_.size());
      pairs_.push_back({kernel, dilation.step, padded, some_channels(channels(), rng.fork(key)),
                        first, dilation.thresholds});
      first += dilation.thresholds;
    }
    ++number;
  }
  thresholds_.resize(static_cast<Size>(first));
}

void RocketFeatures::fit(const std::vector<Channels>& training, std::uint64_t seed) {
  scale_.fit(training);
  steps_ = median_steps(training);
  seed_ = static_cast<int>(seed);
  choose_pairs();
  base::Rng rng = base::Rng(seed).fork("rocket_thresholds");
  const double golden = (std::sqrt(5.0) - 1) / 2;
  Scratch scratch;
  for (const auto& pair : pairs_) {
    const auto example = scale_.of(training[rng.below(training.size())]);
    scratch.dilation = 0;
    scratch.prepare(example, pair.dilation);
    convolve(pair, scratch);
    std::sort(scratch.output.begin(), scratch.output.end());
    for (int k = pair.first; k < pair.first + pair.count; ++k) {
      const double share = std::fmod((k + 1) * golden, 1.0);
      thresholds_[static_cast<Size>(k)] = quantile(scratch.output, share);
    }
  }
}

void RocketFeatures::archive(Archive& file) {
  file.number("steps", steps_, 1, 1 << 30);
  file.number("seed", seed_, 0, 2147483647);
  scale_.archive(file);
  file.list("thresholds", thresholds_);
  if (!file.reading()) return;
  const auto stored = std::move(thresholds_);
  choose_pairs();
  file.require(stored.size() == thresholds_.size());
  thresholds_ = stored;
}

void RocketFeatures::features_of(const Channels& series, Scratch& scratch, real* out) const {
  scratch.dilation = 0;
  const auto ready = scale_.of(series);
  for (const auto& pair : pairs_) {
    scratch.prepare(ready, pair.dilation);
    convolve(pair, scratch);
    const int edge = pair.padded || ready.steps <= 8 * pair.dilation ? 0 : 4 * pair.dilation;
    const int seen = ready.steps - 2 * edge;
    scratch.above.resize(static_cast<Size>(pair.count));
    kernels::count_above(scratch.output.data() + edge, seen,
                         &thresholds_[static_cast<Size>(pair.first)], pair.count,
                         scratch.above.data());
    for (int k = 0; k < pair.count; ++k) {
      out[pair.first + k] =
          static_cast<real>(scratch.above[static_cast<Size>(k)]) / static_cast<real>(seen);
    }
  }
}

std::vector<real> RocketFeatures::of(const std::vector<Channels>& series, int threads) const {
  std::vector<real> out(series.size() * thresholds_.size());
  base::parallel_for(static_cast<int>(series.size()), threads, [&](int i) {
    Scratch scratch;
    features_of(series[static_cast<Size>(i)], scratch,
                &out[static_cast<Size>(i) * thresholds_.size()]);
  });
  return out;
}

}  // namespace refrain::method

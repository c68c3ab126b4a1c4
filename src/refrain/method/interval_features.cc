#include "refrain/method/interval_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "refrain/base/rng.h"
#include "refrain/base/threads.h"
#include "refrain/method/summaries.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

constexpr int kViews = 3;
constexpr int kStatistics = 7;
constexpr int kShortest = 3;  // steps of an interval, where there are as many

// Limits of the number of intervals of each view: chosen for kStepsSeen steps of all series at a
// quarter of a series each, within kFewestIntervals and kMostIntervals.
constexpr double kStepsSeen = 5e8, kFewestIntervals = 8, kMostIntervals = 30;
constexpr double kMostValues = 2e8;  // of all series, and of their rows

int columns_of(int intervals, int channels) {
  return kStatistics * intervals + static_cast<int>(summary_columns(channels));
}

// Fourier transform in place; the length is a power of two (Cooley and Tukey 1965).
void transform(std::vector<std::complex<double>>& z) {
  const Size n = z.size();
  for (Size i = 1, j = 0; i < n; ++i) {
    Size bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(z[i], z[j]);
  }
  for (Size half = 1; half < n; half *= 2) {
    for (Size k = 0; k < half; ++k) {
      const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half);
      const std::complex<double> turn(std::cos(angle), std::sin(angle));
      for (Size i = k; i < n; i += 2 * half) {
        const auto odd = turn * z[i + half];
        z[i + half] = z[i] - odd;
        z[i] += odd;
      }
    }
  }
}

struct Span {
  const float* values;
  int steps;
};

Span cut(const std::vector<float>& values, const IntervalFeatures::Interval& interval) {
  const int steps = static_cast<int>(values.size());
  const int least = std::min(kShortest, steps);
  int first = static_cast<int>(interval.begin * steps);
  int last = static_cast<int>(std::ceil(interval.end * steps));
  last = std::clamp(std::max(last, first + least), least, steps);
  first = std::min(first, last - least);
  return {values.data() + first, last - first};
}

void add_statistics(const Span& span, std::vector<float>& sorted, float* out) {
  const int n = span.steps;
  double sum = 0, squares = 0, moment = 0;
  const double middle = (n - 1) / 2.0;
  float low = span.values[0], high = low;
  for (int t = 0; t < n; ++t) {
    const double v = static_cast<double>(span.values[t]);
    sum += v;
    moment += (t - middle) * v;
    low = std::min(low, span.values[t]);
    high = std::max(high, span.values[t]);
  }
  const double mean = sum / n;
  for (int t = 0; t < n; ++t) squares += std::pow(static_cast<double>(span.values[t]) - mean, 2);
  sorted.assign(span.values, span.values + n);
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double share) {
    const double place = share * (n - 1);
    const int left = static_cast<int>(place), right = std::min(left + 1, n - 1);
    return sorted[static_cast<Size>(left)] +
           static_cast<float>(place - left) *
               (sorted[static_cast<Size>(right)] - sorted[static_cast<Size>(left)]);
  };
  const double of_time = n * (static_cast<double>(n) * n - 1) / 12;
  out[0] = static_cast<float>(mean);
  out[1] = static_cast<float>(std::sqrt(squares / n));
  out[2] = of_time > 0 ? static_cast<float>(moment / of_time) : 0.0F;
  out[3] = low;
  out[4] = high;
  out[5] = at(0.5);
  out[6] = at(0.75) - at(0.25);
}

}  // namespace

std::vector<float> amplitudes(const float* values, int steps) {
  Size size = 2;
  while (size < static_cast<Size>(steps)) size *= 2;
  double mean = 0;
  for (int t = 0; t < steps; ++t) mean += static_cast<double>(values[t]) / steps;
  std::vector<std::complex<double>> z(size);
  for (int t = 0; t < steps; ++t) z[static_cast<Size>(t)] = static_cast<double>(values[t]) - mean;
  transform(z);
  std::vector<float> out;
  for (Size k = 1; k <= size / 2; ++k) {
    out.push_back(static_cast<float>(std::abs(z[k]) / std::sqrt(static_cast<double>(steps))));
  }
  return out;
}

int IntervalFeatures::columns() const { return columns_of(count_, channels_); }

void IntervalFeatures::archive(Archive& file) {
  file.number("channels", channels_, 1, 1 << 16);
  file.number("intervals", count_, kViews, kViews * static_cast<int>(kMostIntervals));
  file.number("seed", seed_, 0, 2147483647);
  if (file.reading()) draw();
}

void IntervalFeatures::draw() {
  base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed_)).fork("intervals");
  intervals_.clear();
  for (int k = 0; k < count_; ++k) {
    Interval one;
    one.view = k % kViews;
    one.channel = static_cast<int>(rng.below(static_cast<std::uint64_t>(channels_)));
    const double length = rng.uniform(0, 0.5);
    one.begin = rng.uniform(0, 1 - length);
    one.end = one.begin + length;
    intervals_.push_back(one);
  }
}

void IntervalFeatures::fit(const std::vector<Channels>& training, std::uint64_t seed) {
  channels_ = training.front().channels;
  seed_ = static_cast<int>(seed);
  double steps = 0;
  for (const auto& one : training) steps += one.steps;
  count_ =
      kViews * static_cast<int>(std::clamp(kStepsSeen / steps, kFewestIntervals, kMostIntervals));
  if (steps * channels_ > kMostValues ||
      static_cast<double>(training.size()) * columns_of(count_, channels_) > kMostValues) {
    throw Error(Code::kUnsupported, "too many and too long series to draw intervals of");
  }
  draw();
}

ForestRows IntervalFeatures::of(const std::vector<Channels>& series, int threads) const {
  const auto whole = summaries(series, threads);
  ForestRows out{{}, columns()};
  const auto D = static_cast<Size>(columns());
  out.x.resize(series.size() * D);
  base::parallel_for(static_cast<int>(series.size()), threads, [&](int i) {
    const auto& one = series[static_cast<Size>(i)];
    const auto changes = differences(one);
    std::array<std::vector<std::vector<float>>, kViews> views;
    for (int c = 0; c < channels_; ++c) {
      views[0].emplace_back(one[c], one[c] + one.steps);
      views[1].emplace_back(changes[c], changes[c] + changes.steps);
      views[2].push_back(amplitudes(one[c], one.steps));
    }
    std::vector<float> sorted;
    float* row = &out.x[static_cast<Size>(i) * D];
    for (const auto& interval : intervals_) {
      const auto& view =
          views[static_cast<Size>(interval.view)][static_cast<Size>(interval.channel)];
      add_statistics(cut(view, interval), sorted, row);
      row += kStatistics;
    }
    for (const double v : whole[static_cast<Size>(i)]) *row++ = static_cast<float>(v);
  });
  return out;
}

}  // namespace refrain::method

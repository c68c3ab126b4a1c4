#include "refrain/method/hydra_features.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/threads.h"
#include "refrain/kernels/competition.h"

namespace refrain::method {
namespace {

using Size = std::size_t;
using kernels::kRivals;
constexpr int kTaps = 9;
constexpr int kGroups = 64;  // at each dilation

// Returns the number of dilations: powers of two, from 1, for which nine taps fit into `steps`.
int dilation_count(int steps) {
  int count = 1;
  while (8 << count <= steps - 1) ++count;
  return count;
}

// Mean 0, sizes adding up to 1.
void draw_kernel(base::Rng& rng, float* weight) {
  double value[kTaps], mean = 0, sum = 0;
  for (double& v : value) mean += (v = rng.normal()) / kTaps;
  for (double& v : value) sum += std::abs(v -= mean);
  for (int k = 0; k < kTaps; ++k) weight[k] = static_cast<float>(value[k] / sum);
}

// The channels added up, between 4 dilation zeros and those that the kernel's loads may touch.
void pad(const Channels& series, const std::vector<int>& channels, int dilation,
         std::vector<float>& out) {
  out.assign(static_cast<Size>(series.steps + 8 * dilation + kernels::kSlack), 0.0F);
  for (const int c : channels) {
    for (int t = 0; t < series.steps; ++t) out[static_cast<Size>(4 * dilation + t)] += series[c][t];
  }
}

}  // namespace

void HydraFeatures::draw_groups() {
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed_)).fork("hydra");
  groups_.clear();
  for (int d = 0; d < dilation_count(steps_); ++d) {
    for (int g = 0; g < kGroups; ++g) {
      base::Rng own = rng.fork(groups_.size());
      Group group{1 << d, g % 2 == 1, some_channels(channels(), own.fork("channels")), {}};
      group.weight.resize(Size{kRivals} * kTaps);
      for (int j = 0; j < kRivals; ++j)
        draw_kernel(own, &group.weight[static_cast<Size>(j) * kTaps]);
      groups_.push_back(std::move(group));
    }
  }
}

void HydraFeatures::fit(const std::vector<Channels>& training, std::uint64_t seed) {
  scale_.fit(training);
  steps_ = median_steps(training);
  seed_ = static_cast<int>(seed);
  draw_groups();
}

void HydraFeatures::archive(Archive& file) {
  file.number("steps", steps_, 1, 1 << 30);
  file.number("seed", seed_, 0, 2147483647);
  scale_.archive(file);
  if (file.reading()) draw_groups();
}

int HydraFeatures::size() const { return static_cast<int>(groups_.size()) * 2 * kRivals; }

double HydraFeatures::work(const Channels& series) {
  return static_cast<double>(kGroups * kRivals * kTaps) * series.steps *
         dilation_count(series.steps);
}

void HydraFeatures::features_of(const Channels& series, real* out) const {
  const auto values = scale_.of(series);
  const auto changes = differences(values);
  const double length = static_cast<double>(steps_) / series.steps;
  std::vector<float> padded;
  for (const auto& group : groups_) {
    const auto& x = group.differences ? changes : values;
    pad(x, group.channels, group.dilation, padded);
    float found[2 * kRivals] = {};
    kernels::compete(padded.data(), group.dilation, x.steps, group.weight.data(), found,
                     found + kRivals);
    for (const float v : found) {
      *out++ = static_cast<real>(std::sqrt(std::max(0.0, length * static_cast<double>(v))));
    }
  }
}

std::vector<real> HydraFeatures::of(const std::vector<Channels>& series, int threads) const {
  const auto columns = static_cast<Size>(size());
  std::vector<real> out(series.size() * columns);
  base::parallel_for(static_cast<int>(series.size()), threads, [&](int i) {
    features_of(series[static_cast<Size>(i)], &out[static_cast<Size>(i) * columns]);
  });
  return out;
}

}  // namespace refrain::method

// MiniRocket features (Dempster, Schmidt and Webb 2021): a series is convolved with 84 fixed
// kernels of nine taps (all choices of the three heavy ones) at up to 32 dilations; a feature is
// the share of the outputs above a threshold, a quantile of the outputs on a training series. 119
// thresholds a kernel give 9,996 features. Half of the (kernel, dilation) pairs see zeros beyond
// the ends, half stay inside. With several channels, a pair sums over a random few of them. Each
// channel is brought to mean 0 and deviation 1 over the training part first, so that these zeros
// are its mean. Series may differ in length; where one is too short for a dilation, its zeros
// serve.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/method/channel_scale.h"

namespace refrain::method {

class RocketFeatures {
 public:
  // Draws dilations, channels and thresholds; at least one series.
  void fit(const std::vector<Channels>& training, std::uint64_t seed);

  // [n,size()]
  std::vector<real> of(const std::vector<Channels>& series, int threads) const;

  void archive(Archive& file);

  int size() const { return static_cast<int>(thresholds_.size()); }
  int channels() const { return scale_.channels(); }

  static constexpr double kMostWork = 1e11;  // additions and comparisons
  static double work(const Channels& series) {
    return 20000.0 * series.steps * std::min(series.channels, 4);
  }

 private:
  // A kernel at a dilation, with its thresholds at [first, first + count).
  struct Pair {
    int kernel = 0, dilation = 1;
    bool padded = true;
    std::vector<int> channels;
    int first = 0, count = 0;
  };
  struct Scratch;

  void choose_pairs();
  void convolve(const Pair& pair, Scratch& scratch) const;
  void features_of(const Channels& series, Scratch& scratch, real* out) const;

  ChannelScale scale_;
  std::vector<Pair> pairs_;
  std::vector<float> thresholds_;
  int steps_ = 0, seed_ = 0;  // what the pairs were chosen by
};

}  // namespace refrain::method

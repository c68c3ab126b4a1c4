// Hydra features (Dempster, Schmidt and Webb 2023): at each dilation (powers of two) 64 groups of
// eight random kernels of nine taps, half of them on the series and half on its differences. At
// every step the kernels of a group compete: the sum of the results of each where it is the
// largest, and the number of steps where it is the smallest, are features, as square roots of what
// a series of the training part's median length would have. With several channels a group sums over
// a random few of them.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/method/channel_scale.h"

namespace refrain::method {

class HydraFeatures {
 public:
  // Draws kernels and channels; at least one series.
  void fit(const std::vector<Channels>& training, std::uint64_t seed);

  // [n,size()]
  std::vector<real> of(const std::vector<Channels>& series, int threads) const;

  void archive(Archive& file);

  int size() const;
  int channels() const { return scale_.channels(); }

  static constexpr double kMostWork = 2e11;  // multiply-adds
  static double work(const Channels& series);

 private:
  struct Group {
    int dilation = 1;
    bool differences = false;
    std::vector<int> channels;
    std::vector<float> weight;  // [8,9]
  };

  void draw_groups();
  void features_of(const Channels& series, real* out) const;

  ChannelScale scale_;
  std::vector<Group> groups_;
  int steps_ = 0, seed_ = 0;  // what the groups were drawn by
};

}  // namespace refrain::method

// Functions that the convolution features share: each channel is scaled to mean 0 and deviation 1
// over the training part, so that padding zeros equal the mean; and the random choice of channels
// that a kernel sums.
#pragma once

#include <vector>

#include "refrain/base/rng.h"
#include "refrain/method/archive.h"
#include "refrain/method/channels.h"

namespace refrain::method {

class ChannelScale {
 public:
  void fit(const std::vector<Channels>& training);
  Channels of(const Channels& series) const;
  void archive(Archive& file);
  int channels() const { return static_cast<int>(mean_.size()); }

 private:
  std::vector<float> mean_, scale_;  // a constant channel keeps its scale
};

// Between one channel and as many as there are (at most nine), sorted; the number is log-uniform.
std::vector<int> some_channels(int channels, base::Rng rng);

}  // namespace refrain::method

// Channels are lost: each is replaced by its mean with a probability, never all of them.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct ChannelDropout {
  double share = 0.25;
};

void apply_channel_dropout(const ChannelDropout& options, data::Series& series, data::Sample&,
                           Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  if (C < 2) return;
  const std::size_t kept = draw.rng.below(C);
  for (std::size_t c = 0; c < C; ++c) {
    const bool lost = draw.rng.uniform() < options.share;
    if (c == kept || !lost) continue;
    const auto mean = static_cast<float>(mean_of(series, static_cast<int>(c)));
    for (std::size_t i = c; i < series.values.size(); i += C) {
      if (std::isfinite(series.values[i])) series.values[i] = mean;
    }
  }
}

}  // namespace

Kind channel_dropout() {
  return make_kind(base::Fields<ChannelDropout>().field("share", &ChannelDropout::share, 0, 1,
                                                        "probability that a channel is dropped"),
                   &apply_channel_dropout);
}

}  // namespace refrain::augment

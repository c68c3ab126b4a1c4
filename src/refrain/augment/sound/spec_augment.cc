// SpecAugment (Park et al. 2019) without its warping: some windows of steps and some runs of
// neighbouring bands are replaced by the bands' means. Masks are drawn up to a share of the
// recording's own length, so that short clips keep most of themselves.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct SpecAugment {
  int time_masks = 2;
  double time = 0.15;
  int frequency_masks = 2;
  double frequency = 0.15;
};

// Up to a share of the whole, from none on.
Window draw_mask(base::Rng& rng, int whole, double most) {
  const auto longest = static_cast<std::uint64_t>(most * whole);
  const auto length = static_cast<int>(rng.below(longest + 1));
  const auto begin = static_cast<int>(rng.below(static_cast<std::uint64_t>(whole - length) + 1));
  return {begin, begin + length};
}

struct Masked {
  Window steps, channels;
};

void put_means(const Masked& mask, const std::vector<float>& means, data::Series& series) {
  const auto C = means.size();
  for (int t = mask.steps.begin; t < mask.steps.end; ++t) {
    for (int c = mask.channels.begin; c < mask.channels.end; ++c) {
      const auto channel = static_cast<std::size_t>(c);
      float& value = series.values[static_cast<std::size_t>(t) * C + channel];
      if (std::isfinite(value)) value = means[channel];
    }
  }
}

void apply_spec_augment(const SpecAugment& options, data::Series& series, data::Sample&,
                        Draw& draw) {
  if (series.steps < 2) return;
  std::vector<float> means;
  for (int c = 0; c < series.channels; ++c) {
    means.push_back(static_cast<float>(mean_of(series, c)));
  }
  const Window all_steps{0, series.steps}, all_channels{0, series.channels};
  for (int i = 0; i < options.time_masks; ++i) {
    put_means({draw_mask(draw.rng, series.steps, options.time), all_channels}, means, series);
  }
  for (int i = 0; i < options.frequency_masks; ++i) {
    put_means({all_steps, draw_mask(draw.rng, series.channels, options.frequency)}, means, series);
  }
}

}  // namespace

Kind spec_augment() {
  using S = SpecAugment;
  return make_kind(
      base::Fields<S>()
          .field("time_masks", &S::time_masks, 0, 100, "number of masked windows of steps")
          .field("time", &S::time, 0, 1, "largest length of a window, as a share of the steps")
          .field("frequency_masks", &S::frequency_masks, 0, 100, "number of masked runs of bands")
          .field("frequency", &S::frequency, 0, 1,
                 "largest width of a run, as a share of the bands"),
      &apply_spec_augment);
}

}  // namespace refrain::augment

#include "refrain/augment/list.h"

namespace refrain::augment {

const base::Registry<Kind>& operations() {
  static const base::Registry<Kind> list(
      "augmentation",
      {
          {"crop",
           "series: keeps a window of steps, the series gets shorter (Le Guennec et al. 2016)",
           crop()},
          {"window_slice",
           "series: keeps a window and stretches it to the whole length (Le Guennec et al. 2016)",
           window_slice()},
          {"window_warp", "series: plays a window slower or faster (Le Guennec et al. 2016)",
           window_warp()},
          {"time_warp", "series: bends time by a smooth curve of speed (Um et al. 2017)",
           time_warp()},
          {"resample", "series: other number of steps, as measured at another rate", resample()},
          {"time_shift", "series: begins earlier or later", time_shift()},
          {"reverse", "series: runs backwards", reverse()},
          {"permute", "series: puts pieces in another order (Um et al. 2017)", permute()},
          {"jitter", "series: adds normal noise to each value (Um et al. 2017)", jitter()},
          {"scale", "series: multiplies each channel about its mean (Um et al. 2017)", scale()},
          {"offset", "series: moves each channel up or down", offset()},
          {"drift", "series: adds a smooth curve to each channel", drift()},
          {"magnitude_warp", "series: multiplies each channel by a smooth curve (Um et al. 2017)",
           magnitude_warp()},
          {"flip", "series: turns channels upside down (Um et al. 2017)", flip()},
          {"rotate", "series: turns channels of one unit into one another (Um et al. 2017)",
           rotate()},
          {"frequency_noise", "series: changes strength and phase of frequencies (Gao et al. 2020)",
           frequency_noise()},
          {"frequency_mask", "series: takes a band of frequencies out (Park et al. 2019)",
           frequency_mask()},
          {"time_mask", "series: replaces a window by the mean (DeVries and Taylor 2017)",
           time_mask()},
          {"channel_dropout", "series: replaces channels by their means", channel_dropout()},
          {"mixup", "series: mixes with another series, labels too (Zhang et al. 2018)", mixup()},
          {"cutmix", "series: takes a window from another series, labels too (Yun et al. 2019)",
           cutmix()},
          {"guided_warp",
           "series: takes the timing of another series of its label (Iwana and Uchida 2020)",
           guided_warp()},
          {"dba",
           "series: averages with others of its label under time warping (Forestier et al. 2017)",
           dba()},
          {"smote", "series: moves towards a near series of its label (Chawla et al. 2002)",
           smote()},
      });
  return list;
}

}  // namespace refrain::augment

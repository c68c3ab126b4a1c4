#include "refrain/forecast/heads/head.h"

#include "refrain/forecast/heads/list.h"
#include "refrain/score/distributions.h"

namespace refrain::forecast {

std::vector<WantedLevel> levels_of(const std::vector<double>& shares) {
  std::vector<WantedLevel> out;
  for (const double share : shares) out.push_back({share, score::normal_quantile(share)});
  return out;
}

const base::Registry<Head>& heads() {
  static const base::Registry<Head> list(
      "distribution of forecasts",
      {
          {"quantile", "each quantile has a number of its own", quantile_head()},
          {"point", "the median alone; quantiles lie around it by held-out errors", point_head()},
          {"gaussian", "the normal distribution: mean and scale", gaussian_head()},
          {"student_t", "Student's t: location, scale and degrees of freedom", student_t_head()},
          {"negative_binomial", "counts: mean and dispersion", negative_binomial_head()},
      });
  return list;
}

}  // namespace refrain::forecast

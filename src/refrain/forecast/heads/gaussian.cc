#include "refrain/forecast/heads/likelihood.h"

namespace refrain::forecast {
namespace {

constexpr auto kNormal = tape::Likelihood::kGaussian;

void gaussian_quantiles(const real* numbers, const std::vector<WantedLevel>& levels, double unit,
                        double* out) {
  const auto d = tape::distribution_of(kNormal, numbers, unit);
  for (const auto& level : levels) *out++ = d.location + d.scale * level.normal;
}

}  // namespace

Head gaussian_head() {
  Head out = likelihood_head<kNormal>();
  out.quantiles = gaussian_quantiles;
  return out;
}

}  // namespace refrain::forecast

#include <cmath>
#include <numbers>

#include "refrain/forecast/heads/likelihood.h"
#include "refrain/score/distributions.h"

namespace refrain::forecast {
namespace {

constexpr auto kStudent = tape::Likelihood::kStudentT;
constexpr int kMostSteps = 60;

// The upper quantile that a share of less than one half lies above, by Newton's method: above zero
// the distribution function bends one way, so that steps from below never pass the root.
double upper_quantile(double above, double normal, double freedom) {
  const double n = freedom;
  const double log_density_at_0 =
      std::lgamma((n + 1) / 2) - std::lgamma(n / 2) - 0.5 * std::log(std::numbers::pi * n);
  // Cornish and Fisher 1938, Student's t about the normal distribution.
  const double z = normal;
  double t = z + z * (z * z + 1) / (4 * n);
  for (int step = 0; step < kMostSteps; ++step) {
    const double over = score::t_two_sided(t, n) / 2 - above;
    const double density = std::exp(log_density_at_0 - (n + 1) / 2 * std::log1p(t * t / n));
    const double next = std::max(t + over / density, t / 2);
    const bool done = std::fabs(next - t) <= 1e-10 * next;
    t = next;
    if (done) break;
  }
  return t;
}

void student_t_quantiles(const real* numbers, const std::vector<WantedLevel>& levels, double unit,
                         double* out) {
  const auto d = tape::distribution_of(kStudent, numbers, unit);
  for (std::size_t q = 0; q < levels.size(); ++q) {
    const double share = levels[q].share;
    if (!std::isfinite(d.freedom) || share == 0.5) {
      out[q] = d.location;
      continue;
    }
    const double above = std::min(share, 1 - share);
    const double away = upper_quantile(above, std::fabs(levels[q].normal), d.freedom);
    out[q] = d.location + (share > 0.5 ? d.scale : -d.scale) * away;
  }
}

}  // namespace

Head student_t_head() {
  Head out = likelihood_head<kStudent>();
  out.quantiles = student_t_quantiles;
  return out;
}

}  // namespace refrain::forecast

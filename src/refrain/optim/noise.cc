#include "refrain/optim/noise.h"

#include <cmath>

namespace refrain::optim {

void add_noise(double eta, const base::Rng& rng, const Update& u) {
  if (eta <= 0) return;
  const double deviation = std::sqrt(eta / std::pow(static_cast<double>(u.step), 0.55));
  const base::Rng now = rng.fork(static_cast<std::uint64_t>(u.step));
  for (const Range& r : u.ranges) {
    base::Rng own = now.fork(r.begin);
    for (std::size_t i = r.begin; i < r.end; ++i) {
      u.d[i] += static_cast<real>(deviation * own.normal());
    }
  }
}

}  // namespace refrain::optim

// Normal noise on each value (Um et al. 2017).
#include "refrain/augment/list.h"

namespace refrain::augment {
namespace {

struct Jitter {
  double sigma = 0.03;
};

// Missing values stay missing.
void apply(const Jitter& jitter, data::Series& series, data::Sample&, Draw& draw) {
  for (float& value : series.values) {
    value += static_cast<float>(jitter.sigma * draw.rng.normal());
  }
}

}  // namespace

Kind jitter() {
  return make_kind(base::Fields<Jitter>().field("sigma", &Jitter::sigma, 0, 1000,
                                                "standard deviation of the noise"),
                   &apply);
}

}  // namespace refrain::augment

// The series is mixed with another training series, whose label gets a share (Zhang et al. 2018).
// The sample's own share, of Beta(alpha, alpha), is at least a half. Series of another length are
// brought to the sample's length. Where the other one misses a value the sample's own stays.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"
#include "refrain/data/mixup.h"

namespace refrain::augment {
namespace {

struct Mixup {
  double alpha = 0.2;
  std::string partner = "any";
};

void apply_mixup(const Mixup& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const int place = draw_partner(sample, draw, options.partner == "same");
  const double drawn = data::draw_beta(options.alpha, draw.rng);
  const double own = std::max(drawn, 1 - drawn);
  if (place < 0 || series.steps < 1) return;
  data::Series stretched;
  const auto* other = partner_at_length(series, sample, draw.pool[place], series.steps, stretched);
  if (other == nullptr) return;
  const auto share = static_cast<float>(1 - own);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!std::isfinite(other->values[i])) continue;
    series.values[i] += share * (other->values[i] - series.values[i]);
  }
  if (draw.first) share_label(draw.pool[place], 1 - own, sample);
}

}  // namespace

Kind mixup() {
  Kind kind = make_kind(base::Fields<Mixup>()
                            .field("alpha", &Mixup::alpha, 0.01, 100,
                                   "parameter of the Beta distribution of the shares")
                            .field("partner", &Mixup::partner, {"any", "same"},
                                   "mix with any training sample, or with one of the same label"),
                        &apply_mixup);
  kind.mixes = kind.borrows = kind.in_step = true;
  return kind;
}

}  // namespace refrain::augment

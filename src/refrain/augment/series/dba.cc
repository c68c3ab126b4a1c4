// A weighted mean of the series and others of its label under dynamic time warping: the others are
// aligned with it and averaged step by step (DTW barycentre averaging, Petitjean et al. 2011, with
// random weights about the sample as Forestier et al. 2017 synthesise). The sample weighs `own`,
// the others share the rest at random. What the sample misses stays missing.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"

namespace refrain::augment {
namespace {

struct Dba {
  int others = 2;
  double own = 0.5;
  double band = 0.1;
};

// Adds weight * (other aligned with series), and the weight, where a value is there.
void add_aligned(const data::Series& series, const data::Series& other,
                 const std::vector<float>& places, double weight, std::vector<double>& sum,
                 std::vector<double>& total) {
  auto to = sum.begin(), of = total.begin();
  for (const float at : places) {
    const Place place = place_in(other, at);
    for (int c = 0; c < series.channels; ++c, ++to, ++of) {
      const float value = value_at(other, place, c);
      if (!std::isfinite(value)) continue;
      *to += weight * static_cast<double>(value);
      *of += weight;
    }
  }
}

void apply_dba(const Dba& options, data::Series& series, data::Sample& sample, Draw& draw) {
  if (series.steps < 1) return;
  std::vector<const data::Series*> others;
  std::vector<double> weights;
  double all = 0;
  for (int k = 0; k < options.others; ++k) {
    const int place = draw_partner(sample, draw, true);
    const data::Series* other =
        place < 0 ? nullptr : fitting_series(series, sample, draw.pool[place]);
    if (other == nullptr) continue;
    others.push_back(other);
    all += weights.emplace_back(1 - draw.rng.uniform());
  }
  const auto& deviations = draw.pool.deviation(stream_of(series, sample));
  std::vector<double> sum, total(series.values.size(), options.own);
  for (const float value : series.values) sum.push_back(options.own * static_cast<double>(value));
  for (std::size_t k = 0; k < others.size(); ++k) {
    const auto places = aligned_places(*others[k], series, deviations, options.band);
    add_aligned(series, *others[k], places, (1 - options.own) * weights[k] / all, sum, total);
  }
  if (others.empty()) return;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (total[i] > 0) series.values[i] = static_cast<float>(sum[i] / total[i]);
  }
}

}  // namespace

Kind dba() {
  return in_step(borrowing(make_kind(
      base::Fields<Dba>()
          .field("others", &Dba::others, 1, 20, "number of other series in the average")
          .field("own", &Dba::own, 0, 1, "weight of the sample itself")
          .field("band", &Dba::band, 0, 1, "largest shift of a step, as a share of the length"),
      &apply_dba)));
}

}  // namespace refrain::augment

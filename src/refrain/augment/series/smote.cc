// The series moves a random part of the way to one of its nearest neighbours of the same label
// (SMOTE, Chawla et al. 2002). Neighbours are the nearest of at most 32 series drawn, brought to
// the sample's length; where the neighbour misses a value the sample's own stays.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"

namespace refrain::augment {
namespace {

struct Smote {
  int neighbours = 5;
  double most = 1;
};

constexpr int kDrawn = 32;

struct Near {
  double distance;
  data::Series series;
};

// Of the values that both have, channels by their deviations.
double distance(const data::Series& a, const data::Series& b,
                const std::vector<double>& deviations) {
  double sum = 0, count = 0;
  std::size_t c = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double d = static_cast<double>(a.values[i] - b.values[i]) / deviations[c];
    if (std::isfinite(d)) sum += d * d, ++count;
    c = c + 1 == deviations.size() ? 0 : c + 1;
  }
  return count > 0 ? sum / count : 0;
}

void apply_smote(const Smote& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const double way = draw.rng.uniform() * options.most;
  const auto others = static_cast<int>(draw.pool.of_label(sample.label).size());
  std::vector<double> deviations = draw.pool.deviation(stream_of(series, sample));
  deviations.resize(static_cast<std::size_t>(series.channels), 1);
  std::vector<Near> near;
  for (int k = 0; k < std::min(others, kDrawn) && series.steps > 0; ++k) {
    const int place = draw_partner(sample, draw, true);
    if (place < 0) return;
    auto other = partner_series(series, sample, draw.pool[place], series.steps);
    if (other.steps == 0) continue;
    const double d = distance(series, other, deviations);
    near.push_back({d, std::move(other)});
  }
  if (near.empty()) return;
  std::sort(near.begin(), near.end(),
            [](const Near& a, const Near& b) { return a.distance < b.distance; });
  const auto most =
      std::min<std::size_t>(near.size(), static_cast<std::size_t>(options.neighbours));
  const data::Series& chosen = near[draw.rng.below(most)].series;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!std::isfinite(chosen.values[i])) continue;
    series.values[i] += static_cast<float>(way) * (chosen.values[i] - series.values[i]);
  }
}

}  // namespace

Kind smote() {
  return make_kind(
      base::Fields<Smote>()
          .field("neighbours", &Smote::neighbours, 1, 32, "nearest series one of which is taken")
          .field("most", &Smote::most, 0, 1, "the largest part of the way"),
      &apply_smote);
}

}  // namespace refrain::augment

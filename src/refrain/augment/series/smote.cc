// The series moves a random part of the way to one of its nearest neighbours of the same label
// (SMOTE, Chawla et al. 2002). Neighbours are the nearest of at most 32 series drawn, brought to
// the sample's length; where the neighbour misses a value the sample's own stays.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"
#include "refrain/kernels/alignment.h"

namespace refrain::augment {
namespace {

struct Smote {
  int neighbours = 5;
  double most = 1;
};

constexpr int kDrawnNeighbours = 32;

struct Near {
  float distance;
  int place;
};

// One over the deviation of each value's channel.
std::vector<float> weights_of(const data::Series& series, const data::Sample& sample,
                              const Draw& draw) {
  std::vector<float> weights(series.values.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const int c = static_cast<int>(i % static_cast<std::size_t>(series.channels));
    weights[i] = i < static_cast<std::size_t>(series.channels)
                     ? static_cast<float>(1 / deviation(series, sample, draw, c))
                     : weights[i - static_cast<std::size_t>(series.channels)];
  }
  return weights;
}

// The place of one of the nearest of the drawn series; -1 where none fits.
int near_partner(const Smote& options, const data::Series& series, const data::Sample& sample,
                 Draw& draw) {
  const auto weights = weights_of(series, sample, draw);
  const auto others = static_cast<int>(draw.pool.of_label(sample.label).size());
  std::vector<Near> near;
  for (int k = 0; k < std::min(others, kDrawnNeighbours); ++k) {
    const int place = draw_partner(sample, draw, true);
    if (place < 0) return -1;
    data::Series stretched;
    const data::Series* other =
        partner_at_length(series, sample, draw.pool[place], series.steps, stretched);
    if (other == nullptr) continue;
    near.push_back({kernels::mean_square_difference(series.values.data(), other->values.data(),
                                                    weights.data(), weights.size()),
                    place});
  }
  if (near.empty()) return -1;
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  const auto most =
      std::min<std::size_t>(near.size(), static_cast<std::size_t>(options.neighbours));
  return near[draw.rng.below(most)].place;
}

void apply_smote(const Smote& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const auto way = static_cast<float>(draw.rng.uniform() * options.most);
  if (series.steps == 0) return;
  const int place = draw.first ? near_partner(options, series, sample, draw) : draw.partner;
  draw.partner = place;
  if (place < 0) return;
  data::Series stretched;
  const auto* fitting =
      partner_at_length(series, sample, draw.pool[place], series.steps, stretched);
  if (fitting == nullptr) return;
  const auto& chosen = *fitting;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!std::isfinite(chosen.values[i])) continue;
    series.values[i] += way * (chosen.values[i] - series.values[i]);
  }
}

}  // namespace

Kind smote() {
  return in_step(borrowing(
      make_kind(base::Fields<Smote>()
                    .field("neighbours", &Smote::neighbours, 1, 32,
                           "number of nearest series from which one is drawn")
                    .field("most", &Smote::most, 0, 1, "largest share of the way to the neighbour"),
                &apply_smote)));
}

}  // namespace refrain::augment

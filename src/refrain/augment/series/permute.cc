// The series is cut into pieces at random places, and they are put together in another order
// (Um et al. 2017). Tags move along.
#include <algorithm>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Permute {
  int pieces = 4;
};

void apply_permute(const Permute& options, data::Series& series, data::Sample& sample, Draw& draw) {
  if (series.steps < 2) return;
  const int pieces = std::min(options.pieces, series.steps);
  std::vector<int> cuts(static_cast<std::size_t>(series.steps - 1));
  for (std::size_t i = 0; i < cuts.size(); ++i) cuts[i] = static_cast<int>(i) + 1;
  draw.rng.shuffle(cuts);
  cuts.resize(static_cast<std::size_t>(pieces - 1));
  cuts.insert(cuts.end(), {0, series.steps});
  std::sort(cuts.begin(), cuts.end());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) order.push_back(i);
  draw.rng.shuffle(order);
  std::vector<float> places;
  for (const std::size_t piece : order) {
    for (int t = cuts[piece]; t < cuts[piece + 1]; ++t) places.push_back(static_cast<float>(t));
  }
  take_at(places, series, sample);
}

}  // namespace

Kind permute() {
  return in_step(make_kind(
      base::Fields<Permute>().field("pieces", &Permute::pieces, 1, 1000, "number of pieces"),
      &apply_permute));
}

}  // namespace refrain::augment

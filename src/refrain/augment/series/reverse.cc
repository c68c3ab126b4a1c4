// The series from its end to its beginning. Tags move along.
#include <algorithm>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Reverse {};

void apply_reverse(const Reverse&, data::Series& series, data::Sample& sample, Draw&) {
  if (series.steps < 2) return;
  std::vector<float> places = even_places(0, series.steps - 1, series.steps);
  std::reverse(places.begin(), places.end());
  take_at(places, series, sample);
}

}  // namespace

Kind reverse() { return in_step(make_kind(base::Fields<Reverse>(), &apply_reverse)); }

}  // namespace refrain::augment

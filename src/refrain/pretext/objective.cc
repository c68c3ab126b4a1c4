#include "refrain/pretext/objective.h"

#include <algorithm>

#include "refrain/augment/derive.h"

namespace refrain::pretext {

const base::Registry<ObjectiveEntry>& objectives() {
  static const base::Registry<ObjectiveEntry> list(
      "objective", {{"contrast",
                     "which of two varied series come from the same one (Chen et al. 2020)",
                     {make_contrast}},
                    {"mask", "the values of hidden steps (Zerveas et al. 2021)", {make_mask}},
                    {"next", "the values that follow", {make_next}},
                    {"labels", "the labels of the files", {make_labels, true}}});
  return list;
}

data::EncodedSample read_sample(const Samples& s, int place) {
  const int number = s.pool.number(place);
  return s.features.encode(s.dataset.samples[static_cast<std::size_t>(number)], number);
}

data::EncodedSample read_varied(const Samples& s, int place, const base::Rng& rng) {
  if (s.augment == nullptr) return read_sample(s, place);
  return s.features.encode(augment::vary(*s.augment, s.pool, place, rng), s.pool.number(place));
}

namespace {

// Calls visit(number told, wanted, simple, its gradient or null) for all numbers that count.
template <class Visit>
void each_number(const Told& t, const PlaceOf& at, const Visit& visit) {
  const int columns = t.value.columns();
  for (int r = 0; r < t.value.rows(); ++r) {
    const Place place = at(t, r);
    const Look& look = t.looks[static_cast<std::size_t>(place.look)];
    for (int c = 0; c < columns; ++c) {
      const std::size_t i = place.first + static_cast<std::size_t>(c);
      if (i >= look.wanted.size() || look.counts[i] <= 0) continue;
      real* d = t.gradient == nullptr ? nullptr
                                      : t.gradient + static_cast<std::ptrdiff_t>(r) * columns + c;
      visit(place.look, static_cast<double>(t.value.row(r)[c]), i, d);
    }
  }
}

}  // namespace

double squared_loss(std::span<Told> told, const PlaceOf& at) {
  double sum = 0, count = 0;
  for (const Told& t : told) {
    for (const Look& look : t.looks) {
      count += static_cast<double>(
          std::count_if(look.counts.begin(), look.counts.end(), [](real c) { return c > 0; }));
    }
  }
  if (count == 0) count = 1;
  for (const Told& t : told) {
    if (t.gradient != nullptr) {
      std::fill_n(t.gradient, static_cast<std::ptrdiff_t>(t.value.shape.count()), real{0});
    }
    each_number(t, at, [&](int look, double value, std::size_t i, real* d) {
      const double wanted = static_cast<double>(t.looks[static_cast<std::size_t>(look)].wanted[i]);
      sum += (value - wanted) * (value - wanted) / 2;
      if (d != nullptr) *d = static_cast<real>((value - wanted) / count);
    });
  }
  return sum / count;
}

void judge_numbers(std::span<const Told> told, const PlaceOf& at, const std::string& name,
                   Figures& figures) {
  figures.metric = "explained";
  figures.explained = true;
  if (figures.simple.empty()) figures.simple.push_back({name, {}});
  for (const Told& t : told) {
    std::vector<Figures::Row> own(t.looks.size()), simple(t.looks.size());
    each_number(t, at, [&](int look, double value, std::size_t i, real*) {
      const auto l = static_cast<std::size_t>(look);
      const double wanted = static_cast<double>(t.looks[l].wanted[i]);
      const double other = static_cast<double>(t.looks[l].simple[i]);
      own[l].part += (value - wanted) * (value - wanted);
      simple[l].part += (other - wanted) * (other - wanted);
      own[l].whole += wanted * wanted;
      simple[l].whole += wanted * wanted;
    });
    figures.rows.insert(figures.rows.end(), own.begin(), own.end());
    auto& rows = figures.simple.front().second;
    rows.insert(rows.end(), simple.begin(), simple.end());
  }
}

}  // namespace refrain::pretext

#include "refrain/inspect/unlike_channels.h"

#include <algorithm>
#include <cmath>

#include "refrain/inspect/tests.h"

namespace refrain::inspect {
namespace {

constexpr double kAlike = 0.35;       // a distance up to which channels are taken for alike
constexpr double kUnlike = 0.6;       // and from which for different ones
constexpr double kOther = 0.3;        // from which they may have been exchanged,
constexpr double kHalf = 0.6;         // where the other order brings it down to this share
constexpr double kFactor = 1.7;       // a change of unit that is told from drift
constexpr double kSmallOffset = 0.2;  // beside a factor none is told
constexpr double kOffset = 3;         // usual deviations that an offset amounts to

// Of what a fine difference is noise: a hundredth of the channel's own deviation.
double grain_of(const Channel& a, const Channel& b) {
  return 0.01 * std::max(a.deviation(), b.deviation());
}

std::vector<double> changed(std::vector<double> values, double factor, double offset) {
  for (double& v : values) v = v * factor + offset;
  return values;
}

double distance(const std::vector<double>& a, const std::vector<double>& b, double grain) {
  return compare_numbers({a, b, 1, 1}, grain).distance;
}

// The middle half of all values, as a place and a width.
struct Body {
  double middle = 0, width = 0;
};
Body body_of(const Channel& c) {
  const auto values = c.some.sorted();
  return {quantile(values, 0.5), quantile(values, 0.9) - quantile(values, 0.1)};
}

double still_share(const Channel& c) {
  const auto samples = static_cast<double>(c.level.added());
  return samples > 0 ? static_cast<double>(c.still_samples.count) / samples : 0;
}

// How unlike the channels are when the second one is changed like this.
double distance_when(const Channel& a, const Channel& b, const Rescaled& change) {
  const double grain = 0.01 * a.deviation();
  const auto level = changed(b.level.sorted(), 1 / change.factor, -change.offset / change.factor);
  const auto spread = changed(b.spread.sorted(), 1 / change.factor, 0);
  return std::max(distance(a.level.sorted(), level, grain),
                  distance(a.spread.sorted(), spread, grain));
}

}  // namespace

double channel_distance(const Channel& a, const Channel& b) {
  const double grain = grain_of(a, b);
  return std::max({distance(a.level.sorted(), b.level.sorted(), grain),
                   distance(a.spread.sorted(), b.spread.sorted(), grain),
                   distance(a.roughness.sorted(), b.roughness.sorted(), 0.01)});
}

double usual_factor(double factor) {
  constexpr double kNearly = 0.04;
  for (const double unit :
       {60.0, 3600.0, 3.6, 9.80665, 25.4, 57.29578, 0.45359237, 1.609344, 1.8}) {
    if (std::abs(factor / unit - 1) < kNearly) return unit;
    if (std::abs(factor * unit - 1) < kNearly) return 1 / unit;
  }
  const double ten = std::pow(10, std::round(std::log10(factor)));
  return std::abs(factor / ten - 1) < kNearly ? ten : factor;
}

std::optional<Rescaled> rescaled(const Channel& known, const Channel& judged) {
  const Body a = body_of(known), b = body_of(judged);
  if (!(a.width > 0) || !(b.width > 0)) return std::nullopt;
  if (distance_when(known, judged, {}) < kUnlike) return std::nullopt;
  std::optional<Rescaled> best;
  double nearest = kAlike;
  // By all values, and by the spreads of samples: each may be off where there are few samples.
  const double by_spread =
      quantile(judged.spread.sorted(), 0.5) / quantile(known.spread.sorted(), 0.5);
  for (const double ratio : {b.width / a.width, by_spread}) {
    if (!std::isfinite(ratio) || !(ratio > 0)) continue;
    const bool larger = ratio > kFactor || ratio < 1 / kFactor;
    Rescaled change{larger ? usual_factor(ratio) : 1, 0};
    change.offset = b.middle - change.factor * a.middle;
    if (!larger && std::abs(change.offset) <= kOffset * b.width) continue;
    if (larger && std::abs(change.offset) < kSmallOffset * b.width) change.offset = 0;
    const double distance = distance_when(known, judged, change);
    if (distance > nearest) continue;
    nearest = distance;
    best = change;
  }
  return best;
}

std::vector<std::pair<int, int>> exchanged(const Stream& known, const Stream& judged) {
  std::vector<std::pair<int, int>> out;
  const std::size_t count = std::min(known.channels.size(), judged.channels.size());
  for (std::size_t i = 0; i < count; ++i) {
    const double own = channel_distance(known.channels[i], judged.channels[i]);
    if (own < kOther) continue;
    for (std::size_t j = i + 1; j < count; ++j) {
      const double other = channel_distance(known.channels[j], judged.channels[j]);
      if (other < kOther) continue;
      const double crossed = std::max(channel_distance(known.channels[i], judged.channels[j]),
                                      channel_distance(known.channels[j], judged.channels[i]));
      if (crossed <= kHalf * std::min(own, other))
        out.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  return out;
}

bool stopped(const Channel& known, const Channel& judged) {
  return judged.level.added() > 0 && still_share(judged) > 0.9 && still_share(known) < 0.1;
}

}  // namespace refrain::inspect

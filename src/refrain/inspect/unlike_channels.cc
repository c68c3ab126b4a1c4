#include "refrain/inspect/unlike_channels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "refrain/inspect/tests.h"
#include "refrain/score/distributions.h"

namespace refrain::inspect {
namespace {

constexpr double kAlike = 0.35;          // a distance up to which channels are taken for alike
constexpr double kUnlike = 0.6;          // and from which for different ones
constexpr double kOther = 0.3;           // from which they may have been exchanged,
constexpr double kHalf = 0.6;            // where the other order brings it down to this share
constexpr double kReversed = 0.001;      // chance of all signs of pairs of channels together
constexpr std::size_t kMostPaired = 30;  // channels of which pairs are compared sample by sample
constexpr double kFactor = 1.7;          // a change of unit that is told from drift
constexpr double kSmallOffset = 0.2;     // beside a factor none is told
constexpr double kOffset = 3;            // usual deviations that an offset amounts to

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

namespace {

// What a channel is in one sample: level, logarithm of the spread, roughness, skew, flatness.
constexpr std::size_t kTraits = 5;
using Traits = std::array<double, kTraits>;

std::map<std::int64_t, Traits> traits_of(const Channel& c) {
  std::map<std::int64_t, Traits> out;
  for (const auto& e : c.roughness.entries()) out[e.number][2] = e.value;
  const auto put = [&](const Reservoir& from, std::size_t place, bool logarithm) {
    for (const auto& e : from.entries()) {
      const auto found = out.find(e.number);
      if (found != out.end()) found->second[place] = logarithm ? std::log(e.value) : e.value;
    }
  };
  put(c.level, 0, false);
  put(c.spread, 1, true);
  put(c.skew, 3, false);
  put(c.still, 4, false);
  return out;
}

// By how much two channels differ in each sample.
std::vector<Traits> differences(const Channel& a, const Channel& b) {
  const auto first = traits_of(a), second = traits_of(b);
  std::vector<Traits> out;
  for (const auto& [number, traits] : first) {
    const auto other = second.find(number);
    if (other == second.end()) continue;
    auto& gap = out.emplace_back();
    for (std::size_t k = 0; k < kTraits; ++k) gap[k] = traits[k] - other->second[k];
  }
  return out;
}

// What the differences weigh where they are to tell which channel is which.
Traits weights_of(const std::vector<Traits>& gaps) {
  Traits mean{}, squares{}, out{};
  double n = 0;
  for (const auto& gap : gaps) {
    ++n;
    for (std::size_t k = 0; k < kTraits; ++k) {
      const double d = gap[k] - mean[k];
      mean[k] += d / n;
      squares[k] += d * (gap[k] - mean[k]);
    }
  }
  for (std::size_t k = 0; k < kTraits; ++k) {
    if (squares[k] > 0) out[k] = mean[k] / (squares[k] / n);
  }
  return out;
}

double share_ahead(const std::vector<Traits>& gaps, const Traits& weights) {
  double ahead = 0;
  for (const auto& gap : gaps) {
    ahead += std::inner_product(gap.begin(), gap.end(), weights.begin(), 0.0) > 0 ? 1 : 0;
  }
  return gaps.empty() ? 0.5 : ahead / static_cast<double>(gaps.size());
}

// In almost every sample of the one file the first channel has what the second has in the other.
bool reversed(const Stream& known, const Stream& judged, std::size_t i, std::size_t j) {
  const auto usual = differences(known.channels[i], known.channels[j]);
  const auto now = differences(judged.channels[i], judged.channels[j]);
  const Traits weights = weights_of(usual);
  const double before = share_ahead(usual, weights), after = share_ahead(now, weights);
  if (before <= 0.5 || after >= 0.5) return false;
  const auto chance = [](double share, std::size_t n) {
    const auto all = static_cast<double>(n);
    return score::fair_coin_two_sided(std::round(share * all), all);
  };
  const auto count = static_cast<double>(known.channels.size());
  const double level = kReversed / (count * (count - 1) / 2);
  return chance(before, usual.size()) < level && chance(after, now.size()) < level;
}

}  // namespace

std::vector<ExchangedPair> exchanged(const Stream& known, const Stream& judged) {
  std::vector<ExchangedPair> out;
  const std::size_t count = std::min(known.channels.size(), judged.channels.size());
  const auto distance_of = [&](std::size_t a, std::size_t b) {
    return channel_distance(known.channels[a], judged.channels[b]);
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const double own = std::min(distance_of(i, i), distance_of(j, j));
      const double crossed = std::max(distance_of(i, j), distance_of(j, i));
      const bool apart = own >= kOther && crossed <= kHalf * own;
      const bool paired = count <= kMostPaired && crossed < own && reversed(known, judged, i, j);
      if (!apart && !paired) continue;
      out.push_back({static_cast<int>(i), static_cast<int>(j), paired});
    }
  }
  return out;
}

bool stopped(const Channel& known, const Channel& judged) {
  return judged.level.added() > 0 && still_share(judged) > 0.9 && still_share(known) < 0.1;
}

}  // namespace refrain::inspect

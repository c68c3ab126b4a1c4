#include "refrain/forecast/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr int kFewestKnown = 4;          // values of which an inner origin can hold some out
constexpr int kWantedInner = 300;        // windows over all series
constexpr int kMostInnerOfSeries = 8;    // of a series
constexpr int kFewestInnerOfSeries = 2;  // where it is long enough
constexpr int kMostOfPart = 4000;        // windows of a validation part

// The inner origins of one series of which n values are known.
std::vector<int> inner_origins(int n, int horizon, int wanted) {
  if (n < kFewestKnown) return {};
  // At least half of the values stay in front, and half of a horizon is seen behind each origin.
  const int last = n - (horizon + 1) / 2, first = std::max(n - wanted * horizon, (n + 1) / 2);
  std::vector<int> out;
  if (last < first) return {std::max(1, n - std::max(1, std::min(horizon, n / 2)))};
  const int stride = std::min(horizon, std::max(1, (last - first) / wanted));
  const int whole = n - horizon;  // the last origin whose horizon is all known
  for (int o = std::max(first, whole); o >= first && static_cast<int>(out.size()) < wanted;
       o -= stride) {
    out.push_back(o);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

void add_inner(Parts& parts, int horizon) {
  const auto& known = parts.known_end;
  const auto count = static_cast<int>(
      std::count_if(known.begin(), known.end(), [](int n) { return n >= kFewestKnown; }));
  const int wanted =
      std::clamp(kWantedInner / std::max(1, count), kFewestInnerOfSeries, kMostInnerOfSeries);
  for (std::size_t s = 0; s < known.size(); ++s) {
    const auto own = inner_origins(known[s], horizon, wanted);
    for (const int o : own) parts.inner.push_back({static_cast<int>(s), o});
    parts.train_end.push_back(own.empty() ? known[s] : own.front());
  }
}

// Every step of a part, or as many as are enough, evenly.
void add_part(std::vector<Origin>& to, int series, int first, int last, int stride) {
  for (int o = first; o <= last; o += stride) to.push_back({series, o});
}

Parts cut_fixed(const data::Histories& h, const ForecastSpec& spec, int horizon) {
  const auto parts = parse_parts(spec.split);
  const int known = parts[0] + parts[1], all = known + parts[2];
  Parts out;
  out.fixed = true;
  const auto S = static_cast<int>(h.series.size());
  const int choices = std::max(0, parts[1] - horizon + 1) * S;
  const int inner_stride = std::max(1, choices / kMostOfPart);
  const int first = all - horizon;
  const int stride = spec.stride != kAuto ? spec.stride : spec.origins == 0 ? 1 : horizon;
  for (int s = 0; s < S; ++s) {
    if (static_cast<int>(h.series[at(s)].steps()) < all) {
      throw Error(Code::kData,
                  fmt::format("--split: series '{}' has {} steps, {} are needed",
                              h.series[at(s)].id, h.series[at(s)].steps(), all),
                  "give parts that fit into every series");
    }
    out.train_end.push_back(parts[0]);
    out.known_end.push_back(known);
    if (parts[1] >= horizon) {
      add_part(out.inner, s, parts[0], known - horizon, inner_stride);
    }
    const int begin =
        spec.origins == 0 ? known : std::max(known, first - (spec.origins - 1) * stride);
    add_part(out.test, s, begin, first, stride);
  }
  if (parts[2] < horizon) {
    throw Error(Code::kUsage, "--split: the last part is shorter than the horizon",
                "give a longer one, or a smaller --horizon");
  }
  return out;
}

}  // namespace

Parts cut_inner(const std::vector<int>& known, int horizon) {
  Parts out;
  out.known_end = known;
  add_inner(out, horizon);
  return out;
}

bool can_be_scored(const data::Histories& h, int horizon) {
  return std::any_of(h.series.begin(), h.series.end(), [&](const data::History& one) {
    return static_cast<int>(one.steps()) > horizon;
  });
}

Parts cut_tested(const data::Histories& h, const ForecastSpec& spec, int horizon) {
  if (!spec.split.empty()) return cut_fixed(h, spec, horizon);
  Parts out;
  const int stride = spec.stride != kAuto ? spec.stride : horizon;
  const int wanted = std::max(1, spec.origins);
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    const auto T = static_cast<int>(h.series[s].steps());
    int first = T - horizon;
    if (first < 1) {
      out.known_end.push_back(T);  // too short to be scored: it is trained on
      continue;
    }
    for (int k = 1; k < wanted && first - stride >= 1; ++k) first -= stride;
    out.known_end.push_back(first);
    add_part(out.test, static_cast<int>(s), first, T - horizon, stride);
  }
  if (out.test.empty()) {
    throw Error(Code::kData,
                fmt::format("no series is longer than the horizon of {} steps: there is nothing to "
                            "score a forecast by",
                            horizon),
                "give a smaller --horizon, or longer series");
  }
  add_inner(out, horizon);
  return out;
}

Parts cut_continued(const data::Histories& h, const std::vector<int>& known,
                    const ForecastSpec& spec, int horizon) {
  Parts out = cut_inner(known, horizon);
  const int stride = spec.stride != kAuto ? spec.stride : spec.origins == 0 ? 1 : horizon;
  for (std::size_t s = 0; s < known.size(); ++s) {
    const auto T = static_cast<int>(h.series[s].steps());
    if (T <= known[s]) continue;
    out.test.push_back({static_cast<int>(s), known[s]});
    for (int k = 1; spec.origins == 0 || k < spec.origins; ++k) {
      const int o = known[s] + k * stride;
      if (o + horizon > T) break;
      out.test.push_back({static_cast<int>(s), o});
    }
  }
  return out;
}

}  // namespace refrain::forecast

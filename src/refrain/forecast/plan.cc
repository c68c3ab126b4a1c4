#include "refrain/forecast/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr int kSeriesLookedAt = 200, kStepsLookedAt = 1500, kLongestFound = 400;
constexpr int kFewestSteps = 16;          // of a series in which a season is looked for
constexpr double kSeasonal = 0.3;         // mean autocorrelation of a season that counts
constexpr double kNearlyAsGood = 0.8;     // of a shorter one beside the best
constexpr std::size_t kShortestDay = 12;  // of steps that may have weeks
constexpr double kWeekStandsOut = 0.015;
constexpr int kShortestSegmentSeason = 8;
constexpr int kHorizonsBack = 8;
constexpr std::size_t kFewSeries = 20;
constexpr std::size_t kManySteps = 50'000;
constexpr int kMostSegments = 16;  // of a window, where no season tells better

// Sums of the autocorrelations of differences over some series, and how many have each lag.
struct Correlations {
  std::vector<double> sum = std::vector<double>(kLongestFound + 2);
  std::vector<double> count = std::vector<double>(kLongestFound + 2);

  double mean(std::size_t lag) const { return count[lag] > 0 ? sum[lag] / count[lag] : -1; }

  void add(const std::vector<double>& x) {
    std::vector<double> d;
    for (std::size_t t = 1; t < x.size(); ++t) d.push_back(x[t] - x[t - 1]);
    double mean = 0, square = 0;
    for (const double v : d) mean += v / static_cast<double>(d.size());
    for (double& v : d) {
      v -= mean;
      square += v * v;
    }
    if (!(square > 0) || !std::isfinite(square)) return;
    const std::size_t most = std::min<std::size_t>(kLongestFound + 1, d.size() / 3);
    for (std::size_t lag = 1; lag <= most; ++lag) {
      double product = 0;
      for (std::size_t t = lag; t < d.size(); ++t) product += d[t] * d[t - lag];
      sum[lag] +=
          product / square * static_cast<double>(d.size()) / static_cast<double>(d.size() - lag);
      count[lag] += 1;
    }
  }
};

std::vector<double> last_known(const data::History& h, int end, int steps) {
  const std::span<const double> all(h.value.data(), at(end));
  const bool any = std::any_of(all.begin(), all.end(), [](double x) { return std::isfinite(x); });
  if (!any) return {};
  auto filled = without_gaps(all);
  if (filled.size() > at(steps)) filled.erase(filled.begin(), filled.end() - steps);
  return filled;
}

std::size_t known_steps(const std::vector<int>& ends) {
  std::size_t sum = 0;
  for (const int end : ends) sum += at(end);
  return sum;
}

int median_of(std::vector<int> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool any_missing(const data::Histories& h, const std::vector<int>& ends) {
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    for (std::size_t t = 0; t < at(ends[s]); ++t) {
      if (!std::isfinite(h.series[s].value[t])) return true;
    }
  }
  return false;
}

// Counts are divided by the size of their window and keep their zero.
void require_counts(const data::Histories& h, const std::vector<int>& ends,
                    const ForecastSpec& spec) {
  for (const auto& [name, value] : {std::pair{"transform", &spec.transform},
                                    {"level", &spec.level},
                                    {"spread", &spec.spread}}) {
    if (*value == "auto" || (*value == "none" && name != std::string("spread"))) continue;
    throw Error(
        Code::kUsage,
        fmt::format("--{} {} does not go with --distribution negative_binomial", name, *value),
        "leave the option out: counts are divided by the mean of their window");
  }
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    for (std::size_t t = 0; t < at(ends[s]); ++t) {
      const double x = h.series[s].value[t];
      if (std::isnan(x) || (x >= 0 && x == std::floor(x) && std::isfinite(x))) continue;
      throw Error(Code::kData,
                  fmt::format("{}: series '{}' has the value {} at step {}, and "
                              "--distribution negative_binomial is for counts",
                              h.path, h.series[s].id, x, t + 1),
                  "use --distribution gaussian or student_t for numbers that are negative or not "
                  "whole");
    }
  }
}

template <class Kind>
Kind chosen(const std::string& word, const std::vector<std::pair<std::string, Kind>>& words,
            Kind usual) {
  for (const auto& [name, kind] : words) {
    if (name == word) return kind;
  }
  return usual;
}

// How far back networks look.
int usual_window(const Plan& plan, int steps) {
  int window = kHorizonsBack * plan.horizon;
  for (const int season : plan.seasons) {
    if (4 * season <= steps) window = std::max(window, 2 * season);
  }
  return std::clamp(window, 1, std::max(1, steps / 2));
}

int usual_segment(const Plan& plan, int window) {
  const int season = plan.season();
  if (season >= kShortestSegmentSeason && window >= 4 * season) return season;
  if (season >= kShortestSegmentSeason && window >= 2 * season && season % 2 == 0)
    return season / 2;
  return (window + kMostSegments - 1) / kMostSegments;
}

// The head, and what values are moved and divided by.
void choose_scales(const data::Histories& h, const std::vector<int>& ends, const ForecastSpec& spec,
                   NetworkForm& out) {
  WindowForm& w = out.window;
  out.head = spec.distribution;
  const bool counts = heads().at(out.head).counts;
  if (counts) require_counts(h, ends, spec);
  const bool log =
      spec.transform == "log" || (!counts && spec.transform == "auto" && all_positive(h, ends));
  if (spec.transform == "log" && !all_positive(h, ends)) {
    throw Error(Code::kUsage, "--transform log needs positive values, and some are not",
                "leave the option out");
  }
  w.transform = log ? Transform::kLog : Transform::kNone;
  w.level = chosen<Level>(spec.level,
                          {{"none", Level::kNone},
                           {"last", Level::kLast},
                           {"season", Level::kSeason},
                           {"window", Level::kWindow},
                           {"smoothing", Level::kSmoothing}},
                          w.season > 1 ? Level::kSeason : Level::kLast);
  w.spread = chosen<Spread>(spec.spread,
                            {{"none", Spread::kNone},
                             {"ratio", Spread::kRatio},
                             {"window", Spread::kWindow},
                             {"series", Spread::kSeries}},
                            Spread::kWindow);
  if (counts) {
    w.level = Level::kNone;
    w.spread = Spread::kCount;
  }
  if (!out.smooths()) return;
  w.skip = std::min(w.skip, w.window);  // all that is read is smoothed
  for (const auto& one : h.series) out.series.push_back(one.id);
  std::sort(out.series.begin(), out.series.end());
  out.series.erase(std::unique(out.series.begin(), out.series.end()), out.series.end());
}

}  // namespace

bool are_few_and_long(const data::Histories& h, const std::vector<int>& ends) {
  return known_steps(ends) >= kManySteps && h.series.size() < kFewSeries;
}

bool all_positive(const data::Histories& h, const std::vector<int>& ends) {
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    for (std::size_t t = 0; t < at(ends[s]); ++t) {
      if (h.series[s].value[t] <= 0) return false;
    }
  }
  return true;
}

std::vector<int> find_seasons(const data::Histories& h, const std::vector<int>& ends) {
  Correlations found;
  const std::size_t step = std::max<std::size_t>(1, h.series.size() / kSeriesLookedAt);
  for (std::size_t s = 0; s < h.series.size(); s += step) {
    const auto values = last_known(h.series[s], ends[s], kStepsLookedAt);
    if (values.size() >= kFewestSteps) found.add(values);
  }
  double best = 0;
  for (std::size_t lag = 2; lag <= kLongestFound; ++lag) best = std::max(best, found.mean(lag));
  if (best < kSeasonal) return {};
  for (std::size_t lag = 2; lag <= kLongestFound; ++lag) {
    const double own = found.mean(lag);
    const bool peak = own >= found.mean(lag - 1) && own >= found.mean(lag + 1);
    if (!peak || own < kNearlyAsGood * best) continue;
    std::vector<int> out = {static_cast<int>(lag)};
    // A week of such days stands out against six and eight of them.
    if (lag >= kShortestDay && 8 * lag <= kLongestFound) {
      const double beside = (found.mean(6 * lag) + found.mean(8 * lag)) / 2;
      if (found.mean(7 * lag) > beside + kWeekStandsOut) out.push_back(static_cast<int>(7 * lag));
    }
    return out;
  }
  return {};
}

Plan make_plan(const data::Histories& h, const std::vector<int>& ends, const ForecastSpec& spec,
               int horizon) {
  Plan out;
  out.window = spec.window;
  out.quantiles = parse_quantiles(spec.quantiles);
  if (spec.season != "auto") {
    out.seasons = parse_seasons(spec.season);
  } else if (h.calendar.unit != data::Calendar::Unit::kNumber) {
    out.seasons = h.calendar.usual_seasons();
  } else {
    out.seasons = find_seasons(h, ends);
  }
  out.horizon = spec.horizon != kAuto ? spec.horizon : horizon > 0 ? horizon : h.horizon;
  if (out.horizon <= 0) out.horizon = out.season() > 1 ? out.season() : 6;
  return out;
}

NetworkForm make_form(const data::Histories& h, const std::vector<int>& ends, const Plan& plan,
                      const Settings& settings, int member) {
  const ForecastSpec& spec = settings.forecast;
  NetworkForm out;
  out.encoder = settings.encoder;
  out.quantiles = plan.quantiles;
  WindowForm& w = out.window;
  const int steps = median_of(ends);
  w.horizon = plan.horizon;
  w.season = plan.season();
  w.window = spec.window != kAuto ? spec.window : usual_window(plan, steps);
  // Every second network looks back half as far again.
  if (spec.window == kAuto && member % 2 == 1) {
    w.window = std::clamp(w.window + w.window / 2, 1, std::max(w.window, steps * 2 / 3));
  }
  const bool segment_given = settings.given.contains("segment");
  w.segment = segment_given ? settings.encoder.segment : usual_segment(plan, w.window);
  w.segment = std::clamp(w.segment, 1, w.window);
  out.encoder.segment = 1;
  if (spec.decoding == "recursive") {
    out.horizon = plan.horizon;
    w.horizon = std::min(plan.horizon, w.segment);
  }
  const int linear = std::max(plan.horizon, 7 * plan.season());
  w.skip = spec.linear_steps != kAutoSteps ? spec.linear_steps : std::min(w.window, linear);
  choose_scales(h, ends, spec, out);
  w.mask = any_missing(h, ends);
  w.calendar = h.calendar.parts();
  w.known = static_cast<int>(h.known.size());
  w.past = static_cast<int>(h.past.size());
  w.fixed = static_cast<int>(h.fixed.size());
  return out;
}

void settle(const data::Histories& h, const std::vector<int>& ends, Settings& s) {
  const auto n = known_steps(ends);
  const auto put = [&](const char* name, auto& to, auto value) {
    if (!s.given.contains(name)) to = value;
  };
  const int size = n < 500 ? 0 : n < 5'000 ? 1 : n < kManySteps ? 2 : 3;
  put("hidden", s.encoder.hidden, std::array{16, 32, 64, 128}[at(size)]);
  put("batch_size", s.train.batch_size, std::array{32, 64, 128, 128}[at(size)]);
  // Many windows of a few series are alike, and a network learns them by heart soon. ETTh1, error
  // of the validation part: 1.315 with the usual values, 1.284 with these.
  const bool alike = are_few_and_long(h, ends);
  put("dropout", s.encoder.dropout, alike ? 0.5 : 0.1);
  put("bidirectional", s.encoder.bidirectional, false);
  put("lr", s.optim.lr, alike ? 0.001 : 0.003);
  put("schedule", s.optim.schedule, std::string("cosine"));
  put("warmup", s.optim.warmup, 0.05);
  put("clip_norm", s.optim.clip_norm, 1.0);
  // A round of 100 updates is what `epochs` counts.
  const double work = s.preset == "fast" ? 0.4 : s.preset == "best" ? 1.5 : 1;
  const int rounds = alike ? 20 : std::array{8, 15, 30, 60}[at(size)];
  put("epochs", s.train.epochs, static_cast<int>(rounds * work + 0.5));
  put("patience", s.train.patience, alike ? 5 : 20);
  const bool one = s.preset == "fast" || s.preset == "none";
  if (s.ensemble == kAuto) s.ensemble = one ? 1 : s.preset == "best" ? 10 : 4;
  if (s.train.threads == 0) s.train.threads = base::core_count();
  s.encoder.recompute = "never";
  s.encoder.pooling = "last";
}

}  // namespace refrain::forecast

#include "refrain/forecast/answers.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/base/at.h"
#include "refrain/forecast/simple/season.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

using base::at;

struct Scales {
  double error = 0, square = 0, deviation = 0;
};

// Returns the scales of the values before `end`; missing values are left out.
Scales scales_of(const data::History& h, int end, int season) {
  Scales out;
  const std::span<const double> past(h.value.data(), at(end));
  const int lag = end > season ? season : 1;
  double errors = 0, sum = 0, squares = 0, count = 0;
  for (int t = 0; t < end; ++t) {
    if (!std::isfinite(past[at(t)])) continue;
    sum += past[at(t)];
    count += 1;
    if (t < lag || !std::isfinite(past[at(t - lag)])) continue;
    const double gap = past[at(t)] - past[at(t - lag)];
    out.error += std::fabs(gap);
    out.square += gap * gap;
    errors += 1;
  }
  if (errors > 0) {
    out.error /= errors;
    out.square /= errors;
  }
  for (const double x : past) {
    if (std::isfinite(x)) squares += (x - sum / count) * (x - sum / count);
  }
  if (count > 0) out.deviation = std::sqrt(squares / count);
  return out;
}

}  // namespace

Scored frame_of(const data::Histories& h, const std::vector<Origin>& origins,
                const std::vector<int>& scale_end, const Plan& plan, int threads) {
  Scored out;
  auto& f = out.frame;
  f.horizon = plan.horizon;
  std::vector<Scales> scales;
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    scales.push_back(scales_of(h.series[s], scale_end[s], plan.season()));
  }
  std::set<int> seen;
  for (const Origin& o : origins) {
    const auto& value = h.series[at(o.series)].value;
    std::vector<double> truth(at(plan.horizon), std::nan(""));
    for (std::size_t i = 0; i < truth.size() && at(o.at) + i < value.size(); ++i) {
      truth[i] = value[at(o.at) + i];
    }
    if (std::all_of(truth.begin(), truth.end(), [](double x) { return std::isnan(x); })) continue;
    out.origins.push_back(o);
    seen.insert(o.series);
    f.truth.insert(f.truth.end(), truth.begin(), truth.end());
    const Scales& s = scales[at(o.series)];
    f.naive_error.push_back(s.error);
    f.naive_square.push_back(s.square);
    f.deviation.push_back(s.deviation);
    f.group.push_back(o.series);
  }
  if (seen.size() == out.origins.size()) f.group.clear();
  f.words = {"series", ""};
  const auto naive2 = simple_forecasts("naive2", plan, {}, h, out.origins, threads);
  for (std::size_t i = 0; i < out.origins.size(); ++i) {
    const auto e =
        score::window_errors(f.truth.data() + i * at(plan.horizon), naive2[i].data(), plan.horizon);
    f.naive2_mase.push_back(f.naive_error[i] > 0 ? e.absolute / f.naive_error[i] : 0);
    f.naive2_smape.push_back(e.smape);
  }
  return out;
}

score::Forecasts answers_of(const Scored& scored, const Forecast& said,
                            const std::vector<double>& levels) {
  score::Forecasts out = scored.frame;
  for (const auto& point : said.point) {
    out.predicted.insert(out.predicted.end(), point.begin(), point.end());
  }
  if (said.quantiles.empty()) return out;
  out.levels = levels;
  for (const auto& q : said.quantiles) {
    out.quantiles.insert(out.quantiles.end(), q.begin(), q.end());
  }
  return out;
}

}  // namespace refrain::forecast

#include "refrain/api/inside/forecast_plot.h"

#include <cmath>

#include "refrain/base/at.h"
#include "refrain/report/fan_chart.h"

namespace refrain::api {
namespace {

using base::at;
using report::drawn_history;
using report::Fan;
using report::kMostFans;

Fan fan_of(const forecast::Plan& plan, const data::Histories& h, const forecast::Origin& origin) {
  const auto& series = h.series[at(origin.series)];
  const int count = drawn_history(plan.horizon, plan.season(), origin.at);
  Fan out;
  out.title = series.id;
  out.history.assign(series.value.begin() + (origin.at - count), series.value.begin() + origin.at);
  for (int s = origin.at; s < origin.at + plan.horizon; ++s) {
    const bool known = at(s) < series.value.size();
    out.truth.push_back(known ? series.value[at(s)] : std::nan(""));
  }
  const auto stamp = [&](int step) { return h.calendar.stamp(series.start, step); };
  out.first = stamp(origin.at - count);
  out.origin = stamp(origin.at);
  out.last = stamp(origin.at + plan.horizon - 1);
  return out;
}

}  // namespace

std::string plot_of(const forecast::Plan& plan, const data::Histories& h,
                    const std::vector<forecast::Origin>& origins, const forecast::Forecast& said) {
  std::vector<Fan> fans;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    fans.push_back(fan_of(plan, h, origins[i]));
    fans.back().point = said.point[i];
    if (!said.quantiles.empty()) fans.back().quantiles = said.quantiles[i];
  }
  return report::fan_charts(fans, plan.quantiles, h.series.size());
}

std::vector<forecast::Origin> origins_to_plot(const data::Histories& h,
                                              const std::vector<forecast::Origin>& scored) {
  std::vector<forecast::Origin> out;
  for (const auto& o : scored) {  // ordered by series, then in time
    if (!out.empty() && out.back().series == o.series) {
      out.back() = o;
    } else if (out.size() < at(kMostFans)) {
      out.push_back(o);
    } else {
      break;
    }
  }
  for (std::size_t s = 0; scored.empty() && s < std::min(h.series.size(), at(kMostFans)); ++s) {
    out.push_back({static_cast<int>(s), static_cast<int>(h.series[s].steps())});
  }
  return out;
}

}  // namespace refrain::api

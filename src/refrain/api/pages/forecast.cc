// The page of a forecast: fan charts of the last windows, errors by how far ahead and by series.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"
#include "refrain/report/fan_chart.h"
#include "refrain/score/forecasting.h"

namespace refrain::api {
namespace {

using report::figure;
using report::paragraph;
using report::Words;

constexpr std::size_t kMostDrawnSeries = 12;

const score::Forecasts& windows_of(const ToldAnswers& r) {
  return dynamic_cast<const score::Forecasts&>(*r.answers);
}

// The last scored window of each series, in the order of the file.
std::vector<std::size_t> last_windows(const Told& told) {
  std::vector<std::size_t> out;
  std::string series;
  const auto& list = told.run.predictions;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!out.empty() && list[i].group == series) {
      out.back() = i;
    } else if (out.size() < static_cast<std::size_t>(report::kMostFans)) {
      out.push_back(i);
      series = list[i].group;
    } else {
      break;
    }
  }
  return out;
}

// The stamp of a stored window: what stands behind the series' name.
std::string stamp_of(const store::Prediction& p) {
  return p.sample.size() > p.group.size() + 1 ? p.sample.substr(p.group.size() + 1) : "";
}

// The values before the window, where the file is still there.
void put_history(const Told& told, const store::Prediction& p, int horizon, report::Fan& fan) {
  if (told.histories == nullptr) return;
  const auto& h = *told.histories;
  for (const auto& series : h.series) {
    if (series.id != p.group) continue;
    const auto steps = static_cast<int>(series.steps());
    for (int at = 0; at <= steps; ++at) {
      if (h.calendar.stamp(series.start, at) != fan.origin) continue;
      const int count = report::drawn_history(horizon, 1, at);
      fan.history.assign(series.value.begin() + (at - count), series.value.begin() + at);
      fan.first = h.calendar.stamp(series.start, at - count);
      fan.last = h.calendar.stamp(series.start, at + horizon - 1);
      return;
    }
  }
}

void put_fans(const Told& told, report::Page& page) {
  const auto& a = windows_of(told.repeats.front());
  const auto H = static_cast<std::size_t>(a.horizon), Q = a.levels.size();
  std::string out;
  for (const std::size_t i : last_windows(told)) {
    const auto& p = told.run.predictions[i];
    const auto from = static_cast<std::ptrdiff_t>(i * H);
    report::Fan fan;
    fan.title = p.group;
    fan.origin = stamp_of(p);
    fan.point.assign(a.predicted.begin() + from, a.predicted.begin() + from + a.horizon);
    fan.truth.assign(a.truth.begin() + from, a.truth.begin() + from + a.horizon);
    if (!a.quantiles.empty()) {
      const auto at = static_cast<std::ptrdiff_t>(i * H * Q);
      fan.quantiles.assign(a.quantiles.begin() + at,
                           a.quantiles.begin() + at + static_cast<std::ptrdiff_t>(H * Q));
    }
    put_history(told, p, a.horizon, fan);
    out += fan_on_page(fan, fan.quantiles.empty() ? 0 : Q);
  }
  if (out.empty()) return;
  page.add(
      "forecasts", {"Forecasts", "预测"},
      figure(
          "figure-fans",
          {"The last scored window of each series: values so far, the forecast with its bands of "
           "quantiles, and dashed what came.",
           "每条序列最后一个评分窗口：已有的值、预测及其分位数区间，虚线为实际值。"},
          "<div class=\"pictures\">\n" + out + "</div>\n"));
}

// Errors of one step of each window in units of the naive error.
std::vector<double> scaled_errors(const score::Forecasts& a, int step) {
  std::vector<double> out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t at = i * static_cast<std::size_t>(a.horizon) + static_cast<std::size_t>(step);
    const double naive = i < a.naive_error.size() ? a.naive_error[i] : 0;
    if (naive > 0 && std::isfinite(a.truth[at])) {
      out.push_back(std::fabs(a.predicted[at] - a.truth[at]) / naive);
    }
  }
  return out;
}

void put_ahead(const Told& told, report::Page& page) {
  const auto& a = windows_of(told.repeats.front());
  report::LinePlot plot{
      {"steps ahead", "向前步数"}, {"MASE", "MASE"}, {{{"error", "误差"}, {}, {}}}, 0, {}};
  for (int h = 0; h < a.horizon; ++h) {
    const auto errors = scaled_errors(a, h);
    double sum = 0;
    for (const double e : errors) sum += e / static_cast<double>(errors.size());
    plot.lines[0].x.push_back(h + 1);
    plot.lines[0].y.push_back(errors.empty() ? std::nan("") : sum);
  }
  std::string out;
  if (a.horizon > 1) {
    out +=
        figure("figure-ahead",
               {"Error by how far ahead a value is, in units of the seasonal naive method's error.",
                "误差随预测步数的变化，以季节性朴素方法的误差为单位。"},
               line_plot(plot));
  }
  // For each series, the mean over its windows.
  Measured measured{{std::vector<double>(a.size())}, false, {}};
  std::map<std::string, std::vector<int>> series;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double naive = i < a.naive_error.size() ? a.naive_error[i] : 0;
    const auto e = score::window_errors(
        a.truth.data() + i * static_cast<std::size_t>(a.horizon),
        a.predicted.data() + i * static_cast<std::size_t>(a.horizon), a.horizon);
    if (!(naive > 0) || e.steps == 0) continue;
    measured.values[0][i] = e.absolute / naive;
    const int which = told.repeats.front().which[i];
    series[told.run.predictions[static_cast<std::size_t>(which)].group].push_back(
        static_cast<int>(i));
  }
  report::IntervalPlot rows;
  for (const auto& [name, chosen] : series) {
    const Score s = mean_told(told, measured, {chosen});
    rows.rows.push_back({report::harmless(name, 20),
                         {s.value, std::nan(""), std::nan("")},
                         false,
                         fmt::format("n={}", chosen.size())});
  }
  std::stable_sort(rows.rows.begin(), rows.rows.end(),
                   [](const auto& x, const auto& y) { return x.score.value > y.score.value; });
  if (rows.rows.size() > kMostDrawnSeries) rows.rows.resize(kMostDrawnSeries);
  if (rows.rows.size() > 1) {
    out += figure("figure-series",
                  {"MASE of each series, the worst first; n is the number of windows.",
                   "各序列的 MASE，从最差开始；n 为窗口数。"},
                  interval_plot(rows));
  }
  page.add("ahead", {"Where it errs", "误差所在"}, out);
}

}  // namespace

void put_forecast(const Told& told, report::Page& page) {
  std::vector<Words> more;
  const auto score = store::main_score(told.run);
  if (told.run.metric == "mase" && std::isfinite(score.value)) {
    more = {score.value < 1
                ? Words{"Below 1 it errs less than repeating the last season would in the history.",
                        "小于 1 表示误差比在历史上重复上一季的值更小。"}
                : Words{"Above 1 it errs more than repeating the last season would in the history.",
                        "大于 1 表示误差比在历史上重复上一季的值更大。"}};
  }
  put_verdict(told, more, page);
  put_score_part(told, page);
  put_learning(told, page);
  if (told.repeats.empty()) return;
  put_fans(told, page);
  put_ahead(told, page);
}

}  // namespace refrain::api

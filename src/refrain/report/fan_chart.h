// Forecasts as a picture: each series' last values, the median that continues them and two bands of
// quantiles around it, and the values that came where they are known. An SVG that stands by itself:
// no script, no fonts, nothing from elsewhere; light or dark as the reader has it.
#pragma once

#include <string>
#include <vector>

namespace refrain::report {

struct Fan {
  std::string title;              // the series' id
  std::vector<double> history;    // the last values before the forecast; NaN is missing
  std::vector<double> point;      // [H]
  std::vector<double> quantiles;  // [H, levels], ascending
  std::vector<double> truth;      // [H] of a scored window, NaN where unknown; empty: nothing known
  std::string first, origin, last;  // stamps of the first value, of the first and last forecast
};

constexpr int kMostFans = 12;

// How many of a series' last values are drawn.
int drawn_history(int horizon, int season, int there);

// At most kMostFans panels; `series` is how many there are in all. `levels`: of the quantiles.
std::string fan_charts(const std::vector<Fan>& fans, const std::vector<double>& levels,
                       std::size_t series);

// One panel as a picture of a page, which has the style; `levels`: how many quantiles there are.
std::string fan_on_page(const Fan& fan, std::size_t levels);

}  // namespace refrain::report

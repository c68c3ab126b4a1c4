#include "refrain/forecast/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "refrain/base/error.h"

namespace refrain::forecast {
namespace {

using base::Word;

constexpr int kLongestSeason = 100'000, kLongestPart = 1'000'000'000;

std::vector<std::string> listed(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == ',') {
      out.emplace_back();
    } else if (c != ' ') {
      out.back() += c;
    }
  }
  return out;
}

template <class Number>
bool read_number(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

base::Fields<ForecastSpec> forecast_fields() {
  using S = ForecastSpec;
  return base::Fields<S>()
      .section("Forecasting")
      .field("horizon", &S::horizon, 1, 100'000, Word{"auto", kAuto},
             "number of steps to forecast; auto = as the test file or the format says, else one "
             "season")
      .common("How many steps to forecast.")
      .field("season", &S::season,
             "lengths of seasons in steps, such as 24,168 for hourly values; auto = found from the "
             "calendar and the data; none")
      .field("known", &S::known,
             "columns whose future values are known (holidays, prices, plans), with commas "
             "between; columns that continue beyond the last value are found automatically")
      .field("past", &S::past, "columns that are known only up to the present, with commas between")
      .field("fixed", &S::fixed, "columns that describe a whole series, with commas between")
      .field("window", &S::window, 1, 100'000, Word{"auto", kAuto},
             "longest input of the networks and of linear_window, in steps; --segment of them form "
             "one input of the network (Lin et al. 2023)")
      .field("linear_steps", &S::linear_steps, 0, 100'000, Word{"auto", kAutoSteps},
             "number of last steps that a linear path beside the recurrent layers reads (Lai et "
             "al. 2018)")
      .field("transform", &S::transform, {"auto", "none", "log"},
             "log = learn the logarithms of the values; auto = log if all values are positive")
      .field(
          "level", &S::level, {"auto", "none", "last", "season", "window", "smoothing"},
          "level that is subtracted from each window: its last value, the mean of its last season, "
          "or the mean of the window; smoothing = level and season by exponential smoothing, whose "
          "coefficients are learned for each series with the network (Smyl 2020)")
      .field("spread", &S::spread, {"auto", "none", "ratio", "window", "series"},
             "scale that each window is divided by: ratio = the size of its values, window = their "
             "mean distance from their mean, series = the standard deviation of all values of the "
             "series so far")
      .field("distribution", &S::distribution,
             {"quantile", "point", "gaussian", "student_t", "negative_binomial"},
             "output of the networks for each step: quantile = every quantile; point = the median, "
             "with intervals from held-out errors; the others = a distribution, trained by its "
             "likelihood (Salinas et al. 2020), of which negative_binomial is for counts")
      .field("decoding", &S::decoding, {"direct", "recursive"},
             "direct = forecast all steps at once; recursive = one segment at a time, which the "
             "network then reads as if it were observed")
      .field("quantiles", &S::quantiles,
             "quantiles to forecast; the outer two form the interval whose coverage is reported")
      .field("holdout", &S::holdout,
             "hold out the ends of the series for the score; false = train on all values without a "
             "score")
      .field("origins", &S::origins, 1, 100'000, Word{"all", 0},
             "rolling origin: forecast the end of each series from this many points in time, "
             "without new training; all = from every step of the last part of --split")
      .field(
          "stride", &S::stride, 1, 100'000, Word{"auto", kAuto},
          "steps from one origin to the next; auto = the horizon, or one step with --origins all")
      .field("split", &S::split,
             "steps of each series for training, for choices and for the score, such as "
             "8640,2880,2880; later steps are not used");
}

std::vector<int> parse_seasons(const std::string& text) {
  if (text == "none") return {};
  std::vector<int> out;
  for (const auto& one : listed(text)) {
    int season = 0;
    if (!read_number(one, season) || season < 1 || season > kLongestSeason) {
      throw Error(Code::kUsage, fmt::format("--season: '{}' is no number of steps", one),
                  "write for example 12, or 24,168, or none");
    }
    if (season > 1) out.push_back(season);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<double> parse_quantiles(const std::string& text) {
  std::vector<double> out = {0.5};
  for (const auto& one : listed(text)) {
    double q = 0;
    if (!read_number(one, q) || !(q > 0 && q < 1)) {
      throw Error(Code::kUsage, fmt::format("--quantiles: '{}' is not between 0 and 1", one),
                  "write for example 0.05,0.5,0.95");
    }
    out.push_back(q);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > 99) {
    throw Error(Code::kUsage, "--quantiles: more than 99 quantiles", "name fewer of them");
  }
  return out;
}

std::vector<int> parse_parts(const std::string& text) {
  if (text.empty()) return {};
  std::vector<int> out;
  for (const auto& one : listed(text)) {
    int steps = 0;
    if (!read_number(one, steps) || steps < 0 || steps > kLongestPart) {
      throw Error(Code::kUsage, fmt::format("--split: '{}' is no number of steps", one),
                  "write for example 8640,2880,2880");
    }
    out.push_back(steps);
  }
  if (out.size() != 3 || out[0] < 1 || out[2] < 1) {
    throw Error(Code::kUsage, "--split needs three numbers of steps",
                "write those for training, for choices and for the score, such as 8640,2880,2880");
  }
  return out;
}

}  // namespace refrain::forecast

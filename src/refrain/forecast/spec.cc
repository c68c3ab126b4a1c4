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
      .field(
          "horizon", &S::horizon, 1, 100'000, Word{"auto", kAuto},
          "steps that are forecast; auto = as the test file or the format tells, else one season")
      .common("How many steps to forecast.")
      .field("season", &S::season,
             "steps after which series may repeat themselves, such as 24,168 for hours; auto = by "
             "the calendar and the data; none")
      .field("known", &S::known,
             "columns that are known for the future too (holidays, prices, plans), with commas "
             "between; those that go on behind the last value are found")
      .field("past", &S::past, "columns that are known up to now only, with commas between")
      .field("fixed", &S::fixed,
             "columns that say something of a whole series, with commas between")
      .field("window", &S::window, 1, 100'000, Word{"auto", kAuto},
             "last steps of a series that networks read, at most, and linear_window; --segment of "
             "them "
             "are one step of the network (Lin et al. 2023)")
      .field("linear_steps", &S::linear_steps, 0, 100'000, Word{"auto", kAutoSteps},
             "last steps that a linear path beside the recurrent layers reads (Lai et al. 2018)")
      .field("transform", &S::transform, {"auto", "none", "log"},
             "what is learned: values or their logarithms; auto = logarithms where all values are "
             "positive")
      .field("level", &S::level, {"auto", "none", "last", "season", "window", "smoothing"},
             "what is taken off each window: its last value, the mean of its last season, or of "
             "all of it; smoothing = level and season by exponential smoothing whose coefficients "
             "are learned with the network, for each series (Smyl 2020)")
      .field("spread", &S::spread, {"auto", "none", "ratio", "window", "series"},
             "what each window is divided by: the size of its values, their mean distance from "
             "their mean, or the deviation of all values of the series so far")
      .field("distribution", &S::distribution,
             {"quantile", "point", "gaussian", "student_t", "negative_binomial"},
             "what networks say of a step: each quantile; the median alone, with intervals from "
             "held-out errors; or a distribution, trained by its likelihood (Salinas et al. 2020), "
             "where negative_binomial is for counts")
      .field("decoding", &S::decoding, {"direct", "recursive"},
             "how networks fill the horizon: all steps at once, or a segment at a time, each "
             "forecast being read as what came")
      .field("quantiles", &S::quantiles,
             "quantiles that are forecast; the outer ones are the interval whose coverage is told")
      .field(
          "holdout", &S::holdout,
          "hold the ends of the series out for the score; without, all values are trained on and "
          "nothing is scored")
      .field("origins", &S::origins, 1, 100'000, Word{"all", 0},
             "rolling origin: how often the end of each series is forecast, from so many points in "
             "time, the model staying as it is; all = from every step of the last part of --split")
      .field("stride", &S::stride, 1, 100'000, Word{"auto", kAuto},
             "steps from one origin to the next; auto = the horizon, with --origins all one step")
      .field("split", &S::split,
             "steps of each series for training, for choices and for the score, such as "
             "8640,2880,2880; what stands behind them is not looked at");
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

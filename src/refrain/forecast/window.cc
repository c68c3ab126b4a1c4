#include "refrain/forecast/window.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::forecast {
namespace {

using base::at;
using data::History;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
// A window that hardly moves is not blown up beyond this share of the spread of its series.
constexpr double kLeastShare = 0.1;
constexpr double kLeastOfLevel = 1e-4;
constexpr double kTwoPi = 6.283185307179586;
constexpr double kMostDeviations = 10;  // of a scaled covariate

struct MeanAndSpread {
  double mean = 0, spread = 1;
};

template <class Get>
MeanAndSpread spread_of(std::size_t n, const Get& get) {
  double sum = 0, squares = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = get(i);
    if (!std::isfinite(x)) continue;
    sum += x;
    ++count;
  }
  if (count == 0) return {};
  const double mean = sum / static_cast<double>(count);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = get(i);
    if (std::isfinite(x)) squares += (x - mean) * (x - mean);
  }
  const double spread = std::sqrt(squares / static_cast<double>(count));
  return {mean, spread > 1e-12 * std::fabs(mean) && spread > 0 ? spread : 1};
}

real scaled(double x, double mean, double spread) {
  if (!std::isfinite(x)) return 0;
  return static_cast<real>(std::clamp((x - mean) / spread, -kMostDeviations, kMostDeviations));
}

template <class T>
T checked_choice(const base::Json& json, const char* name, int count) {
  const int value = json.at(name).get<int>();
  if (value < 0 || value >= count) {
    throw Error(Code::kData, std::string("a window has no such ") + name);
  }
  return static_cast<T>(value);
}

}  // namespace

base::Json to_json(const WindowForm& f) {
  return {{"horizon", f.horizon},
          {"window", f.window},
          {"segment", f.segment},
          {"skip", f.skip},
          {"season", f.season},
          {"transform", static_cast<int>(f.transform)},
          {"level", static_cast<int>(f.level)},
          {"spread", static_cast<int>(f.spread)},
          {"mask", f.mask},
          {"calendar", f.calendar},
          {"known", f.known},
          {"past", f.past},
          {"fixed", f.fixed}};
}

WindowForm window_form_from(const base::Json& json) {
  WindowForm f;
  const auto count = [&](const char* name, int low) {
    const int value = json.at(name).get<int>();
    if (value < low || value > 1'000'000) {
      throw Error(Code::kData, std::string("a window has no such ") + name);
    }
    return value;
  };
  f.horizon = count("horizon", 1);
  f.window = count("window", 1);
  f.segment = count("segment", 1);
  f.skip = count("skip", 0);
  f.season = count("season", 1);
  f.transform = checked_choice<Transform>(json, "transform", 2);
  f.level = checked_choice<Level>(json, "level", 5);
  f.spread = checked_choice<Spread>(json, "spread", 5);
  f.mask = json.at("mask").get<bool>();
  f.calendar = json.at("calendar").get<std::vector<std::string>>();
  f.known = count("known", 0);
  f.past = count("past", 0);
  f.fixed = count("fixed", 0);
  return f;
}

CovariateScale fit_covariates(const data::Histories& h, const std::vector<int>& ends) {
  CovariateScale out;
  const auto columns = [&](std::size_t width, auto block, std::vector<double>& mean,
                           std::vector<double>& spread) {
    for (std::size_t c = 0; c < width; ++c) {
      std::vector<double> values;
      for (std::size_t s = 0; s < h.series.size(); ++s) {
        const std::vector<double>& from = h.series[s].*block;
        const std::size_t rows = std::min(at(ends[s]), from.size() / width);
        for (std::size_t t = 0; t < rows; ++t) values.push_back(from[t * width + c]);
      }
      const auto found = spread_of(values.size(), [&](std::size_t i) { return values[i]; });
      mean.push_back(found.mean);
      spread.push_back(found.spread);
    }
  };
  columns(h.known.size(), &History::known, out.known_mean, out.known_spread);
  columns(h.past.size(), &History::past, out.past_mean, out.past_spread);
  for (std::size_t c = 0; c < h.fixed.size(); ++c) {
    const auto found =
        spread_of(h.series.size(), [&](std::size_t s) { return h.series[s].fixed[c]; });
    out.fixed_mean.push_back(found.mean);
    out.fixed_spread.push_back(found.spread);
  }
  return out;
}

base::Json to_json(const CovariateScale& s) {
  return {{"known_mean", s.known_mean}, {"known_spread", s.known_spread},
          {"past_mean", s.past_mean},   {"past_spread", s.past_spread},
          {"fixed_mean", s.fixed_mean}, {"fixed_spread", s.fixed_spread}};
}

CovariateScale covariate_scale_from(const base::Json& json) {
  CovariateScale s;
  json.at("known_mean").get_to(s.known_mean);
  json.at("known_spread").get_to(s.known_spread);
  json.at("past_mean").get_to(s.past_mean);
  json.at("past_spread").get_to(s.past_spread);
  json.at("fixed_mean").get_to(s.fixed_mean);
  json.at("fixed_spread").get_to(s.fixed_spread);
  return s;
}

double Scaling::forward(double x) const {
  if (transform == Transform::kLog) x = x > 0 ? std::log(x) : kMissing;
  return (x - level) / spread;
}

double Scaling::back(double z) const {
  const double x = level + spread * z;
  return transform == Transform::kLog ? std::exp(std::clamp(x, -700.0, 700.0)) : x;
}

double Scaling::value_spread() const {
  return transform == Transform::kLog ? spread * std::exp(std::clamp(level, -700.0, 700.0))
                                      : spread;
}

Windows::Windows(const data::Histories& histories, WindowForm form, CovariateScale scale)
    : histories_(&histories), form_(std::move(form)), scale_(std::move(scale)) {
  for (const auto& h : histories.series) {
    RunningSums s;
    s.first.push_back(0);
    s.second.push_back(0);
    s.count.push_back(0);
    // RunningSums of differences from one value: squares of large values lose the digits that
    // matter.
    double origin = kMissing;
    for (const double raw : h.value) {
      const double x = transformed(raw);
      const bool there = std::isfinite(x);
      if (there && std::isnan(origin)) origin = x;
      const double d = there ? x - origin : 0;
      s.first.push_back(s.first.back() + d);
      s.second.push_back(s.second.back() + d * d);
      s.count.push_back(s.count.back() + int{there});
    }
    sums_.push_back(std::move(s));
  }
}

double Windows::transformed(double x) const {
  if (form_.transform == Transform::kNone) return x;
  return x > 0 ? std::log(x) : kMissing;
}

int Windows::rows(int origin) const {
  const int steps = std::clamp(origin, 1, form_.window);
  return (steps + form_.segment - 1) / form_.segment;
}

double Windows::series_spread(const RunningSums& s, int origin) const {
  const std::size_t n = at(origin);
  if (s.count[n] == 0) return 0;
  const double count = s.count[n], mean = s.first[n] / count;
  return std::sqrt(std::max(0.0, s.second[n] / count - mean * mean));
}

Scaling Windows::scaling(int series, int origin) const {
  const auto& value = histories_->series[at(series)].value;
  const int begin = std::max(0, origin - form_.window);
  Scaling out;
  out.transform = form_.transform;
  double sum = 0, sizes = 0, last_sum = 0, last = 0;
  int count = 0, last_count = 0;
  for (int t = origin - 1; t >= begin; --t) {
    const double x = transformed(value[at(t)]);
    if (!std::isfinite(x)) continue;
    if (count == 0) last = x;
    if (last_count < form_.season) {
      last_sum += x;
      ++last_count;
    }
    sum += x;
    sizes += std::fabs(x);
    ++count;
  }
  const double own = series_spread(sums_[at(series)], origin);
  if (count > 0) {
    out.level = form_.level == Level::kNone     ? 0
                : form_.level == Level::kLast   ? last
                : form_.level == Level::kWindow ? sum / count
                                                : last_sum / last_count;
  }
  if (form_.spread == Spread::kNone) return out;
  double spread = own;
  if (form_.spread == Spread::kRatio && count > 0) spread = sizes / count;
  if (form_.spread == Spread::kCount) spread = 1 + (count > 0 ? sizes / count : 0);
  if (form_.spread == Spread::kWindow && count > 0) {
    const double middle = sum / count;
    double away = 0;
    for (int t = begin; t < origin; ++t) {
      const double x = transformed(value[at(t)]);
      if (std::isfinite(x)) away += std::fabs(x - middle);
    }
    spread = std::max(away / count, kLeastShare * own);
  }
  out.spread = std::max(spread, kLeastOfLevel * std::fabs(out.level));
  if (!(out.spread > 0) || !std::isfinite(out.spread)) out.spread = 1;
  return out;
}

void Windows::put_calendar(int series, std::int64_t step, real* out) const {
  const auto start = histories_->series[at(series)].start;
  for (std::size_t i = 0; i < form_.calendar.size(); ++i) {
    const double turn = kTwoPi * histories_->calendar.position(form_.calendar[i], start, step);
    out[2 * i] = static_cast<real>(std::sin(turn));
    out[2 * i + 1] = static_cast<real>(std::cos(turn));
  }
}

void Windows::cut_rows(int series, int origin, const Scaling& scaling, real* out) const {
  const History& h = histories_->series[at(series)];
  const int R = rows(origin), width = form_.step_width();
  std::fill_n(out, at(R) * at(form_.row_width()), real{0});
  for (int r = 0; r < R; ++r) {
    real* row = out + at(r) * at(form_.row_width());
    const int first = origin - (R - r) * form_.segment;
    for (int i = 0; i < form_.segment; ++i) {
      const int t = first + i;
      real* step = row + at(i) * at(width);
      const bool inside = t >= std::max(0, origin - form_.window);
      const double z = inside ? scaling.forward(h.value[at(t)]) : kMissing;
      const bool there = std::isfinite(z);
      step[0] = there ? static_cast<real>(z) : 0;
      std::size_t place = 1;
      if (form_.mask) step[place++] = there ? 0 : 1;
      if (!inside) continue;
      for (std::size_t c = 0; c < at(form_.known); ++c) {
        const double x = h.known[at(t) * at(form_.known) + c];
        step[place++] = scaled(x, scale_.known_mean[c], scale_.known_spread[c]);
      }
      for (std::size_t c = 0; c < at(form_.past); ++c) {
        const double x = h.past[at(t) * at(form_.past) + c];
        step[place++] = scaled(x, scale_.past_mean[c], scale_.past_spread[c]);
      }
    }
    put_calendar(series, first, row + at(form_.segment) * at(width));
  }
}

void Windows::cut_side(int series, int origin, const Scaling& scaling, real* out) const {
  const History& h = histories_->series[at(series)];
  for (int i = 0; i < form_.skip; ++i) {
    const int t = origin - form_.skip + i;
    const double z = t < 0 ? kMissing : scaling.forward(h.value[at(t)]);
    *out++ = std::isfinite(z) ? static_cast<real>(z) : 0;
  }
  for (int i = 0; i < form_.horizon; ++i) {
    for (std::size_t c = 0; c < at(form_.known); ++c) {
      const std::size_t place = at(origin + i) * at(form_.known) + c;
      const double x = place < h.known.size() ? h.known[place] : kMissing;
      *out++ = scaled(x, scale_.known_mean[c], scale_.known_spread[c]);
    }
  }
  for (std::size_t c = 0; c < at(form_.fixed); ++c) {
    *out++ = scaled(h.fixed[c], scale_.fixed_mean[c], scale_.fixed_spread[c]);
  }
  put_calendar(series, origin, out);
}

void Windows::cut_values(int series, int origin, const Scaling& scaling, real* out) const {
  const auto& value = histories_->series[at(series)].value;
  for (int i = 0; i < form_.window; ++i) {
    const int t = origin - form_.window + i;
    const double z = t < 0 ? kMissing : scaling.forward(value[at(t)]);
    out[i] = static_cast<real>(std::isfinite(z) ? z : kMissing);
  }
}

void Windows::cut_targets(int series, int origin, int end, const Scaling& scaling,
                          real* out) const {
  const auto& value = histories_->series[at(series)].value;
  for (int i = 0; i < form_.horizon; ++i) {
    const int t = origin + i;
    const bool seen = t < end && at(t) < value.size();
    out[i] = static_cast<real>(seen ? scaling.forward(value[at(t)]) : kMissing);
  }
}

}  // namespace refrain::forecast

#include "refrain/data/normaliser.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

constexpr double kMostDeviations = 1e6;  // keeps products of outliers finite in float

[[noreturn]] void refuse_normaliser(const std::string& what) {
  throw Error(Code::kData, "the normaliser is damaged: " + what,
              "fetch the model file again or train it again");
}

// Calls visit(channel, value) for every value that is there.
template <class T, class Visit>
void each_value(const std::vector<std::span<const T>>& series, std::size_t channels, Visit visit) {
  for (const auto& values : series) {
    std::size_t c = 0;
    for (const T value : values) {
      if (std::isfinite(value)) visit(c, static_cast<double>(value));
      if (++c == channels) c = 0;
    }
  }
}

// Mean and (population) deviation of each channel in two passes. Equal values are recognised by
// minimum and maximum: their computed deviation may be a rounding error instead of 0.
template <class T>
Moments moments(const std::vector<std::span<const T>>& series, std::size_t channels) {
  struct Sums {
    double sum = 0, squares = 0, low = std::numeric_limits<double>::infinity(), high = -low;
    std::int64_t count = 0;
  };
  std::vector<Sums> sums(channels);
  each_value(series, channels, [&](std::size_t c, double x) {
    Sums& s = sums[c];
    s.sum += x;
    s.low = std::min(s.low, x);
    s.high = std::max(s.high, x);
    ++s.count;
  });
  Moments out{std::vector<double>(channels, 0.0), std::vector<double>(channels, 1.0)};
  for (std::size_t c = 0; c < channels; ++c) {
    const Sums& s = sums[c];
    if (s.count > 0) out.mean[c] = s.low == s.high ? s.low : s.sum / static_cast<double>(s.count);
  }
  each_value(series, channels, [&](std::size_t c, double x) {
    sums[c].squares += (x - out.mean[c]) * (x - out.mean[c]);
  });
  for (std::size_t c = 0; c < channels; ++c) {
    const Sums& s = sums[c];
    const double std = s.count > 0 ? std::sqrt(s.squares / static_cast<double>(s.count)) : 0;
    if (s.low < s.high && std > 0) out.std[c] = std;
  }
  return out;
}

void scale(std::span<real> values, const Moments& by) {
  std::size_t c = 0;
  for (real& value : values) {
    const double z = (static_cast<double>(value) - by.mean[c]) / by.std[c];
    value = static_cast<real>(std::clamp(z, -kMostDeviations, kMostDeviations));  // NaN stays
    if (++c == by.mean.size()) c = 0;
  }
}

std::vector<double> numbers(const base::Json& json, const char* name) {
  if (!json.contains(name) || !json[name].is_array()) {
    refuse_normaliser(fmt::format("'{}' must be a list of numbers", name));
  }
  std::vector<double> out;
  for (const auto& value : json[name]) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!std::isfinite(number))
      refuse_normaliser(fmt::format("'{}' must be a list of numbers", name));
    out.push_back(number);
  }
  return out;
}

}  // namespace

const std::vector<std::string>& Normaliser::modes() {
  static const std::vector<std::string> list = {"channel", "series", "none"};
  return list;
}

void Normaliser::fit(const std::vector<std::span<const float>>& series, int channels,
                     const std::string& mode) {
  fitted_ = moments(series, static_cast<std::size_t>(channels));
  mode_ = mode;
}

void Normaliser::apply(std::span<real> values) const {
  if (mode_ == "channel") scale(values, fitted_);
  if (mode_ == "series") {
    scale(values, moments<real>({std::span<const real>(values)}, fitted_.mean.size()));
  }
}

base::Json Normaliser::to_json() const {
  return {{"mode", mode_}, {"mean", fitted_.mean}, {"std", fitted_.std}};
}

Normaliser Normaliser::from_json(const base::Json& json) {
  if (!json.is_object()) refuse_normaliser("it must be an object");
  Normaliser out;
  const auto mode = json.find("mode");
  if (mode == json.end() || !mode->is_string() ||
      std::find(modes().begin(), modes().end(), mode->get<std::string>()) == modes().end()) {
    refuse_normaliser(fmt::format("'mode' must be one of {}", fmt::join(modes(), ", ")));
  }
  out.mode_ = mode->get<std::string>();
  out.fitted_ = {numbers(json, "mean"), numbers(json, "std")};
  if (out.fitted_.mean.empty() || out.fitted_.mean.size() != out.fitted_.std.size()) {
    refuse_normaliser("'mean' and 'std' must have one number a channel each");
  }
  for (const double std : out.fitted_.std) {
    if (std <= 0) refuse_normaliser("a number of 'std' is not positive");
  }
  return out;
}

}  // namespace refrain::data

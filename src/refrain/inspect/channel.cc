#include "refrain/inspect/channel.h"

#include <algorithm>
#include <cmath>

namespace refrain::inspect {
namespace {

constexpr double kSpike = 10;  // usual steps that a spike rises by

class Values {
 public:
  Values(const data::Series& series, int channel)
      : at_(series.values.data() + channel),
        stride_(static_cast<std::size_t>(series.channels)),
        count_(static_cast<std::size_t>(series.steps)) {}
  std::size_t size() const { return count_; }
  double operator[](std::size_t t) const { return static_cast<double>(at_[t * stride_]); }

 private:
  const float* at_;
  std::size_t stride_, count_;
};

std::size_t longest_run(const Values& values) {
  std::size_t longest = 0, run = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (std::isnan(values[t])) {
      run = 0;
      continue;
    }
    run = t > 0 && values[t] == values[t - 1] ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

void spread_of(const Values& values, ChannelNumbers& out) {
  double mean = 0, squares = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (!std::isfinite(values[t])) continue;
    const double d = values[t] - mean;
    mean += d / ++out.present;
    squares += d * (values[t] - mean);
  }
  out.level = mean;
  out.spread = out.present > 0 ? std::sqrt(squares / out.present) : 0;
}

double skew_of(const Values& values, const ChannelNumbers& of) {
  double cubes = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (std::isfinite(values[t])) cubes += std::pow((values[t] - of.level) / of.spread, 3);
  }
  return cubes / of.present;
}

std::vector<double> steps_of(const Values& values) {
  std::vector<double> out;
  for (std::size_t t = 1; t < values.size(); ++t) {
    const double d = values[t] - values[t - 1];
    if (std::isfinite(d)) out.push_back(std::abs(d));
  }
  return out;
}

int spikes_of(const Values& values, double usual) {
  int count = 0;
  for (std::size_t t = 1; t + 1 < values.size(); ++t) {
    const double up = values[t] - values[t - 1], down = values[t] - values[t + 1];
    if (up * down > 0 && std::min(std::abs(up), std::abs(down)) > kSpike * usual) ++count;
  }
  return count;
}

}  // namespace

ChannelNumbers channel_numbers(const data::Series& series, int channel) {
  ChannelNumbers out;
  const Values values(series, channel);
  spread_of(values, out);
  if (values.size() == 0) return out;
  const auto steps = static_cast<double>(values.size());
  out.missing = 1 - out.present / steps;
  out.still = static_cast<double>(longest_run(values)) / steps;
  auto sizes = steps_of(values);
  if (sizes.empty() || !(out.spread > 0)) return out;
  out.skew = skew_of(values, out);
  double squares = 0;
  for (const double d : sizes) squares += d * d;
  out.roughness = std::sqrt(squares / static_cast<double>(sizes.size())) / out.spread;
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  out.spikes = spikes_of(values, std::max(*middle, 0.2 * out.spread));
  return out;
}

void Channel::add_value(double x, std::int64_t number) {
  if (std::isnan(x)) {
    ++missing;
    return;
  }
  ++values;
  if (x < low) low = x, at_low = 0;
  if (x > high) high = x, at_high = 0;
  if (x == low) ++at_low;
  if (x == high) ++at_high;
  if (whole && x != std::floor(x)) whole = false;
  const double d = x - mean;
  mean += d / static_cast<double>(values);
  squares += d * (x - mean);
  some.add(x, number);
}

void Channel::add(const data::Series& series, int channel, std::int64_t number, std::int64_t line) {
  const Values all(series, channel);
  for (std::size_t t = 0; t < all.size(); ++t) {
    add_value(all[t], number * 1000003 + static_cast<std::int64_t>(t));
  }
  const ChannelNumbers one = channel_numbers(series, channel);
  gaps.add(one.missing, number);
  if (one.present == 0) {
    empty_samples.add(line);
    return;
  }
  level.add(one.level, number);
  spread.add(one.spread, number);
  still.add(one.still, number);
  if (one.spread > 0) {
    roughness.add(one.roughness, number);
    skew.add(one.skew, number);
  }
  if (!(one.spread > 0) && one.present > 1) still_samples.add(line);
  if (one.spikes > 0) spiky_samples.add(line);
}

double Channel::deviation() const {
  return values > 0 ? std::sqrt(squares / static_cast<double>(values)) : 0;
}

}  // namespace refrain::inspect

#include "refrain/method/summaries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "refrain/base/threads.h"

namespace refrain::method {
namespace {

constexpr double kFarthest = 10;  // deviations; what lies beyond counts as this far
constexpr std::array<int, 6> kLags = {1, 2, 3, 5, 8, 13};

// SeriesMoments and extremes of x, around its mean.
struct SeriesMoments {
  double mean = 0, deviation = 0, skewness = 0, kurtosis = 0;

  explicit SeriesMoments(const std::vector<double>& x) {
    const auto n = static_cast<double>(x.size());
    for (const double v : x) mean += v / n;
    double second = 0, third = 0, fourth = 0;
    for (const double v : x) {
      const double d = v - mean;
      second += d * d / n;
      third += d * d * d / n;
      fourth += d * d * d * d / n;
    }
    deviation = std::sqrt(second);
    if (deviation > 1e-9 * (1 + std::abs(mean))) {
      skewness = third / (second * deviation);
      kurtosis = fourth / (second * second);
    }
  }
};

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto left = static_cast<std::size_t>(place);
  const std::size_t right = std::min(left + 1, sorted.size() - 1);
  return sorted[left] + (place - static_cast<double>(left)) * (sorted[right] - sorted[left]);
}

// Returns the slope of the least-squares line against the step number.
double slope(const std::vector<double>& x, double mean) {
  const double middle = static_cast<double>(x.size() - 1) / 2;
  double with = 0, of_time = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const double d = static_cast<double>(t) - middle;
    with += d * (x[t] - mean);
    of_time += d * d;
  }
  return of_time > 0 ? with / of_time : 0;
}

double autocorrelation(const std::vector<double>& x, const SeriesMoments& m, std::size_t lag) {
  const double variance = m.deviation * m.deviation * static_cast<double>(x.size());
  if (lag >= x.size() || !(variance > 0)) return 0;
  double sum = 0;
  for (std::size_t t = lag; t < x.size(); ++t) sum += (x[t] - m.mean) * (x[t - lag] - m.mean);
  return sum / variance;
}

// How often x passes the level, as a share of the steps.
double crossings(const std::vector<double>& x, double level) {
  double count = 0;
  for (std::size_t t = 1; t < x.size(); ++t) count += (x[t] > level) != (x[t - 1] > level) ? 1 : 0;
  return count / static_cast<double>(x.size());
}

void add_dynamics(const std::vector<double>& x, const SeriesMoments& m, std::vector<double>& out) {
  double change = 0, most = 0;
  for (std::size_t t = 1; t < x.size(); ++t) {
    const double step = std::abs(x[t] - x[t - 1]);
    change += step;
    most = std::max(most, step);
  }
  const double steps = static_cast<double>(x.size()) - 1;
  out.insert(out.end(), {slope(x, m.mean), steps > 0 ? change / steps : 0, most, crossings(x, 0),
                         crossings(x, m.mean)});
  for (const int lag : kLags) {
    out.push_back(autocorrelation(x, m, static_cast<std::size_t>(lag)));
  }
}

void add_summary(const float* values, int steps, std::vector<double>& out) {
  const std::vector<double> x(values, values + steps);
  const SeriesMoments m(x);
  std::vector<double> sorted = x;
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted.front(), high = sorted.back();
  out.insert(out.end(), {m.mean, m.deviation, low, high, high - low, quantile(sorted, 0.25),
                         quantile(sorted, 0.5), quantile(sorted, 0.75), m.skewness, m.kurtosis});
  const auto where = [&](double v) {
    return static_cast<double>(std::find(x.begin(), x.end(), v) - x.begin()) / steps;
  };
  out.insert(out.end(), {where(low), where(high)});
  add_dynamics(x, m, out);
}

}  // namespace

Summaries summaries(const std::vector<Channels>& series, int threads) {
  Summaries rows(series.size());
  base::parallel_for(static_cast<int>(series.size()), threads, [&](int i) {
    const auto& s = series[static_cast<std::size_t>(i)];
    auto& row = rows[static_cast<std::size_t>(i)];
    for (int c = 0; c < s.channels; ++c) add_summary(s[c], s.steps, row);
    row.push_back(std::log(static_cast<double>(s.steps)));
  });
  return rows;
}

Summaries summaries(const data::Subset& view, int threads) {
  return summaries(channels_of(view, threads), threads);
}

std::size_t summary_columns(int channels) { return 23 * static_cast<std::size_t>(channels) + 1; }

std::vector<int> every_row(const Summaries& rows) {
  std::vector<int> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void Standard::fit(const Summaries& rows, const std::vector<int>& places) {
  mean_.assign(rows.front().size(), 0);
  deviation_ = mean_;
  const auto n = static_cast<double>(places.size());
  for (std::size_t k = 0; k < mean_.size(); ++k) {
    for (const int i : places) mean_[k] += rows[static_cast<std::size_t>(i)][k] / n;
    for (const int i : places) {
      const double d = rows[static_cast<std::size_t>(i)][k] - mean_[k];
      deviation_[k] += d * d / n;
    }
    deviation_[k] = std::sqrt(deviation_[k]);
  }
}

void Standard::archive(Archive& file) {
  file.list("mean", mean_);
  file.list("deviation", deviation_);
  file.require(!mean_.empty() && mean_.size() == deviation_.size());
}

SparseRows Standard::apply(const Summaries& rows, const std::vector<int>& places) const {
  SparseRows out;
  out.columns = static_cast<int>(mean_.size());
  for (const int i : places) {
    for (std::size_t k = 0; k < mean_.size(); ++k) {
      if (deviation_[k] <= 1e-9 * (1 + std::abs(mean_[k]))) continue;  // constant: says nothing
      const double z = (rows[static_cast<std::size_t>(i)][k] - mean_[k]) / deviation_[k];
      out.column.push_back(static_cast<int>(k));
      out.value.push_back(std::clamp(z, -kFarthest, kFarthest));
    }
    out.begin.push_back(out.column.size());
  }
  return out;
}

}  // namespace refrain::method

#include "refrain/data/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

constexpr int kMostConditions = 8;         // that are found
constexpr int kMostGiven = 100;            // that an option may ask for
constexpr double kUnexplained = 1e-3;      // of the settings' variance
constexpr std::size_t kClustered = 20000;  // steps, evenly over all of them
constexpr int kMostRounds = 100;
constexpr double kMostScaled = 1e6;  // keeps products of outliers finite in float

using Point = std::vector<double>;

double distance(const Point& a, const Point& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isnan(a[i])) sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return sum;
}

std::size_t nearest(const Point& point, const std::vector<Point>& centres) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < centres.size(); ++k) {
    if (distance(point, centres[k]) < distance(point, centres[best])) best = k;
  }
  return best;
}

// The points' mean, then again and again the point that is farthest from all centres.
std::vector<Point> farthest_points(const std::vector<Point>& points, int k) {
  std::vector<Point> centres = {points.front()};
  std::vector<double> gap(points.size(), std::numeric_limits<double>::infinity());
  while (static_cast<int>(centres.size()) < k) {
    std::size_t far = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      gap[i] = std::min(gap[i], distance(points[i], centres.back()));
      if (gap[i] > gap[far]) far = i;
    }
    if (gap[far] <= 0) break;
    centres.push_back(points[far]);
  }
  return centres;
}

// Moves the centres until no point changes its own; returns the mean distance that is left.
double settle(const std::vector<Point>& points, std::vector<Point>& centres) {
  std::vector<std::size_t> of(points.size(), centres.size());
  bool moved = true;
  for (int round = 0; moved && round < kMostRounds; ++round) {
    moved = false;
    std::vector<Point> sums(centres.size(), Point(points.front().size(), 0));
    std::vector<double> counts(centres.size(), 0);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t k = nearest(points[i], centres);
      moved = moved || k != of[i];
      of[i] = k;
      counts[k] += 1;
      for (std::size_t d = 0; d < sums[k].size(); ++d) sums[k][d] += points[i][d];
    }
    for (std::size_t k = 0; k < centres.size(); ++k) {
      for (std::size_t d = 0; counts[k] > 0 && d < sums[k].size(); ++d) {
        centres[k][d] = sums[k][d] / counts[k];
      }
    }
  }
  double left = 0;
  for (std::size_t i = 0; i < points.size(); ++i) left += distance(points[i], centres[of[i]]);
  return left / static_cast<double>(points.size());
}

std::vector<Point> clusters(const std::vector<Point>& points, const std::string& wanted) {
  const bool found = wanted == "auto";
  const int most = found ? kMostConditions : std::stoi(wanted);
  std::vector<Point> one = farthest_points(points, 1);
  const double all = settle(points, one);
  if (all <= 0) return one;
  for (int k = found ? 2 : most; k <= most; ++k) {
    std::vector<Point> centres = farthest_points(points, k);
    const double left = settle(points, centres);
    if (!found || left < kUnexplained * all) return centres;
  }
  return one;
}

[[noreturn]] void refuse_conditions(const char* what) {
  throw Error(Code::kData, fmt::format("the operating conditions are damaged: {}", what),
              "fetch the model file again or train it again");
}

}  // namespace

void Conditions::check(const std::string& wanted) {
  if (wanted == "auto" || wanted == "none") return;
  int count = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [rest, fault] = std::from_chars(wanted.data(), end, count);
  if (fault == std::errc() && rest == end && count >= 1 && count <= kMostGiven) return;
  throw Error(Code::kUsage, fmt::format("--conditions: '{}' is no number of conditions", wanted),
              fmt::format("say auto, none or a number from 1 to {}", kMostGiven));
}

void Conditions::fit(const std::vector<std::span<const float>>& series, int channels,
                     const std::vector<int>& settings, const std::string& wanted) {
  check(wanted);
  settings_ = settings;
  const auto width = static_cast<std::size_t>(channels);
  std::size_t steps = 0;
  for (const auto& values : series) steps += values.size() / width;
  const std::size_t stride = std::max<std::size_t>(1, steps / kClustered);
  std::vector<Point> points;
  std::size_t at = 0;
  for (const auto& values : series) {
    for (std::size_t t = 0; t * width < values.size(); ++t, ++at) {
      if (at % stride != 0) continue;
      Point point;
      for (const int s : settings) {
        point.push_back(static_cast<double>(values[t * width + static_cast<std::size_t>(s)]));
      }
      const bool whole =
          std::all_of(point.begin(), point.end(), [](double x) { return std::isfinite(x); });
      if (whole) points.push_back(std::move(point));
    }
  }
  unit_.assign(settings.size(), 1);
  centre_.assign(1, Point(settings.size(), 0));
  if (!points.empty()) {
    for (std::size_t d = 0; d < settings.size(); ++d) {
      double mean = 0, squares = 0, n = 0;
      for (const auto& p : points) {
        const double step = p[d] - mean;
        mean += step / ++n;
        squares += step * (p[d] - mean);
      }
      const double deviation = std::sqrt(squares / n);
      if (deviation > 1e-9 * std::fabs(mean)) unit_[d] = deviation;
      for (auto& p : points) p[d] /= unit_[d];
    }
    centre_ = clusters(points, wanted);
  }
  fit_moments(series, width);
}

// Sums in double about the first value of each, so that large levels cost no digits.
void Conditions::fit_moments(const std::vector<std::span<const float>>& series,
                             std::size_t channels) {
  struct Sums {
    double first = 0, sum = 0, squares = 0, count = 0;
    bool changes = false;
  };
  std::vector<std::vector<Sums>> sums(centre_.size(), std::vector<Sums>(channels));
  for (const auto& values : series) {
    for (std::size_t from = 0; from < values.size(); from += channels) {
      auto& own = sums[static_cast<std::size_t>(of(values.data() + from))];
      for (std::size_t c = 0; c < channels; ++c) {
        const auto value = static_cast<double>(values[from + c]);
        if (!std::isfinite(value)) continue;
        Sums& s = own[c];
        if (s.count == 0) s.first = value;
        const double gap = value - s.first;
        s.changes = s.changes || gap != 0;
        s.sum += gap;
        s.squares += gap * gap;
        s.count += 1;
      }
    }
  }
  moments_.assign(centre_.size(), std::vector<Moment>(channels));
  for (std::size_t k = 0; k < sums.size(); ++k) {
    for (std::size_t c = 0; c < channels; ++c) {
      const Sums& s = sums[k][c];
      if (s.count == 0) continue;
      const double mean = s.sum / s.count;
      moments_[k][c].mean = s.first + mean;
      if (s.changes)
        moments_[k][c].std = std::sqrt(std::max(0.0, s.squares / s.count - mean * mean));
    }
    for (const int c : settings_) moments_[k][static_cast<std::size_t>(c)].std = 0;
  }
}

template <class T>
int Conditions::of(const T* values) const {
  if (centre_.size() < 2) return 0;
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < centre_.size(); ++k) {
    double gap = 0;
    for (std::size_t d = 0; d < settings_.size(); ++d) {
      const auto value = static_cast<double>(values[settings_[d]]);
      const double step = value / unit_[d] - centre_[k][d];
      if (std::isfinite(value)) gap += step * step;
    }
    if (gap < least) best = k;
    least = std::min(least, gap);
  }
  return static_cast<int>(best);
}
template int Conditions::of(const float* values) const;
template int Conditions::of(const double* values) const;

double Conditions::scaled(int condition, int channel, double value) const {
  const Moment& m =
      moments_[static_cast<std::size_t>(condition)][static_cast<std::size_t>(channel)];
  if (m.std <= 0) return std::isnan(value) && !is_setting(channel) ? value : 0;
  return std::clamp((value - m.mean) / m.std, -kMostScaled, kMostScaled);
}

void Conditions::apply(std::span<real> values) const {
  if (count() == 0) return;
  const std::size_t channels = moments_.front().size();
  for (std::size_t from = 0; from < values.size(); from += channels) {
    const int condition = of(values.data() + from);
    for (std::size_t c = 0; c < channels; ++c) {
      real& value = values[from + c];
      value = static_cast<real>(scaled(condition, static_cast<int>(c), static_cast<double>(value)));
    }
  }
}

Conditions Conditions::of_samples(const Subset& training, const std::string& wanted) {
  Conditions out;
  check(wanted);
  const StreamInfo& info = training.dataset.streams.front();
  const auto& known = training.dataset.settings;
  std::vector<int> settings;
  for (std::size_t c = 0; c < info.channel_names.size(); ++c) {
    const bool is_one = std::find(known.begin(), known.end(), info.channel_names[c]) != known.end();
    if (is_one) settings.push_back(static_cast<int>(c));
  }
  if (settings.empty() || wanted == "none") return out;
  std::vector<std::span<const float>> series;
  for (int i = 0; i < training.size(); ++i) {
    series.emplace_back(std::get<Series>(training[i].streams.front()).values);
  }
  out.fit(series, info.channels, settings, wanted);
  return out;
}

Dataset Conditions::applied_to(const Subset& samples) const {
  Dataset out;
  out.path = samples.dataset.path;
  out.format = samples.dataset.format;
  out.has_labels = samples.dataset.has_labels;
  out.measured = samples.dataset.measured;
  out.lives = samples.dataset.lives;
  out.streams = samples.dataset.streams;
  for (int i = 0; i < samples.size(); ++i) {
    Sample sample = samples[i];
    auto& values = std::get<Series>(sample.streams.front()).values;
    std::vector<real> scaled(values.begin(), values.end());
    apply(scaled);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<float>(scaled[k]);
    out.samples.push_back(std::move(sample));
  }
  return out;
}

bool Conditions::is_setting(int channel) const {
  return std::find(settings_.begin(), settings_.end(), channel) != settings_.end();
}

base::Json Conditions::to_json() const {
  base::Json mean = base::Json::array(), std = base::Json::array();
  for (const auto& list : moments_) {
    base::Json means = base::Json::array(), stds = base::Json::array();
    for (const auto& m : list) means.push_back(m.mean), stds.push_back(m.std);
    mean.push_back(std::move(means));
    std.push_back(std::move(stds));
  }
  return {
      {"settings", settings_}, {"unit", unit_}, {"centre", centre_}, {"mean", mean}, {"std", std}};
}

Conditions Conditions::from_json(const base::Json& json, int channels) {
  Conditions out;
  std::vector<std::vector<double>> mean, std;
  try {
    out.settings_ = json.at("settings").get<std::vector<int>>();
    out.unit_ = json.at("unit").get<std::vector<double>>();
    out.centre_ = json.at("centre").get<std::vector<std::vector<double>>>();
    mean = json.at("mean").get<std::vector<std::vector<double>>>();
    std = json.at("std").get<std::vector<std::vector<double>>>();
  } catch (const base::Json::exception&) {
    refuse_conditions("a member is missing or of another form");
  }
  const std::size_t settings = out.settings_.size(), count = out.centre_.size();
  bool right = settings > 0 && count > 0 && out.unit_.size() == settings && mean.size() == count &&
               std.size() == count;
  for (const int s : out.settings_) right = right && s >= 0 && s < channels;
  for (const double unit : out.unit_) right = right && unit > 0 && std::isfinite(unit);
  const auto width = static_cast<std::size_t>(channels);
  for (std::size_t k = 0; right && k < count; ++k) {
    right = out.centre_[k].size() == settings && mean[k].size() == width && std[k].size() == width;
    auto& list = out.moments_.emplace_back();
    for (std::size_t c = 0; right && c < width; ++c) {
      right = std::isfinite(mean[k][c]) && std::isfinite(std[k][c]) && std[k][c] >= 0;
      list.push_back({mean[k][c], std[k][c]});
    }
  }
  if (!right) refuse_conditions("sizes or values do not fit");
  return out;
}

}  // namespace refrain::data

#include "refrain/data/shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "refrain/base/at.h"
#include "refrain/base/rng.h"
#include "refrain/data/front_end.h"

namespace refrain::data {
namespace {

constexpr std::size_t kProjections = 4;
constexpr int kBlocks = 16;           // a projection weighs so many blocks by +1 or -1
constexpr double kStillness = 1e-10;  // a variance below so much of the squared mean is rounding
constexpr float kQuietest = -35;      // dB below the loudest band of a recording
constexpr std::size_t kPairs = 2000;  // that tell the usual difference

struct Moments {
  double mean = 0, variance = 0, squares = 0;
};

// Returns the moments of every `stride`-th value, without missing ones.
Moments moments_of(const float* values, std::size_t count, std::size_t stride) {
  Moments out;
  double n = 0;
  for (std::size_t t = 0; t < count; ++t) {
    const double x = values[t * stride];
    if (!std::isfinite(x)) continue;
    n += 1;
    const double d = x - out.mean;
    out.mean += d / n;
    out.variance += d * (x - out.mean);
    out.squares += x * x;
  }
  out.variance /= std::max(1.0, n);
  out.squares /= std::max(1.0, n);
  return out;
}

// Appends a channel; false where it stands still, which gives zeros.
bool append_channel(const Series& series, std::size_t channel, std::vector<float>& out) {
  const auto steps = static_cast<std::size_t>(series.steps);
  const auto stride = static_cast<std::size_t>(series.channels);
  const Moments m = moments_of(series.values.data() + channel, steps, stride);
  const bool moves = m.variance > kStillness * m.squares && m.variance > 1e-30;
  const double factor = moves ? 1 / std::sqrt(m.variance) : 0;
  for (std::size_t t = 0; t < steps; ++t) {
    const double x = series.values[t * stride + channel];
    out.push_back(std::isfinite(x) ? static_cast<float>((x - m.mean) * factor) : 0);
  }
  return moves;
}

void project(Shape& shape) {
  const std::size_t n = shape.values.size();
  const double scale = 1 / std::sqrt(static_cast<double>(n));
  for (std::size_t p = 0; p < kProjections; ++p) {
    base::Rng rng = base::Rng(1).fork(p);
    double sum = 0, sign = 1;
    std::size_t block = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < n; ++i) {
      if (i * kBlocks / n != block) sign = rng.uniform() < 0.5 ? -1 : 1;
      block = i * kBlocks / n;
      sum += sign * static_cast<double>(shape.values[i]);
    }
    shape.projections[p] = static_cast<float>(sum * scale);
  }
}

// Numbers of the shapes of each size, by their first projection.
std::map<std::size_t, std::vector<int>> by_size(const std::vector<Shape>& shapes) {
  std::map<std::size_t, std::vector<int>> out;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!shapes[i].empty()) out[shapes[i].values.size()].push_back(static_cast<int>(i));
  }
  for (auto& [size, list] : out) {
    std::stable_sort(list.begin(), list.end(), [&](int a, int b) {
      return shapes[base::at(a)].projections[0] < shapes[base::at(b)].projections[0];
    });
  }
  return out;
}

bool may_be_near(const Shape& a, const Shape& b, double reach) {
  for (std::size_t p = 0; p < kProjections; ++p) {
    if (std::abs(static_cast<double>(a.projections[p]) - static_cast<double>(b.projections[p])) >
        reach) {
      return false;
    }
  }
  return true;
}

}  // namespace

Shape shape_of(const Sample& sample) {
  Shape out;
  bool moves = false;
  for (const auto& value : sample.streams) {
    const auto* series = std::get_if<Series>(&value);
    if (series == nullptr) continue;
    if (out.steps == 0) out.steps = series->steps, out.channels = series->channels;
    for (std::size_t c = 0; c < static_cast<std::size_t>(series->channels); ++c) {
      if (append_channel(*series, c, out.values)) moves = true;
    }
  }
  if (!moves || out.steps < kLeastSteps) return {};
  project(out);
  return out;
}

Shape shape_of_sound(const Sound& sound) {
  SoundSpec spec;
  spec.sample_rate = 8000;
  spec.sound_features = "log_mel";
  spec.mel_bands = 8;
  spec.frame_ms = 32;
  spec.hop_ms = 16;
  spec.deltas = 0;
  static const FrontEnd kHear(spec);
  Sample heard;
  Series series = kHear(sound);
  float loudest = -200;
  for (const float x : series.values) loudest = std::max(loudest, x);
  for (float& x : series.values) x = std::max(x, loudest + kQuietest);
  heard.streams.emplace_back(std::move(series));
  return shape_of(heard);
}

double squared_difference(const Shape& a, const Shape& b, double most) {
  const double end = most * static_cast<double>(a.values.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size() && sum <= end; ++i) {
    const double d = static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]);
    sum += d * d;
  }
  return sum / static_cast<double>(a.values.size());
}

double usual_difference(const std::vector<Shape>& shapes) {
  std::vector<double> found;
  base::Rng rng(2);
  for (std::size_t tries = 0; tries < 2 * kPairs && shapes.size() > 1; ++tries) {
    const Shape& a = shapes[rng.below(shapes.size())];
    const Shape& b = shapes[rng.below(shapes.size())];
    if (&a == &b || a.empty() || a.values.size() != b.values.size()) continue;
    found.push_back(squared_difference(a, b, 1e9));
  }
  if (found.empty()) return 1;
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::nth_element(found.begin(), middle, found.end());
  return *middle;
}

std::vector<std::pair<int, int>> equal_shapes(const std::vector<Shape>& known,
                                              const std::vector<Shape>& judged, double most) {
  const auto lists = by_size(known);
  std::vector<std::pair<int, int>> out;
  for (std::size_t j = 0; j < judged.size(); ++j) {
    const Shape& b = judged[j];
    const auto list = lists.find(b.values.size());
    if (b.empty() || list == lists.end()) continue;
    const double reach = std::sqrt(most * static_cast<double>(b.values.size())) + 1e-5;
    auto from =
        std::lower_bound(list->second.begin(), list->second.end(),
                         static_cast<double>(b.projections[0]) - reach, [&](int i, double value) {
                           return static_cast<double>(known[base::at(i)].projections[0]) < value;
                         });
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    for (; from != list->second.end(); ++from) {
      const Shape& a = known[base::at(*from)];
      if (static_cast<double>(a.projections[0]) > static_cast<double>(b.projections[0]) + reach) {
        break;
      }
      if (!may_be_near(a, b, reach) || squared_difference(a, b, most) > most) continue;
      out.emplace_back(*from, static_cast<int>(j));
    }
    std::sort(out.begin() + begin, out.end());
  }
  return out;
}

}  // namespace refrain::data

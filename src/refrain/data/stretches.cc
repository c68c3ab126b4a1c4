// Stretches of series that are equal at different places: found by what surrounds the highest
// points, which a cut, a shift and another scale leave as they are.
#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/base/at.h"
#include "refrain/base/rng.h"
#include "refrain/data/shapes.h"

namespace refrain::data {
namespace {

constexpr int kReach = 8;  // steps on either side of an anchor
constexpr int kWindow = 2 * kReach + 1;
constexpr int kShortest = 16;                // steps of a stretch
constexpr std::size_t kAnchors = 12;         // of a series at most
constexpr std::size_t kMostAnchors = 60000;  // of all
constexpr double kNearKey = 0.04, kNearWindow = 2e-3;

struct Anchor {
  int shape = 0, step = 0;
  float key = 0;
  std::array<float, kWindow> around = {};
};

// Values to mean 0 and variance 1, in place; false where they stand still.
bool to_unit(float* values, std::size_t count) {
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) mean += static_cast<double>(values[i]);
  mean /= static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double d = static_cast<double>(values[i]) - mean;
    squares += d * d;
  }
  const double deviation = std::sqrt(squares / static_cast<double>(count));
  if (deviation < 1e-3) return false;
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>((static_cast<double>(values[i]) - mean) / deviation);
  }
  return true;
}

const float* channel_of(const Shape& shape, int channel) {
  return shape.values.data() + static_cast<std::ptrdiff_t>(channel) * shape.steps;
}

// The first channel that moves.
const float* moving_channel(const Shape& shape) {
  for (int c = 0; c < shape.channels; ++c) {
    const float* values = channel_of(shape, c);
    if (std::any_of(values, values + shape.steps, [](float x) { return x != 0; })) return values;
  }
  return channel_of(shape, 0);
}

float key_of(const std::array<float, kWindow>& around) {
  base::Rng rng(3);
  double sum = 0;
  for (const float x : around) sum += static_cast<double>(x) * (rng.uniform() < 0.5 ? -1 : 1);
  return static_cast<float>(sum / std::sqrt(static_cast<double>(kWindow)));
}

bool is_highest(const float* values, int at) {
  for (int t = at - kReach; t <= at + kReach; ++t) {
    if (t != at && values[t] >= values[at]) return false;
  }
  return true;
}

void add_anchors(const Shape& shape, int number, std::size_t most, std::vector<Anchor>& out) {
  if (shape.empty() || shape.steps < kWindow) return;
  const float* values = moving_channel(shape);
  std::vector<int> places;
  for (int t = kReach; t + kReach < shape.steps; ++t) {
    if (is_highest(values, t)) places.push_back(t);
  }
  std::stable_sort(places.begin(), places.end(),
                   [&](int a, int b) { return values[a] > values[b]; });
  if (places.size() > most) places.resize(most);
  for (const int t : places) {
    Anchor anchor{number, t};
    std::copy_n(values + t - kReach, kWindow, anchor.around.begin());
    if (!to_unit(anchor.around.data(), kWindow)) continue;
    anchor.key = key_of(anchor.around);
    out.push_back(anchor);
  }
}

std::vector<Anchor> anchors_of(const std::vector<Shape>& shapes) {
  const std::size_t most =
      std::clamp(kMostAnchors / std::max<std::size_t>(1, shapes.size()), std::size_t{1}, kAnchors);
  std::vector<Anchor> out;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    add_anchors(shapes[i], static_cast<int>(i), most, out);
  }
  return out;
}

bool look_alike(const Anchor& a, const Anchor& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kWindow && sum <= kNearWindow * kWindow; ++i) {
    const double d = static_cast<double>(a.around[i]) - static_cast<double>(b.around[i]);
    sum += d * d;
  }
  return sum <= kNearWindow * kWindow;
}

// Few values, as of a switch, are equal at many places by chance.
bool has_many_values(const std::vector<float>& values) {
  const std::set<float> different(values.begin(), values.end());
  return different.size() >= std::max<std::size_t>(8, values.size() / 4);
}

// Mean squared difference of one channel's stretches; -1 where one of them stands still or has few
// values.
double difference_of(const float* a, const float* b, int steps) {
  std::vector<float> x(a, a + steps), y(b, b + steps);
  if (!has_many_values(y) || !to_unit(x.data(), x.size()) || !to_unit(y.data(), y.size())) {
    return -1;
  }
  double sum = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const double d = static_cast<double>(x[t]) - static_cast<double>(y[t]);
    sum += d * d;
  }
  return sum / steps;
}

// `shift`: the step of `a` that is the first one of `b`.
bool same_stretch(const Shape& a, const Shape& b, int shift, double most) {
  if (a.channels != b.channels || (shift == 0 && a.steps == b.steps)) return false;
  const int begin = std::max(0, -shift), end = std::min(b.steps, a.steps - shift);
  const int steps = end - begin;
  if (steps < std::max(kShortest, std::min(a.steps, b.steps) / 2)) return false;
  int moving = 0;
  for (int c = 0; c < b.channels; ++c) {
    const double found =
        difference_of(channel_of(a, c) + begin + shift, channel_of(b, c) + begin, steps);
    if (found > most) return false;
    if (found >= 0) ++moving;
  }
  return moving > 0;
}

bool one_stream(const Shape& shape) {
  return shape.values.size() ==
         static_cast<std::size_t>(shape.steps) * static_cast<std::size_t>(shape.channels);
}

}  // namespace

std::vector<std::pair<int, int>> equal_stretches(const std::vector<Shape>& known,
                                                 const std::vector<Shape>& judged, double most) {
  auto anchors = anchors_of(known);
  const auto by_key = [](const Anchor& a, const Anchor& b) { return a.key < b.key; };
  std::stable_sort(anchors.begin(), anchors.end(), by_key);
  std::set<std::pair<int, int>> found;  // judged, known
  for (const Anchor& b : anchors_of(judged)) {
    const Shape& shape = judged[base::at(b.shape)];
    Anchor least = b;
    least.key = b.key - static_cast<float>(kNearKey);
    auto a = std::lower_bound(anchors.begin(), anchors.end(), least, by_key);
    for (; a != anchors.end() && a->key <= b.key + static_cast<float>(kNearKey); ++a) {
      const Shape& other = known[base::at(a->shape)];
      if (!look_alike(*a, b) || !one_stream(shape) || !one_stream(other)) continue;
      if (&shape == &other) continue;
      if (same_stretch(other, shape, a->step - b.step, most)) found.emplace(b.shape, a->shape);
    }
  }
  std::vector<std::pair<int, int>> out;
  for (const auto& [j, k] : found) out.emplace_back(k, j);
  return out;
}

}  // namespace refrain::data

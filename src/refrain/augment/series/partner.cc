#include "refrain/augment/series/partner.h"
#include "refrain/base/at.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace refrain::augment {

using data::Sample;
using data::Series;

namespace {

constexpr int kMostAligned = 512;

using base::at;

// Costs of aligning a [n] with b [m] and the step that led to each cell of the band.
class Warping {
 public:
  Warping(const Series& a, const Series& b, const std::vector<double>& deviations, double band)
      : a_(a), b_(b), width_(at(band_width(band))) {
    for (int c = 0; c < a.channels; ++c) {
      const double d = at(c) < deviations.size() ? deviations[at(c)] : 1;
      weight_.push_back(static_cast<float>(d > 0 ? 1 / (d * d) : 1));
    }
    from_.assign(at(b.steps) * width_, 0);
  }

  // For each step of b the mean place in a.
  std::vector<float> places() {
    fill();
    std::vector<float> sum(at(b_.steps)), count(at(b_.steps));
    int i = a_.steps - 1, j = b_.steps - 1;
    while (true) {
      sum[at(j)] += static_cast<float>(i);
      ++count[at(j)];
      if (i == 0 && j == 0) break;
      const char from = i == 0 ? 'b' : j == 0 ? 'a' : from_[at(j) * width_ + at(i - begin(j))];
      if (from != 'b') --i;
      if (from != 'a') --j;
      i = std::clamp(i, begin(j), begin(j) + static_cast<int>(width_) - 1);
    }
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= count[k];
    return sum;
  }

 private:
  // Wide enough that the bands of neighbouring steps meet.
  int band_width(double band) const {
    const double slope = static_cast<double>(a_.steps) / b_.steps;
    const double half = std::max(band * a_.steps, slope + 1);
    return std::min(a_.steps, 2 * static_cast<int>(std::ceil(half)) + 1);
  }

  // The first step of a in the band at step j of b.
  int begin(int j) const {
    const int width = static_cast<int>(width_);
    const double centre =
        b_.steps > 1 ? static_cast<double>(j) * (a_.steps - 1) / (b_.steps - 1) : 0;
    return std::clamp(static_cast<int>(centre) - width / 2, 0, a_.steps - width);
  }

  float cost(int i, int j) const {
    float sum = 0;
    const float* x = a_.values.data() + at(i) * at(a_.channels);
    const float* y = b_.values.data() + at(j) * at(b_.channels);
    for (int c = 0; c < a_.channels; ++c) {
      const float d = x[c] - y[c];
      if (d * 0 == 0) sum += weight_[at(c)] * d * d;  // neither missing nor infinite
    }
    return sum;
  }

  void fill() {
    constexpr float kFar = std::numeric_limits<float>::max() / 4;
    std::vector<float> before(width_, kFar), now(width_, kFar);
    for (int j = 0; j < b_.steps; ++j) {
      const int first = begin(j), shift = j == 0 ? 0 : first - begin(j - 1);
      for (int k = 0; k < static_cast<int>(width_); ++k) {
        const auto old = [&](int place) {
          return j > 0 && place >= 0 && at(place) < width_ ? before[at(place)] : kFar;
        };
        const float both = old(k + shift - 1), b = old(k + shift);
        const float a = k > 0 ? now[at(k - 1)] : kFar;
        char from = both <= a && both <= b ? 'x' : a <= b ? 'a' : 'b';
        float least = std::min({both, a, b});
        if (j == 0 && first + k == 0) least = 0;
        from_[at(j) * width_ + at(k)] = from;
        now[at(k)] = std::min(least + cost(first + k, j), kFar);
      }
      std::swap(before, now);
    }
  }

  const Series& a_;
  const Series& b_;
  std::size_t width_;
  std::vector<float> weight_;
  std::vector<char> from_;  // [m, width]: 'a', 'b' or both were one step earlier
};

Series shortened(const Series& series) {
  Series out = series;
  Sample nobody;
  take_at(even_places(0, series.steps - 1, kMostAligned), out, nobody);
  return out;
}

}  // namespace

int draw_partner(const Sample& sample, Draw& draw, bool same_label) {
  if (same_label) {
    const auto& places = draw.pool.of_label(sample.label);
    const auto self = std::find(places.begin(), places.end(), draw.self);
    const std::size_t others = places.size() - (self != places.end() ? 1 : 0);
    if (others == 0) return -1;
    const std::size_t drawn = draw.rng.below(others);
    const bool behind =
        self != places.end() && drawn >= static_cast<std::size_t>(self - places.begin());
    return places[drawn + (behind ? 1 : 0)];
  }
  const int others = draw.pool.size() - (draw.self >= 0 ? 1 : 0);
  if (others <= 0) return -1;
  const int drawn = static_cast<int>(draw.rng.below(static_cast<std::uint64_t>(others)));
  return drawn + (draw.self >= 0 && drawn >= draw.self ? 1 : 0);
}

const Series* fitting_series(const Series& series, const Sample& sample, const Sample& partner) {
  const std::size_t stream = stream_of(series, sample);
  if (stream >= partner.streams.size()) return nullptr;
  const auto* other = std::get_if<Series>(&partner.streams[stream]);
  return other != nullptr && other->steps > 0 && other->channels == series.channels ? other
                                                                                    : nullptr;
}

Series partner_series(const Series& series, const Sample& sample, const Sample& partner,
                      int steps) {
  const Series* other = fitting_series(series, sample, partner);
  if (other == nullptr) return {};
  Series out = *other;
  Sample nobody;
  if (out.steps != steps) take_at(even_places(0, out.steps - 1, steps), out, nobody);
  return out;
}

std::vector<float> aligned_places(const Series& series, const Series& other,
                                  const std::vector<double>& deviations, double band) {
  if (series.steps <= kMostAligned && other.steps <= kMostAligned) {
    return Warping(series, other, deviations, band).places();
  }
  const Series a = shortened(series), b = shortened(other);
  Series places{kMostAligned, 1, Warping(a, b, deviations, band).places()};
  const float scale = static_cast<float>(series.steps - 1) / (kMostAligned - 1);
  Sample nobody;
  take_at(even_places(0, kMostAligned - 1, other.steps), places, nobody);
  for (float& place : places.values)
    place = std::min(place * scale, static_cast<float>(series.steps - 1));
  return std::move(places.values);
}

void share_label(const Sample& partner, double share, Sample& sample) {
  if (sample.shares.empty()) sample.shares = {{sample.label, 1.0}};
  for (auto& [label, part] : sample.shares) part *= 1 - share;
  for (auto& [label, part] : sample.shares) {
    if (label != partner.label) continue;
    part += share;
    return;
  }
  sample.shares.emplace_back(partner.label, share);
}

}  // namespace refrain::augment

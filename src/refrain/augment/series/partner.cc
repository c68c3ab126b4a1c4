#include "refrain/augment/series/partner.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/kernels/alignment.h"

namespace refrain::augment {

using data::Sample;
using data::Series;

namespace {

constexpr int kMostAligned = 512;

using base::at;

// One series for the kernel: channel after channel, in deviations.
std::vector<float> channel_major(const Series& series, const std::vector<double>& deviations,
                                 bool from_the_end) {
  const std::size_t n = at(series.steps), C = at(series.channels);
  std::vector<float> out(n * C + 16);
  for (std::size_t c = 0; c < C; ++c) {
    const double d = c < deviations.size() ? deviations[c] : 1;
    const auto scale = static_cast<float>(d > 0 ? 1 / d : 1);
    for (std::size_t t = 0; t < n; ++t) {
      out[c * n + (from_the_end ? n - 1 - t : t)] = scale * series.values[t * C + c];
    }
  }
  return out;
}

// The cells of [n,m] that count, by antidiagonals i + j.
struct Band {
  int n = 0, m = 0, width = 0;
  std::vector<int> begin, end;   // [n + m - 1]
  std::vector<std::size_t> row;  // [n + m] where the cells of each begin

  Band() = default;
  Band(int rows, int columns, int wide) : n(rows), m(columns), width(wide) {
    std::vector<int> firsts(at(m));
    for (int j = 0; j < m; ++j) firsts[at(j)] = first(j);
    const int diagonals = n + m - 1;
    begin.resize(at(diagonals));
    end.resize(at(diagonals));
    row.resize(at(diagonals + 1));
    for (int s = 0, low = 0, high = 0; s < diagonals; ++s) {
      while (s - low >= m || low < firsts[at(s - low)]) ++low;
      high = std::max(high, low + 1);
      while (high < n && high <= s && high < firsts[at(s - high)] + width) ++high;
      begin[at(s)] = low;
      end[at(s)] = high;
      row[at(s + 1)] = row[at(s)] + at(high - low);
    }
  }

 private:
  // The first i in the band at j.
  int first(int j) const {
    const int centre = m > 1 ? j * (n - 1) / (m - 1) : 0;  // both are 512 at most
    return std::clamp(centre - width / 2, 0, n - width);
  }
};

// About the diagonal, so wide that the bands of neighbouring steps meet. The last one is kept: most
// series of a set have one length.
const Band& band_about(int n, int m, double share) {
  const double slope = static_cast<double>(n) / m;
  const double half = std::max(share * n, slope + 1);
  const int width = std::min(n, 2 * static_cast<int>(std::ceil(half)) + 1);
  static thread_local Band kept;
  if (kept.n != n || kept.m != m || kept.width != width) kept = Band(n, m, width);
  return kept;
}

// The alignment of a [n] with b [m].
class Warping {
 public:
  Warping(const Series& a, const Series& b, const std::vector<double>& deviations, double band)
      : band_(band_about(a.steps, b.steps, band)) {
    const auto x = channel_major(a, deviations, false), y = channel_major(b, deviations, true);
    std::vector<float> scratch(kernels::alignment_scratch(band_.n));
    from_.resize(band_.row.back() + 16);
    kernels::align({x.data(), y.data(), band_.n, band_.m, a.channels, band_.begin.data(),
                    band_.end.data(), scratch.data(), from_.data()});
  }

  // For each step of b the mean place in a.
  std::vector<float> places() const {
    std::vector<float> sum(at(band_.m)), count(at(band_.m));
    int i = band_.n - 1, j = band_.m - 1;
    while (true) {
      sum[at(j)] += static_cast<float>(i);
      ++count[at(j)];
      const int s = i + j;
      if (s == 0) break;
      const int from = i == 0   ? kernels::kFromB
                       : j == 0 ? kernels::kFromA
                                : from_[band_.row[at(s)] + at(i - band_.begin[at(s)])];
      const int before = s - (from == kernels::kFromBoth ? 2 : 1);
      i -= from == kernels::kFromB ? 0 : 1;
      // Sums too large to compare may point out of the band.
      i = std::clamp(i, band_.begin[at(before)], band_.end[at(before)] - 1);
      j = before - i;
    }
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= std::max(count[k], 1.0F);
    return sum;
  }

 private:
  const Band& band_;
  std::vector<std::int32_t> from_;
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

const Series* partner_at_length(const Series& series, const Sample& sample, const Sample& partner,
                                int steps, Series& stretched) {
  const Series* other = fitting_series(series, sample, partner);
  if (other == nullptr || other->steps == steps) return other;
  stretched = *other;
  Sample nobody;
  take_at(even_places(0, stretched.steps - 1, steps), stretched, nobody);
  return &stretched;
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

#include "refrain/data/mixup.h"
#include "refrain/base/at.h"

#include <algorithm>
#include <cmath>

namespace refrain::data {
namespace {

// The logarithm of a number of the gamma distribution of this shape: Marsaglia and Tsang (2000) for
// shape + 1, taken back by a power of a uniform number. A logarithm does not vanish for small
// shapes.
double log_gamma(double shape, base::Rng& rng) {
  const double d = shape + 1 - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  const double back = std::log(1 - rng.uniform()) / shape;
  while (true) {
    const double x = rng.normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - rng.uniform()) < x * x / 2 + d * (1 - v + std::log(v))) {
      return std::log(d * v) + back;
    }
  }
}

using base::at;

}  // namespace

double draw_beta(double alpha, base::Rng& rng) {
  const double mine = log_gamma(alpha, rng), other = log_gamma(alpha, rng);
  return 1 / (1 + std::exp(other - mine));
}

void Pairs::draw(const std::vector<EncodedSample>& samples, const int* chosen, int count,
                 double alpha, const base::Rng& rng) {
  const base::Rng purpose = rng.fork("mixup");
  circle_.clear();
  partner_.resize(at(count));
  own_.resize(at(count));
  for (int i = 0; i < count; ++i) {
    const auto key = static_cast<std::uint64_t>(samples[at(chosen[i])].index);
    base::Rng mine = purpose.fork(key);
    circle_.push_back({mine.next(), key, i});
    own_[at(i)] = static_cast<real>(draw_beta(alpha, mine));
  }
  std::sort(circle_.begin(), circle_.end(), [](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.key < b.key;
  });
  for (int i = 0; i < count; ++i) {
    partner_[at(circle_[at(i)].place)] = circle_[at((i + 1) % count)].place;
  }
}

void mix_in(const Pairs& pairs, Batch& batch) {
  batch.partner = pairs.partner();
  batch.own = pairs.own();
  for (auto& stream : batch.streams) {
    const auto& steps = stream.table.steps();
    auto& lengths = batch.lengths;
    lengths.resize(at(batch.B));
    for (int b = 0; b < batch.B; ++b) lengths[at(steps.position[b])] = steps.length[b];
    batch.mixed_lengths.clear();
    for (int b = 0; b < batch.B; ++b) {
      batch.mixed_lengths.push_back(std::max(lengths[at(b)], lengths[at(batch.partner[at(b)])]));
    }
    stream.mixed.assign(batch.mixed_lengths);
  }
}

}  // namespace refrain::data

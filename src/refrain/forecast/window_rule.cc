#include "refrain/forecast/window_rule.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/train/gradient.h"

namespace refrain::forecast {
namespace {

using base::at;

// A window whose own spread is far from what errors of its series are measured by neither rules the
// batch nor is lost in it.
constexpr double kMostWeight = 10, kSmallestWeight = 0.1;

}  // namespace

WindowRule::WindowRule(Drawing drawing) : drawing_(std::move(drawing)) {
  double sum = 0;
  for (std::size_t s = 0; s < drawing_.first.size(); ++s) {
    // A series of many windows is drawn more often than one of few, but not as often as its share.
    const int windows = std::max(0, drawing_.end[s] - drawing_.first[s]);
    sum += std::sqrt(static_cast<double>(windows));
    mass_.push_back(sum);
  }
  if (sum <= 0) throw Error(Code::kInternal, "there is no window to train on");
  const int S = train::shard_count(drawing_.batch_size);
  for (int s = 0; s < S; ++s) {
    auto shard = std::make_unique<Shard>();
    const int size = drawing_.batch_size * (s + 1) / S - drawing_.batch_size * s / S;
    shard->origins.resize(at(size));
    shard->gradient.resize(drawing_.network->params().count());
    shards_.push_back(std::move(shard));
  }
}

Origin WindowRule::draw(base::Rng& rng) const {
  const double at_mass = rng.uniform() * mass_.back();
  const auto found = std::upper_bound(mass_.begin(), mass_.end(), at_mass);
  auto series = static_cast<std::size_t>(found - mass_.begin());
  series = std::min(series, mass_.size() - 1);
  while (drawing_.end[series] <= drawing_.first[series]) --series;  // the sum's last digit
  const auto count = static_cast<std::uint64_t>(drawing_.end[series] - drawing_.first[series]);
  return {static_cast<int>(series), drawing_.first[series] + static_cast<int>(rng.below(count))};
}

void WindowRule::take(std::span<const int> batch, const base::Rng&) {
  base::Rng rng =
      base::Rng(drawing_.seed).fork("windows").fork(static_cast<std::uint64_t>(batch.front()));
  for (auto& shard : shards_) {
    for (auto& origin : shard->origins) origin = draw(rng);
  }
  const auto work = [&](int s) { weigh(*shards_[at(s)]); };
  base::parallel_for(static_cast<int>(shards_.size()), drawing_.threads, std::cref(work));
  total_weight_ = 0;
  for (const auto& shard : shards_) {
    for (const real weight : shard->batch.weights) total_weight_ += static_cast<double>(weight);
  }
}

// Fills the shard's batch; a window weighs as an error of one of its units does.
void WindowRule::weigh(Shard& shard) const {
  fill(*drawing_.windows, drawing_.network->form(), shard.origins, &drawing_.end, shard.batch);
  auto& weights = shard.batch.weights;
  weights.clear();
  for (std::size_t b = 0; b < shard.origins.size(); ++b) {
    const double unit = drawing_.error.empty() ? 0 : drawing_.error[at(shard.origins[b].series)];
    const double weight = unit > 0 ? shard.batch.scaling[b].value_spread() / unit : 1;
    weights.push_back(static_cast<real>(std::clamp(weight, kSmallestWeight, kMostWeight)));
  }
}

double WindowRule::evaluate(const base::Rng& rng, std::int64_t step) {
  const int S = static_cast<int>(shards_.size());
  const auto work = [&](int s) { run(*shards_[at(s)], rng, step); };
  base::parallel_for(S, drawing_.threads, std::cref(work));
  auto& d = gradient();
  double loss = shards_.front()->loss;
  for (int s = 1; s < S; ++s) {
    kernels::add(shards_[at(s)]->gradient.data(), d.size(), d.data());
    loss += shards_[at(s)]->loss;
  }
  return loss;
}

void WindowRule::run(Shard& shard, const base::Rng& rng, std::int64_t step) const {
  shard.tape.reset(true);
  std::fill(shard.gradient.begin(), shard.gradient.end(), real{0});
  nn::Context context{shard.tape,
                      drawing_.network->params(),
                      shard.gradient.data(),
                      true,
                      rng.fork(static_cast<std::uint64_t>(step)),
                      shard.batch.batch};
  context.step = static_cast<std::uint64_t>(step);
  const tape::Var loss = drawing_.network->loss(context, shard.batch, total_weight_);
  shard.loss = static_cast<double>(shard.tape.value(loss).data[0]);
  shard.tape.backward(loss);
}

}  // namespace refrain::forecast

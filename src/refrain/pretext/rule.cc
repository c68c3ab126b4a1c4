#include "refrain/pretext/rule.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "refrain/base/threads.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/train/gradient.h"

namespace refrain::pretext {
namespace {

void assemble_looks(const Samples& samples, LookedAt& at) {
  std::vector<data::EncodedSample> read;
  std::vector<int> chosen;
  for (Look& look : at.looks) {
    chosen.push_back(static_cast<int>(read.size()));
    read.push_back(look.read);
  }
  data::assemble(read, chosen.data(), static_cast<int>(chosen.size()), samples.features.streams(),
                 at.batch);
}

void look_at_places(const Course& c, std::span<const int> places, const base::Rng& rng,
                    LookedAt& at) {
  at.looks.clear();
  for (const int place : places) {
    c.network.objective->look(c.samples, place, rng.fork(static_cast<std::uint64_t>(place)),
                              at.looks);
  }
  assemble_looks(c.samples, at);
}

Told told_of(LookedAt& at, bool gradient) {
  const tensor::Tensor value = at.tape.value(at.output.value);
  real* d = gradient ? at.tape.gradient(at.output.value).data : nullptr;
  return {at.looks, value, d, at.output.steps};
}

}  // namespace

SeriesRule::SeriesRule(const Course& course) : course_(course) {
  for (int s = 0; s < train::shard_count(course.batch_size); ++s) {
    shards_.push_back(std::make_unique<LookedAt>());
    shards_.back()->gradient.resize(course.network.params.count());
  }
  order_.resize(static_cast<std::size_t>(course.samples.pool.size()));
}

int SeriesRule::updates_of_pass() const {
  // Whole batches: what is left over is read in another pass.
  return std::max(1, static_cast<int>(order_.size()) / course_.batch_size);
}

void SeriesRule::draw_order(std::int64_t pass) {
  if (pass == pass_) return;
  pass_ = pass;
  std::iota(order_.begin(), order_.end(), 0);
  base::Rng rng = base::Rng(course_.seed).fork("order").fork(static_cast<std::uint64_t>(pass));
  for (std::size_t i = order_.size(); i > 1; --i) {
    std::swap(order_[i - 1], order_[static_cast<std::size_t>(rng.below(i))]);
  }
}

void SeriesRule::take(std::span<const int> batch, const base::Rng&) {
  const int update = batch.front(), updates = updates_of_pass();
  draw_order(update / updates);
  const auto n = static_cast<int>(order_.size());
  const int first = update % updates * course_.batch_size;
  const int count = std::min(course_.batch_size, n - first);
  used_ = std::min(static_cast<int>(shards_.size()), count);
  const base::Rng rng =
      base::Rng(course_.seed).fork("looks").fork(static_cast<std::uint64_t>(update));
  const auto work = [&](int s) {
    const int begin = count * s / used_, end = count * (s + 1) / used_;
    const std::span<const int> places(order_.data() + first + begin,
                                      static_cast<std::size_t>(end - begin));
    look_at_places(course_, places, rng, *shards_[static_cast<std::size_t>(s)]);
  };
  base::parallel_for(used_, course_.threads, std::cref(work));
}

double SeriesRule::evaluate(const base::Rng& rng, std::int64_t step) {
  const auto& network = course_.network;
  const auto forward = [&](int s) {
    LookedAt& at = *shards_[static_cast<std::size_t>(s)];
    at.tape.reset(true);
    std::fill(at.gradient.begin(), at.gradient.end(), real{0});
    nn::Context context{at.tape,
                        network.params,
                        at.gradient.data(),
                        true,
                        rng.fork(static_cast<std::uint64_t>(step)),
                        at.batch,
                        static_cast<std::uint64_t>(step)};
    at.output = network.objective->output(context, *network.encoder);
  };
  base::parallel_for(used_, course_.threads, std::cref(forward));
  std::vector<Told> told;
  for (int s = 0; s < used_; ++s) {
    told.push_back(told_of(*shards_[static_cast<std::size_t>(s)], true));
  }
  const double loss = network.objective->loss(told);
  const auto back = [&](int s) { shards_[static_cast<std::size_t>(s)]->tape.backward(); };
  base::parallel_for(used_, course_.threads, std::cref(back));
  auto& d = gradient();
  for (int s = 1; s < used_; ++s) {
    kernels::add(shards_[static_cast<std::size_t>(s)]->gradient.data(), d.size(), d.data());
  }
  return loss;
}

double judge_held_out(const Course& c, Figures* figures) {
  constexpr int kTogether = 128;
  const int n = c.samples.pool.size();
  const int batches = (n + kTogether - 1) / kTogether;
  std::vector<LookedAt> parts(static_cast<std::size_t>(batches));
  const base::Rng rng = base::Rng(c.seed).fork("held out");
  const auto work = [&](int k) {
    LookedAt& at = parts[static_cast<std::size_t>(k)];
    std::vector<int> places;
    for (int i = n * k / batches; i < n * (k + 1) / batches; ++i) places.push_back(i);
    look_at_places(c, places, rng, at);
    at.tape.reset(false);
    nn::Context context{at.tape, c.network.params, nullptr, false, base::Rng(0), at.batch};
    at.output = c.network.objective->output(context, *c.network.encoder);
  };
  base::parallel_for(batches, c.threads, std::cref(work));
  double loss = 0;
  for (LookedAt& at : parts) {
    std::vector<Told> told = {told_of(at, false)};
    loss += c.network.objective->loss(told) * static_cast<double>(at.looks.size());
    if (figures != nullptr) c.network.objective->judge(told, *figures);
  }
  return loss / static_cast<double>(n * c.network.objective->looks());
}

}  // namespace refrain::pretext

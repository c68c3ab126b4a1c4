#include "refrain/language/text_rule.h"

#include <algorithm>
#include <functional>

#include "refrain/base/threads.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/tape/activation.h"

namespace refrain::language {
namespace {

int shards_of(int streams) { return streams < 16 ? 1 : streams < 64 ? 2 : 4; }

}  // namespace

Windows::Windows(std::size_t units, const Reading& r)
    : units_(units),
      bptt_(r.bptt),
      stream_length_(std::max(1, static_cast<int>(units / static_cast<std::size_t>(r.streams)))),
      jitter_(r.jitter),
      rng_(base::Rng(r.seed).fork("windows")) {
  begin();
}

void Windows::begin() {
  base::Rng rng = rng_.fork("pass").fork(static_cast<std::uint64_t>(pass_));
  place_.offset = pass_ == 0 ? 0 : static_cast<std::int64_t>(rng.below(units_));
  place_.first = place_.length = 0;
  number_ -= 1;
  step();
}

// On to the next window, of the next pass where this one is done.
void Windows::step() {
  place_.first += place_.length;
  ++number_;
  if (place_.first >= stream_length_) {
    ++pass_;
    begin();
    return;
  }
  int length = bptt_;
  if (jitter_ && bptt_ >= 8) {
    base::Rng rng = rng_.fork(static_cast<std::uint64_t>(number_));
    const double around = rng.uniform() < 0.05 ? bptt_ / 2.0 : bptt_;
    length = std::clamp(static_cast<int>(around + bptt_ / 14.0 * rng.normal()), bptt_ / 4,
                        bptt_ + bptt_ / 4);
  }
  place_.length = std::min(length, stream_length_ - place_.first);
}

Windows::Place Windows::at(std::int64_t update) {
  if (update < number_) {
    number_ = pass_ = 0;
    begin();
  }
  while (number_ < update) step();
  return place_;
}

int Windows::first_pass() {
  at(0);
  while (pass_ == 0) step();
  const auto count = static_cast<int>(number_);
  at(0);
  return count;
}

TextRule::TextRule(const Reading& r) : reading_(r), windows_(r.text->size(), r) {
  const int S = shards_of(r.streams);
  for (int s = 0; s < S; ++s) {
    auto shard = std::make_unique<Shard>();
    shard->first = r.streams * s / S;
    shard->end = r.streams * (s + 1) / S;
    shard->batch.B = shard->end - shard->first;
    for (int b = shard->first; b < shard->end; ++b) {
      shard->batch.key.push_back(static_cast<std::uint64_t>(b));
    }
    shard->gradient.resize(r.network->params().count());
    shards_.push_back(std::move(shard));
  }
  carried_.resize(static_cast<std::size_t>(r.network->ways()) *
                  r.network->carried_count(r.streams));
}

void TextRule::take(std::span<const int> batch, const base::Rng&) {
  now_ = windows_.at(batch.front());
  updates_ = batch.front() + 1;
  if (now_.first == 0) std::fill(carried_.begin(), carried_.end(), real{0});
  for (auto& shard : shards_) {
    const int B = shard->batch.B;
    const std::size_t count = reading_.network->carried_count(B);
    shard->start.clear();
    for (int way = 0; way < reading_.network->ways(); ++way) {
      const real* from = carried_.data() + carried_place(*shard, way);
      shard->start.insert(shard->start.end(), from, from + count);
    }
    forget(*shard);
    const double share = 1.0 / reading_.streams / reading_.network->ways();
    shard->share.assign(static_cast<std::size_t>(B), static_cast<real>(share));
  }
}

// Some streams begin this window from zero states.
void TextRule::forget(Shard& shard) const {
  if (reading_.zero_state <= 0) return;
  const auto H = static_cast<std::size_t>(reading_.network->form().spec.hidden);
  const auto B = static_cast<std::size_t>(shard.batch.B);
  const base::Rng draws =
      base::Rng(reading_.seed).fork("zero states").fork(static_cast<std::uint64_t>(updates_));
  for (std::size_t b = 0; b < B; ++b) {
    base::Rng draw = draws.fork(static_cast<std::uint64_t>(shard.first) + b);
    if (draw.uniform() >= reading_.zero_state) continue;
    for (std::size_t at = b * H; at < shard.start.size(); at += B * H) {
      std::fill_n(shard.start.begin() + static_cast<std::ptrdiff_t>(at), H, real{0});
    }
  }
}

std::size_t TextRule::carried_place(const Shard& shard, int way) const {
  const std::size_t all = reading_.network->carried_count(reading_.streams);
  return static_cast<std::size_t>(way) * all + reading_.network->carried_count(shard.first);
}

double TextRule::evaluate(const base::Rng& rng, std::int64_t step) {
  const int S = static_cast<int>(shards_.size());
  const auto work = [&](int s) { run(*shards_[static_cast<std::size_t>(s)], rng, step); };
  base::parallel_for(S, reading_.threads, std::cref(work));
  auto& d = gradient();
  double loss = shards_.front()->loss;
  for (int s = 1; s < S; ++s) {
    const Shard& shard = *shards_[static_cast<std::size_t>(s)];
    kernels::add(shard.gradient.data(), d.size(), d.data());
    loss += shard.loss;
  }
  // A short window moves the weights less; its loss is told per unit all the same.
  return loss * reading_.bptt / now_.length;
}

void TextRule::fill(Shard& shard, int way) const {
  const std::vector<int>& text = *reading_.text;
  const auto n = static_cast<std::int64_t>(text.size());
  const auto unit = [&](std::int64_t place) {
    return text[static_cast<std::size_t>(way == 0 ? place : n - 1 - place)];
  };
  const int B = shard.batch.B;
  auto& ids = shard.ids[way];
  auto& target = shard.target[way];
  ids.clear();
  target.clear();
  for (int t = 0; t < now_.length; ++t) {
    for (int b = 0; b < B; ++b) {
      const std::int64_t stream = shard.first + b;
      const std::int64_t place =
          (now_.offset + stream * windows_.stream_length() + now_.first + t) % n;
      ids.push_back(place == 0 ? reading_.mark : unit(place - 1));
      target.push_back(unit(place));
    }
  }
}

void TextRule::run(Shard& shard, const base::Rng& rng, std::int64_t step) {
  const LanguageNetwork& network = *reading_.network;
  const int B = shard.batch.B;
  shard.table.assign(std::vector<int>(static_cast<std::size_t>(B), now_.length));
  shard.tape.reset(true);
  std::fill(shard.gradient.begin(), shard.gradient.end(), real{0});
  const double total = static_cast<double>(reading_.bptt) * reading_.streams * network.ways();
  tape::Var loss;
  for (int way = 0; way < network.ways(); ++way) {
    fill(shard, way);
    base::Rng keys = rng.fork(static_cast<std::uint64_t>(step));
    if (way == 1) keys = keys.fork("backwards");
    nn::Context context{shard.tape, network.params(), shard.gradient.data(), true,
                        keys,       shard.batch};
    context.step = static_cast<std::uint64_t>(step);
    context.share = shard.share.data();
    const nn::CarriedStates carried{
        shard.start.data() + static_cast<std::size_t>(way) * network.carried_count(B),
        carried_.data() + carried_place(shard, way)};
    const tape::Var own =
        network.loss(context, {shard.ids[way].data(), shard.target[way].data(),
                               &shard.table.steps(), way, total, carried, nullptr});
    loss = way == 0 ? own : tape::add(shard.tape, loss, own);
  }
  shard.loss = static_cast<double>(shard.tape.value(loss).data[0]);
  shard.tape.backward(loss);
}

}  // namespace refrain::language

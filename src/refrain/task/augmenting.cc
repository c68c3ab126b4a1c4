#include "refrain/task/augmenting.h"

#include <algorithm>

#include "refrain/augment/derive.h"

namespace refrain::task {
namespace {

bool any_unknown(const std::vector<data::EncodedSample>& samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& stream : samples[i].streams) {
      if (std::find(stream.ids.begin(), stream.ids.end(), 0) != stream.ids.end()) return true;
    }
  }
  return false;
}

// A text of nothing else, and a series, which has no words, stay as they are.
void leave_out_unknown(data::EncodedSample& sample) {
  for (auto& stream : sample.streams) {
    auto& ids = stream.ids;
    if (std::count(ids.begin(), ids.end(), 0) == static_cast<std::ptrdiff_t>(ids.size())) continue;
    ids.erase(std::remove(ids.begin(), ids.end(), 0), ids.end());
    stream.length = static_cast<int>(ids.size());
  }
}

}  // namespace

Augmenting::Augmenting(const Network& network, const data::Dataset& dataset,
                       std::vector<int> training, const std::vector<data::EncodedSample>& encoded)
    : features_(network.features()),
      goal_(network.shared_goal()),
      encoded_(encoded),
      pipeline_(augment::Pipeline::from(network.spec().augment.augment)),
      pool_(dataset, std::move(training)) {
  pipeline_.check(dataset);
  notes_ = pipeline_.prepare(pool_);
  const auto count = static_cast<std::size_t>(pool_.size());
  leaves_out_unknown_ = !pipeline_.hides_words() && !any_unknown(encoded, count);
}

void Augmenting::vary(int place, const base::Rng& epoch, data::EncodedSample& out) const {
  const data::EncodedSample& source = encoded_[static_cast<std::size_t>(place)];
  const data::Sample sample = augment::derive(pipeline_, pool_, place, epoch);
  out = features_.encode(sample, source.index);
  if (leaves_out_unknown_) leave_out_unknown(out);
  const double weight = out.weight;
  static_cast<data::EncodedTarget&>(out) = source;
  out.weight = weight;
  if (pipeline_.mixes() || goal_->of_steps()) goal_->mix(source, sample, out);
}

}  // namespace refrain::task

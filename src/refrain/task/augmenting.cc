#include "refrain/task/augmenting.h"

#include "refrain/augment/derive.h"
#include "refrain/task/labels.h"

namespace refrain::task {
namespace {

// Adds `factor` of what the sample should be given by itself.
void add_own(const data::EncodedSample& sample, double factor, std::vector<real>& shares) {
  const auto share = static_cast<real>(factor);
  if (sample.shares.empty()) {
    shares[static_cast<std::size_t>(sample.target)] += share;
    return;
  }
  for (std::size_t c = 0; c < shares.size(); ++c) shares[c] += share * sample.shares[c];
}

}  // namespace

Augmenting::Augmenting(const Classifier& network, const data::Dataset& dataset,
                       std::vector<int> training, const std::vector<data::EncodedSample>& encoded)
    : features_(network.features()),
      labels_(network.labels()),
      encoded_(encoded),
      pipeline_(augment::Pipeline::from(network.spec().augment.augment)),
      pool_(dataset, std::move(training)) {
  pipeline_.check(dataset);
  notes_ = pipeline_.prepare(pool_);
}

void Augmenting::vary(int place, const base::Rng& epoch, data::EncodedSample& out) const {
  const data::EncodedSample& source = encoded_[static_cast<std::size_t>(place)];
  const data::Sample sample = augment::derive(pipeline_, pool_, place, epoch);
  out = features_.encode(sample, source.index);
  out.target = source.target;
  out.shares = source.shares;
  if (!pipeline_.mixes()) return;
  out.shares.assign(labels_.size(), 0);  // of all samples of a batch, or of none
  if (sample.shares.empty()) add_own(source, 1, out.shares);
  for (const auto& [label, share] : sample.shares) {
    if (label == sample.label) {
      add_own(source, share, out.shares);
    } else {
      const int target = label_number(labels_, label);
      out.shares[static_cast<std::size_t>(target)] += static_cast<real>(share);
    }
  }
}

}  // namespace refrain::task

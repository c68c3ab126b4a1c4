// Augmentation of training: in each epoch a network meets a fresh variant of each training sample,
// drawn by (seed, epoch, sample) alone and made numbers by the features that were fitted on the
// samples themselves. What is validated or tested is never changed.
#pragma once

#include <string>
#include <vector>

#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"
#include "refrain/task/network.h"

namespace refrain::task {

class Augmenting {
 public:
  // `encoded`: the training samples as `network` has them, then others; it and the dataset must
  // outlive this. Throws usage for a specification that is none or not for such samples.
  Augmenting(const Network& network, const data::Dataset& dataset, std::vector<int> training,
             const std::vector<data::EncodedSample>& encoded);

  // What the steps did before the first epoch, a line each.
  const std::vector<std::string>& notes() const { return notes_; }

  // What stands in place of encoded[place] in the epoch of this generator. Words that are new in a
  // variant (of two that grew together, synonyms) are left out of it where the training samples
  // have no unknown word and no step hides words: the vector of the unknown word, which new texts
  // are full of, would otherwise learn from a handful of samples.
  void vary(int place, const base::Rng& epoch, data::EncodedSample& out) const;

 private:
  data::Features features_;  // own ones: with --refit a network may go while others are trained
  std::shared_ptr<const Goal> goal_;
  const std::vector<data::EncodedSample>& encoded_;
  augment::Pipeline pipeline_;
  augment::Pool pool_;
  std::vector<std::string> notes_;
  bool leaves_out_unknown_ = false;
};

}  // namespace refrain::task

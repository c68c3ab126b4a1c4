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

  // Remarks of the steps that were prepared before the first epoch, one per line.
  const std::vector<std::string>& notes() const { return notes_; }

  // Writes the variant that replaces encoded[place] in the epoch of this generator. New words of a
  // variant (two words joined by an edit, synonyms) are left out of it if the training samples have
  // no unknown word and no step hides words: otherwise the vector of the unknown word, which new
  // texts use often, would learn from a handful of samples.
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

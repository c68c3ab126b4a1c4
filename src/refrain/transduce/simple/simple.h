// Simple methods for replies (translations, transcripts), which stand beside the networks on the
// same split. The reply of a sample is its label, the source its first stream. Each method learns
// from the training samples and answers the test samples, whose labels it does not read. One more
// method is one file and one line in simple_list.cc. Deterministic, and the same for any number of
// threads.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/registry.h"
#include "refrain/data/subset.h"

namespace refrain::transduce {

struct SimpleReply {
  // Returns one reply a test sample. Throws data where there are no training samples.
  std::vector<std::string> (*answer)(const data::Subset& training, const data::Subset& test,
                                     int threads);
  bool texts = true;  // sources are texts; false: series
};
const base::Registry<SimpleReply>& simple_replies();

// Each is defined in the file of its name.
std::vector<std::string> answer_by_copy(const data::Subset& training, const data::Subset& test,
                                        int threads);
std::vector<std::string> answer_by_word_table(const data::Subset& training,
                                              const data::Subset& test, int threads);
std::vector<std::string> answer_by_nearest_source(const data::Subset& training,
                                                  const data::Subset& test, int threads);
std::vector<std::string> answer_by_nearest_series(const data::Subset& training,
                                                  const data::Subset& test, int threads);

}  // namespace refrain::transduce

// Folds inside the training part, by which simple methods choose their settings; related samples
// never straddle (data/split.h).
#pragma once

#include "refrain/method/method.h"

namespace refrain::method {

struct InnerFold {
  std::vector<int> train, held_out;  // places in the view
};

// `k` folds of at most `most` samples drawn from the view, fewer folds where there are few samples;
// empty where there are not two unrelated ones.
std::vector<InnerFold> inner_folds(const Training& training, int k, int most);

// The items of `all` at these places.
std::vector<int> at_places(const std::vector<int>& all, const std::vector<int>& places);

}  // namespace refrain::method

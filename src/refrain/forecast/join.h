// Histories that go on in a test file.
#pragma once

#include <vector>

#include "refrain/data/history/history.h"

namespace refrain::forecast {

struct Joined {
  data::Histories histories;  // of the training file, with the values of the test file behind
  std::vector<int> known;     // [series] how many values are the training file's
  int horizon = 0;            // the most values that the test file adds
};

// By id. With a calendar each value stands at its time: those that the training file has too are
// passed over. Numbered series of the test file go on where the training ends, or begin with the
// training's values. Throws data where the test file has other series, steps or covariates, or adds
// nothing.
Joined join(data::Histories training, const data::Histories& test);

}  // namespace refrain::forecast

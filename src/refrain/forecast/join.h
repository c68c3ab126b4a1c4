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

// Joins series by id. With a calendar each value stands at its time, and values that the training
// file has too are skipped. Numbered series of the test file continue the training series, or begin
// with its values. Throws data if the test file has other series, steps or covariates, or adds
// nothing.
Joined join(data::Histories training, const data::Histories& test);

}  // namespace refrain::forecast

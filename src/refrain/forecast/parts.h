// Which values of each series are for training, for choices and for the score. In time the three
// follow each other; no window for an earlier purpose has a target in a later part.
//
//   |---- training ----|-- choices (inner origins) --|-- score (test origins) --|
//                train_end                      known_end
#pragma once

#include "refrain/forecast/network.h"
#include "refrain/forecast/spec.h"

namespace refrain::forecast {

struct Parts {
  std::vector<int> train_end, known_end;  // [series]
  std::vector<Origin> inner, test;        // origins; test ones ordered by series, then in time
  bool fixed = false;                     // by --split: nothing behind train_end is trained on
};

// Values before `known` [series] may be looked at; none is scored. Inner origins are spread over
// the end of them: as many as there are good for, none where the series are too short.
Parts cut_inner(const std::vector<int>& known, int horizon);

// True if any series is longer than the horizon.
bool can_be_scored(const data::Histories& histories, int horizon);

// The score comes from the last `origins` windows of each series. Throws Error(data) where no
// series is long enough.
Parts cut_tested(const data::Histories& histories, const ForecastSpec& spec, int horizon);

// Series of `histories` go on behind `known` [series] with values of a test file: they are scored
// from there, and with more origins further on.
Parts cut_continued(const data::Histories& histories, const std::vector<int>& known,
                    const ForecastSpec& spec, int horizon);

}  // namespace refrain::forecast

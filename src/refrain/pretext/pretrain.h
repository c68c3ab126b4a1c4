// Training a source on series: reading, holding out, training, scoring.
#pragma once

#include <string>
#include <vector>

#include "refrain/pretext/source.h"
#include "refrain/train/trainer.h"

namespace refrain::pretext {

struct SeriesHooks {
  train::Hooks train;
  std::string checkpoint;  // "" = none is kept
  bool resume = false;
  double begun = 0;  // base::steady_seconds() when the command began, for --time-limit
};

struct Share {
  double value = 0, low = 0, high = 0;  // 95 %
};
// Computes the share with its interval from rows of figures, by a bootstrap over samples.
Share share_of(const std::vector<Figures::Row>& rows, bool explained, int seed);

struct SeriesPretrained {
  SeriesSource source;
  std::string metric;
  Share score;
  std::vector<std::pair<std::string, Share>> simple;  // on the same samples
  double loss = 0;
  train::Outcome outcome;
  int batch_size = 0;
  double load_seconds = 0, train_seconds = 0, evaluate_seconds = 0;
  bool interrupted = false;  // nothing is scored then
};

// Throws data, usage or numeric.
SeriesPretrained pretrain_series(const std::vector<std::string>& paths, PretextSpec spec,
                                 const SeriesHooks& hooks);

}  // namespace refrain::pretext

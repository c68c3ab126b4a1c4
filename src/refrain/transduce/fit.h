// Fits a transducer: symbols and features of the training part, then networks, each of which stops
// by the replies that it writes to the validation part.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "refrain/train/trainer.h"
#include "refrain/transduce/transducer.h"

namespace refrain::transduce {

struct FitParts {
  data::Subset training, validation;
  int first_made = -1;    // a model wrote one side of this training sample and of all behind it
  int first_tagged = -1;  // the network is told so from this one on
};

struct FitHooks {
  train::Hooks train;
  // Watches network `number` of `count` in place of `train`, whose log still counts; null: nobody.
  std::function<train::Hooks(int number, int count)> watch = {};
  std::string checkpoint;  // file, "" = none
  bool resume = false;
  const Transducer* start = nullptr;  // whose symbols and weights these networks begin with
};

struct FittedTransducer {
  Transducer model;
  std::vector<train::Outcome> outcomes;  // of each network
  int skipped = 0;                       // training samples that CTC cannot write
  bool interrupted = false;
};

FittedTransducer fit_transducer(const FitParts& parts, const Settings& settings,
                                const FitHooks& hooks);

}  // namespace refrain::transduce

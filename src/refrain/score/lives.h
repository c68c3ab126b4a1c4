// How well remaining lives are told: NASA's score, in which a life that is told too long costs more
// than one that is told too short, and alarms that a threshold raises.
#pragma once

#include <vector>

#include "refrain/score/regression.h"

namespace refrain::score {

// nasa_score (Saxena et al. 2008): the sum over samples of exp(-d/13) - 1 where d, predicted less
// true, is negative, and of exp(d/10) - 1 else.
NamedMetrics life_metrics();

// Samples whose remaining life is at most a threshold, and those that are told to be.
struct Alarms {
  std::size_t below = 0, detected = 0;      // truly below; of these told so
  std::size_t above = 0, false_alarms = 0;  // the others; of these told to be below

  void add(const Regression& answers, double threshold);
};

// First alarms of units that are asked both before and after their life falls to a threshold.
struct FirstAlarms {
  std::size_t units = 0;
  std::size_t early = 0;      // units with an alarm while more life was left: a false one
  std::size_t missed = 0;     // units without any alarm
  std::vector<double> delay;  // of the others: the threshold less the life left at the first alarm

  void add(const Regression& answers, double threshold);  // its groups are the units
};

}  // namespace refrain::score

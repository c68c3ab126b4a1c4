// Chooses a value for each option that is `auto`: sizes, regularisation and length of a training,
// from the length of the text, the vocabulary and the time there is.
#pragma once

#include <vector>

#include "refrain/language/network.h"
#include "refrain/language/units.h"

namespace refrain::language {

// Multiplications and additions that a thread does each second of training: a careful guess.
constexpr double kOperationsPerSecond = 6e10;

struct Circumstances {
  double units = 0;    // in the training part
  double seconds = 0;  // of training; 0 = as it takes
  int threads = 1;
};

// Puts a number in place of every `auto` of `spec`; returns the network's form. `counts` [V]: how
// often each unit occurs in training.
NetworkForm resolve(const Circumstances& c, const Units& units, const std::vector<double>& counts,
                    LanguageSpec& spec);

// Where an adaptive softmax over units in order is cut, so that it multiplies least.
std::vector<int> choose_clusters(const std::vector<double>& counts);

// Multiplications and additions of a unit in training.
double operations_of(const NetworkForm& form, const std::vector<double>& counts);

}  // namespace refrain::language

// Computes the exact likelihood of a text under a network: every unit is scored, given all before
// it. The text is read in parallel streams. Each stream starts enough units before its scored part
// that its state there equals, up to rounding, that of a reading from the beginning.
#pragma once

#include <vector>

#include "refrain/language/network.h"

namespace refrain::language {

struct Evaluation {
  int mark = 0;       // the unit before the text
  int streams = 32;   // at most; 1 = one reading from the beginning
  int warm_up = 512;  // units that a stream reads before those it scores
  int threads = 1;
};

// -log p of each unit of `text`, in nats, in order; of the text backwards where way is 1 (the i-th
// number then belongs to the i-th unit from the end).
std::vector<double> surprises(const LanguageNetwork& network, const std::vector<int>& text, int way,
                              const Evaluation& how);

struct Mean {
  double value = 0, low = 0, high = 0;  // 95 %
};
// The mean of numbers that stand in order and depend on their neighbours: a bootstrap over blocks
// (Kuensch 1989) of consecutive ones.
Mean mean_over_blocks(const std::vector<double>& numbers, int seed);

}  // namespace refrain::language

// Labels that may be wrong, from what models said of samples that they had not seen.
//
// Classes: the margin of confident learning (Northcutt, Jiang and Chuang 2021) between the label
// and the likeliest other class, as a share: p(other) / (p(other) + p(label)). A label is flagged
// from 0.8 on, or up to 0.92 where the models hesitate often. The thresholds by class of that paper
// found fewer and were right less often here. Numbers: how far a truth is from its prediction, in
// robust deviations of all such differences.
#pragma once

#include <string>
#include <vector>

namespace refrain::inspect {

struct OutOfFold {
  int classes = 0;
  std::vector<int> label;           // [n]
  std::vector<double> probability;  // [n,classes], out of fold
};

struct Suspect {
  int sample = 0;
  int suggested = 0;      // class
  double confidence = 0;  // that the label is wrong, 0 to 1
  bool flagged = false;
};

// All samples, the likeliest to be wrong first. Throws Error(data) where sizes do not fit.
std::vector<Suspect> rank_labels(const OutOfFold& answers);

struct NumberSuspect {
  int sample = 0;
  double predicted = 0;
  double deviations = 0;  // robust ones, of the difference
  double confidence = 0;
  bool flagged = false;
};
std::vector<NumberSuspect> rank_numbers(const std::vector<double>& truth,
                                        const std::vector<double>& predicted);

}  // namespace refrain::inspect

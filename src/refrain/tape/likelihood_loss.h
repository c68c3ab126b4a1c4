// Negative log likelihoods of distributions whose numbers a network gives: what a forecast with a
// distribution minimises. Like the losses of tape/number_loss.h each is a share of the batch's.
//   gaussian           mean, scale
//   student_t          location, scale, degrees of freedom above 2 (Student 1908)
//   negative_binomial  mean, dispersion a of the variance mean + a mean^2, of counts; both in the
//                      size of their window (Salinas et al. 2020, DeepAR)
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

enum class Likelihood { kGaussian, kStudentT, kNegativeBinomial };

// How many numbers of a network tell one target's distribution.
int numbers_of(Likelihood kind);

// The distribution that the numbers of a network stand for.
struct Distribution {
  double location = 0;  // mean of kNegativeBinomial, in counts
  double scale = 1;     // dispersion of kNegativeBinomial
  double freedom = 0;   // of kStudentT
};
// `unit`: the size of the window, of kNegativeBinomial.
Distribution distribution_of(Likelihood kind, const real* numbers, double unit);

struct LikelihoodTarget {
  const real* target = nullptr;         // [B,O]; NaN: missing, which has no loss
  const real* sample_weight = nullptr;  // [B] or null = all 1
  const real* unit = nullptr;  // [B] of kNegativeBinomial: a target times it is a whole number
  double total_weight = 0;     // of the samples of the whole batch
};

// y [B, O * numbers_of(kind)], those of a target side by side -> loss [1]: the mean over the
// targets of a row, weighed over the rows.
Var likelihood_loss(Tape& tape, Var y, Likelihood kind, const LikelihoodTarget& options);

}  // namespace refrain::tape

// Tests of two methods on the same samples. All signs: positive means B is better.
//   McNemar (1947), exact: are the samples that only one has right shared like tosses of a coin?
//   permutation: A's and B's predictions are exchanged, for whole groups at random; p is the share
//   of
//     exchanges with a difference at least as large (Fisher 1935; Good 2005); the interval is
//     difference +- the size that would just be significant.
//   bootstrap: samples, groups and repeats drawn with replacement, the same for both (Efron 1979).
//   corrected resampled t (Nadeau and Bengio 2003), of k differences of folds:
//     t = mean / sqrt(s^2 (1 / k + n_test / n_train)), k - 1 degrees of freedom.
#pragma once

#include "refrain/score/draws.h"

namespace refrain::score {

// A difference, where the true one lies with 95 % confidence, and the test's p-value.
struct Tested {
  double difference = 0, low = 0, high = 0, p = 1;
  double error = 0;  // standard error of the difference
  double df = 0;     // degrees of freedom, where there are
};

struct Mcnemar {
  double only_a = 0, only_b = 0;  // samples that only A, only B has right
  double p = 1;
};

// Two methods' answers about the same samples, one entry a repeat; repeat r of both had the same
// split.
struct Pair {
  Repeats a, b;
  Stop stop = nullptr;  // looked at in each draw
};

// Throws Error(data) unless all are of the same samples and there are as many repeats.
void check(const Pair& pair);

// Throws Error(internal) unless answers are right or wrong.
Mcnemar mcnemar(const Answers& a, const Answers& b);
// `level` is what the interval belongs to: it leaves out 0 where p <= level.
Tested corrected_resampled_t(const std::vector<double>& differences, double test_to_train,
                             double level = 0.05);
Tested permutation_test(const Pair& pair, const Metric& metric, int seed, double level = 0.05);
Tested bootstrap_difference(const Pair& pair, const Metric& metric, int seed);

// The metric of B less that of A (or the reverse, where smaller is better) of each fold of each
// repeat; fold[r][i] is the test fold of sample i in repeat r.
std::vector<double> fold_differences(const Pair& pair, const Metric& metric,
                                     const std::vector<std::vector<int>>& fold);

}  // namespace refrain::score

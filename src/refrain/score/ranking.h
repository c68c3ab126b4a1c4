// Several methods over many data sets (Demsar 2006): average ranks, Friedman's test (1937) with
// Iman and Davenport's F (1980), Wilcoxon's signed-rank test of each pair (1945) with Holm's
// correction (1979), and Nemenyi's critical difference (1963) CD = q sqrt(k (k + 1) / (6 n)) with
// the cliques of methods that lie within it: what a critical-difference diagram shows.
#pragma once

#include <vector>

namespace refrain::score {

using ScoreTable = std::vector<std::vector<double>>;  // [sets][methods], larger is better

struct Friedman {
  double chi_square = 0, p = 1;
  double f = 0, f_p = 1;
};

struct SignedRank {
  double statistic = 0;  // the smaller of the two sums of ranks
  double p = 1;          // two-sided; exact up to 50 differences that are not 0
};

struct Ranking {
  std::vector<double> average_rank;  // [methods], 1 is best; ties share their mean
  std::vector<int> order;            // methods from best to worst
  Friedman friedman;
  double critical_difference = 0;         // of average ranks, at 95 %
  std::vector<std::vector<int>> cliques;  // methods not told apart, best first; largest sets only
  ScoreTable pair_p;  // [methods][methods], Wilcoxon with Holm; 1 on the diagonal
};

std::vector<double> average_ranks(const ScoreTable& scores);
Friedman friedman_test(const ScoreTable& scores);

// Differences of 0 are left out.
SignedRank wilcoxon(const std::vector<double>& differences);

// Each p-value with Holm's correction, in the order given.
std::vector<double> holm(const std::vector<double>& p);

// Throws Error(data) unless there are two sets and two methods, and every score is finite.
Ranking rank_methods(const ScoreTable& scores);

}  // namespace refrain::score

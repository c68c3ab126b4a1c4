// Methods ranked over all data sets of a store (Demsar 2006): average ranks, which of them a
// critical difference tells apart, and Wilcoxon's test of each pair with Holm's correction.
// Standard library only.
#pragma once

#include <string>
#include <vector>

namespace refrain::api {

struct RankFilter {
  std::string metric = "accuracy";
  std::string protocol;              // part of its name; "" = any
  std::vector<std::string> methods;  // empty: all that have a score on at least half of the sets
};

struct RankedMethod {
  int rank = 0;       // methods not told apart from the first of their rank share it
  bool tied = false;  // with another one
  std::string method;
  double average_rank = 0;     // 1 is best
  double mean = 0;             // of the metric over the sets
  std::vector<double> scores;  // [sets]
};

struct RankedPair {
  std::string better, worse;  // by average rank
  double p = 1;               // Wilcoxon with Holm's correction
};

struct SetRanking {
  std::string metric;
  bool smaller_is_better = false;
  std::vector<std::string> sets;
  std::vector<RankedMethod> methods;                // best first
  std::vector<std::string> other_sets;              // on which one of the methods has no score
  std::vector<std::string> other_methods;           // with scores on too few sets
  double friedman_p = 1;                            // of all methods being equal
  double critical_difference = 0;                   // of average ranks, Nemenyi, 95 %
  std::vector<std::vector<std::string>> not_apart;  // largest sets of methods within it
  std::vector<RankedPair> pairs;

  std::string text() const;
  std::string json() const;
  std::string csv()
      const;  // item,method,other,value: what a critical-difference diagram is drawn of
};

// A method's score on a set is its mean over seeds; of several protocols on one data set the one
// with the most methods counts. Runs differ as methods where options differ that do not belong to
// the data. Throws usage for an unknown metric or method, data for fewer than two sets or methods.
SetRanking rank_sets(const std::string& store, const RankFilter& filter);

}  // namespace refrain::api

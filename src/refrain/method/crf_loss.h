// The loss of a conditional random field (crf.h) as a function of all its weights in one list:
// those of features, of starts, of ends, of listed pairs, of other pairs. Divided by the number of
// sequences.
#pragma once

#include "refrain/method/crf.h"

namespace refrain::method {

class CrfLoss {
 public:
  // Refers to the problem.
  CrfLoss(const CrfProblem& problem, double penalty);

  // Its form, with all weights 0.
  const Crf& form() const { return form_; }
  std::size_t size() const;
  // All weights of a field of this form, and back.
  std::vector<double> list_of(const Crf& crf) const;
  Crf crf_of(const std::vector<double>& x) const;

  double operator()(const std::vector<double>& x, std::vector<double>& gradient);

 private:
  struct Part;

  void index_features();
  std::size_t least_for_all_tags() const;
  void choose_tags();
  void choose_links();
  void count_what_is();
  void run_part(const Crf& crf, const ChainSums& sums, Part& part);
  double weigh_sequences(const Crf& crf, std::vector<double>& gradient);
  void add_features(int block, std::vector<double>& gradient) const;
  double of_path(const Crf& crf, std::size_t first, int steps) const;
  int number_of(int from, int to) const;

  const CrfProblem& problem_;
  double penalty_;
  Crf form_;
  std::vector<std::size_t> at_;   // where the steps of each feature begin, [features+1]
  std::vector<int> steps_at_;     // of each feature
  std::vector<int> link_number_;  // [K,K] of each pair; -1: not listed
  std::vector<double> seen_;      // how often what each weight stands for is there
  std::vector<double> rows_;      // [steps,K]
};

}  // namespace refrain::method

// The weigher of a classification: `Prepared` holds what does not depend on the weights (losses,
// bins, orders of the probabilities), worked out once; `Weighted` adds one weight a sample and the
// table of counts that follows from it. Neither refers to the classification.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "refrain/score/classification.h"

namespace refrain::score {

constexpr int kCalibrationBins = 15;
constexpr double kLeastProbability = 2.220446049250313e-16;  // stands for a probability of 0

// -log of the probability that the truth was given: the one definition of a log loss, with its
// floor.
double log_loss_of(double probability);

// One sample in a class's order, from the largest probability down.
struct Ranked {
  std::uint32_t sample : 30;
  std::uint32_t positive : 1;   // the class is the truth
  std::uint32_t last_tied : 1;  // the next sample's probability is smaller
};

struct Prepared {
  // Throws as c.check(). Without `order`, `ranked` stays empty: it costs most.
  explicit Prepared(const Classification& c, bool order = true);

  int classes = 0;
  bool has_probability = false;
  std::vector<int> truth, predicted;        // [n]; an unseen truth is class C
  std::vector<double> weight;               // [n]
  std::vector<double> log_loss, brier;      // [n]
  std::vector<double> confidence;           // [n], the probability of the predicted class
  std::vector<int> bin;                     // [n], of the confidence
  std::vector<std::vector<Ranked>> ranked;  // [C][n]

  std::size_t size() const { return truth.size(); }
};

struct Weighted : Weigher {
  explicit Weighted(Prepared prepared);  // with the samples' own weights

  void reweigh(const std::vector<double>& factor) override;
  // Sample i is predicted as class k from now on.
  void predict(std::size_t i, int k);

  bool has_table() const { return data->classes <= kMostInTable; }
  // Only with a table.
  double at(int t, int p) const { return table[static_cast<std::size_t>(t * data->classes + p)]; }
  double mean(const std::vector<double>& values) const;  // over the samples; 0 if there are none

  std::shared_ptr<const Prepared> data;
  std::vector<double> weight;              // [n]
  std::vector<int> predicted;              // [n]
  std::vector<double> table;               // [C+1,C]: truth (the last row: unseen), prediction
  std::vector<double> truths, predicteds;  // [C+1]: sums of rows and columns of the table
  std::vector<double> hits;                // [C]: its diagonal
  double total = 0;

 private:
  static constexpr int kMostInTable = 64;  // classes: a larger table costs its square in each draw
  void count();
  void add(std::size_t i, double weight);
};

}  // namespace refrain::score

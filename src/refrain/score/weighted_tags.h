// The weigher of a tagging: counts of each sample, worked out once, and their weighted sums. It
// does not refer to the tagging. For the sources of this layer only.
#pragma once

#include <array>
#include <memory>

#include "refrain/score/tagging.h"
#include "refrain/score/weighted.h"

namespace refrain::score {

// How many there are in the truth, in the predictions, and in both.
struct Found {
  double truth = 0, predicted = 0, both = 0;

  void add(double weight, const Found& more);
  double precision() const { return predicted > 0 ? both / predicted : 0; }
  double recall() const { return truth > 0 ? both / truth : 0; }
  double f1() const { return both > 0 ? 2 * both / (truth + predicted) : 0; }
};

// Steps of one bin of confidence.
struct ConfidenceBin {
  double gap = 0;       // sum of confidence less 1 where right
  double variance = 0;  // of the gap, where steps are right with their confidence as chance
};
using ConfidenceBins = std::array<ConfidenceBin, kCalibrationBins>;

struct TypeCount {
  int type;
  Found found;
};

struct TagCounts {
  explicit TagCounts(const Tagging& t);  // throws as t.check()

  std::vector<std::string> types;    // of spans, or labels; sorted
  std::vector<std::size_t> begin;    // [n+1] where each sample's counts begin
  std::vector<TypeCount> counts;     // of types that a sample has
  std::vector<Found> events;         // [n], of labels only
  std::vector<Found> seen, unseen;   // [n], spans by what training had; empty: not told
  std::vector<double> steps, right;  // [n], all and those whose tag is right
  std::vector<ConfidenceBins> bins;  // [n]; empty: no confidences
  std::vector<double> label;         // [n] 1 where the label is right; empty: there are none
  std::vector<double> weight;        // [n]

 private:
  void count_types(const Tagging& t, std::size_t i);
  void count_steps(const Tagging& t, std::size_t i);
};

struct WeightedTags : Weigher {
  explicit WeightedTags(const Tagging& t);  // with the samples' own weights

  void reweigh(const std::vector<double>& factor) override;
  const Found* of_type(const std::string& type) const;  // null: it does not occur

  std::shared_ptr<const TagCounts> data;
  std::vector<Found> types;  // as data->types
  Found all, events, seen, unseen;
  double total = 0, exact = 0, labels = 0, steps = 0, right = 0;
  ConfidenceBins bins;  // weighted; the variance by squares of weights

 private:
  void add(std::size_t i, double weight);
};

}  // namespace refrain::score

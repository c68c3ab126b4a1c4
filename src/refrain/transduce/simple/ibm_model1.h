// The word-by-word table of IBM model 1 (Brown et al. 1993): t(target unit | source unit) by EM,
// from pairs of which only is known that they belong together. Each target unit comes from one
// source unit or from none (""), all alignments being equally likely. Units are words, or letters
// of single words.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace refrain::transduce {

using UnitList = std::vector<std::string>;

struct UnitPair {
  UnitList source, target;
};

class IbmModel1 {
 public:
  // Learns from these pairs. From many or long ones the first are taken, until 20,000,000 pairs of
  // a source and a target unit are reached (150,000 sentences of 11 words).
  void fit(const std::vector<UnitPair>& pairs, int iterations);

  // The log-likelihood of the targets before each iteration, without the constant share of
  // alignments.
  const std::vector<double>& likelihoods() const { return likelihoods_; }

  // t(target | source); "" as source = none. 0 where they never stood in one pair.
  double probability(const std::string& target, const std::string& source) const;

  // The most probable target of a source unit, of equals the one that came first; null where it was
  // not in training.
  const std::string* best(const std::string& source) const;

 private:
  struct Cells;  // the pairs of units of all sentences
  static int number_of(std::unordered_map<std::string, int>& numbers, const std::string& unit);
  void count(const Cells& cells);
  void find_best();

  std::unordered_map<std::string, int> sources_, targets_;
  std::vector<std::string> target_names_;
  std::vector<std::size_t> begin_;  // [sources + 1] of the rows in the next two
  std::vector<int> target_;         // rising within a row
  std::vector<double> probability_;
  std::vector<int> best_;  // of each source
  std::vector<double> likelihoods_;
};

}  // namespace refrain::transduce

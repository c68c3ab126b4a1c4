// What a classification is judged by: truths, predictions and probabilities of n samples over C
// classes, with optional weights and groups. A truth of -1 is a class unseen in training: one more
// class whose probability is 0, so it is never right, and a negative for every other class.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace refrain::score {

// What the groups of a classification are, for sentences: "groups"; and what else there is to know.
struct GroupWords {
  std::string name = "groups", note;
};

struct Classification {
  int classes = 0;
  std::vector<int> truth, predicted;  // [n]
  std::vector<double> probability;    // [n,C], rows that add up to 1; or empty: labels only
  std::vector<double> weight;         // [n], not negative; empty: all 1
  std::vector<int> group;             // [n], what belongs together (a patient); empty: no groups
  GroupWords words;

  std::size_t size() const { return truth.size(); }
};

// A value and where the true one lies with 95 % confidence.
struct Interval {
  double value = 0, low = 0, high = 0;
};

struct NamedScore {
  std::string name;
  Interval score;
};

// Throws Error(data) where sizes do not match, a class is out of range, a probability or weight is
// negative or not finite.
void check(const Classification& c);

// Members of each group, groups in the order of their first sample; without groups each sample is
// its own.
std::vector<std::vector<int>> members(const Classification& c);

}  // namespace refrain::score

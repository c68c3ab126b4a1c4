// A forest of randomised trees (Geurts, Ernst and Wehenkel 2006; Breiman 2001) onto rows of
// numbers: one column that is a number to predict, or one a class, 1 for the class of the sample
// and 0 else, whose square error is then the Gini index. Of a few columns, drawn in each node, and
// a threshold each, drawn between their extremes, the best split is taken. Each tree grows on a
// part of the samples, the others judge how far the means of its nodes are drawn towards those of
// the nodes above (hierarchical shrinkage, Agarwal et al. 2022), so that a forest on noise says the
// mean.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/method/archive.h"

namespace refrain::method {

// Rows of D values that lie one after another, [n,D].
struct ForestRows {
  std::vector<float> x;
  int columns = 0;

  int rows() const { return columns == 0 ? 0 : static_cast<int>(x.size()) / columns; }
};

struct ForestGoal {
  std::vector<double> y;   // [n,C]
  int width = 1;           // C
  std::vector<int> units;  // [n] samples of equal number grow or judge a tree together
  std::uint64_t seed = 0;
  int threads = 1;
};

struct ForestOptions {
  int trees = 200;
  int tried = 0;       // splits that compete in each node; 0 = a tenth of the columns
  int least = 1;       // samples in a leaf
  double share = 0.7;  // of the units in each tree, at most
  int most = 4000;     // units in a tree, at most
};

class Forest {
 public:
  // Same bits on any number of threads. Needs a row and a column at least.
  void fit(const ForestRows& x, const ForestGoal& goal, const ForestOptions& options);

  // [n,C]
  std::vector<double> predict(const ForestRows& x, int threads) const;

  void archive(Archive& file);

  int columns() const { return columns_; }
  int width() const { return width_; }
  // Strength of the hierarchical shrinkage: at a node with n samples, the difference between its
  // children and itself is divided by 1 + shrinkage / n.
  double shrinkage() const { return shrinkage_; }

  struct Node {
    int column = -1;  // -1: a leaf
    float threshold = 0;
    int right = 0;  // where values above the threshold go; the others go to the next node
  };
  struct Tree {
    std::vector<Node> nodes;
    std::vector<float> values;  // [nodes,C]
    std::vector<int> counts;    // [nodes] samples; empty after fit
  };
  const std::vector<Tree>& trees() const { return trees_; }

 private:
  double best_penalty(const ForestRows& x, const ForestGoal& goal,
                      const std::vector<std::vector<char>>& in_bag) const;
  void shrink(Tree& tree) const;
  void check_nodes(const Archive& file) const;

  int columns_ = 0, width_ = 1;
  double shrinkage_ = 0;
  std::vector<double> mean_;  // [C]
  std::vector<Tree> trees_;
};

}  // namespace refrain::method

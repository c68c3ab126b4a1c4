#include "refrain/method/forest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/base/threads.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

constexpr double kClearlyBetter = 1 + 1e-9;  // of two splits that differ by rounding the first wins
// Strengths of hierarchical shrinkage; the last one leaves only the mean.
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr std::array<double, 12> kTreePenalties = {0,  1,   2,   5,   10,   20,
                                                   50, 100, 200, 500, 1000, kInfinite};
constexpr int kMostNumber = 1 << 24;

// Column by column, so that a node reads one after another.
struct ForestColumns {
  std::vector<float> x;  // [D,n]
  Size rows;
  std::vector<int> varying;  // columns that are not constant

  explicit ForestColumns(const ForestRows& from) : rows(static_cast<Size>(from.rows())) {
    const auto D = static_cast<Size>(from.columns);
    x.resize(from.x.size());
    for (Size k = 0; k < D; ++k) {
      bool varies = false;
      for (Size i = 0; i < rows; ++i) {
        x[k * rows + i] = from.x[i * D + k];
        varies = varies || x[k * rows + i] != x[k * rows];
      }
      if (varies) varying.push_back(static_cast<int>(k));
    }
  }
  const float* operator[](int column) const { return &x[static_cast<Size>(column) * rows]; }
};

struct Split {
  int column = -1;
  float threshold = 0;
  double gain = 0;
};

// Grows one tree after another.
class Grower {
 public:
  Grower(const ForestColumns& x, const ForestGoal& goal, const ForestOptions& options)
      : x_(x), goal_(goal), width_(static_cast<Size>(goal.width)), least_(options.least) {
    const int D = static_cast<int>(x.varying.size());
    tried_ = options.tried > 0 ? options.tried : std::max(1, D / 10);
    order_ = x.varying;
  }

  Forest::Tree grow(std::vector<int> bag, base::Rng rng) {
    bag_ = std::move(bag);
    rng_ = rng;
    tree_ = {};
    std::vector<Open> open = {{0, static_cast<int>(bag_.size()), -1, false}};
    while (!open.empty()) {
      const Open node = open.back();
      open.pop_back();
      const int number = add_node(node.begin, node.end);
      if (node.right) tree_.nodes[static_cast<Size>(node.parent)].right = number;
      const Split split = best_split(node.begin, node.end);
      if (split.column < 0) continue;
      const int middle = part(node.begin, node.end, split);
      tree_.nodes[static_cast<Size>(number)] = {split.column, split.threshold, 0};
      open.push_back({middle, node.end, number, true});
      open.push_back({node.begin, middle, number, false});
    }
    return std::move(tree_);
  }

 private:
  // A node to be made, of the samples at these places of the bag.
  struct Open {
    int begin, end, parent;
    bool right;
  };

  const double* target(int place) const {
    return &goal_.y[static_cast<Size>(bag_[static_cast<Size>(place)]) * width_];
  }

  int add_node(int begin, int end) {
    tree_.nodes.emplace_back();
    tree_.counts.push_back(end - begin);
    sums_.assign(width_, 0);
    for (int i = begin; i < end; ++i) {
      for (Size c = 0; c < width_; ++c) sums_[c] += target(i)[c];
    }
    for (const double s : sums_) tree_.values.push_back(static_cast<float>(s / (end - begin)));
    return static_cast<int>(tree_.nodes.size()) - 1;
  }

  bool pure(int begin, int end) const {
    for (int i = begin + 1; i < end; ++i) {
      if (!std::equal(target(i), target(i) + width_, target(begin))) return false;
    }
    return true;
  }

  float at(const float* column, int place) const {
    return column[static_cast<Size>(bag_[static_cast<Size>(place)])];
  }

  Split best_split(int begin, int end) {
    Split best;
    if (end - begin < std::max(2, 2 * least_) || pure(begin, end)) return best;
    int tried = 0;
    for (Size k = 0; k < order_.size() && tried < tried_; ++k) {
      std::swap(order_[k], order_[k + rng_.below(order_.size() - k)]);
      const float* column = x_[order_[k]];
      float low = at(column, begin), high = low;
      for (int i = begin; i < end; ++i) {
        low = std::min(low, at(column, i));
        high = std::max(high, at(column, i));
      }
      if (!(low < high)) continue;
      ++tried;
      const float threshold = uniform(low, high);
      const double gain = gain_of(column, threshold, begin, end);
      if (gain > best.gain * kClearlyBetter) best = {order_[k], threshold, gain};
    }
    return best;
  }

  float uniform(float low, float high) {
    const auto threshold =
        static_cast<float>(rng_.uniform(static_cast<double>(low), static_cast<double>(high)));
    return threshold < high ? threshold : low;
  }

  // How far the split lowers the sum of square errors; 0 where a side has too few.
  double gain_of(const float* column, float threshold, int begin, int end) {
    left_.assign(width_, 0);
    int nl = 0;
    for (int i = begin; i < end; ++i) {
      if (at(column, i) > threshold) continue;
      ++nl;
      for (Size c = 0; c < width_; ++c) left_[c] += target(i)[c];
    }
    const int nr = end - begin - nl;
    if (nl < least_ || nr < least_) return 0;
    double gain = 0;
    for (Size c = 0; c < width_; ++c) {
      const double d = left_[c] / nl - (sums_[c] - left_[c]) / nr;
      gain += d * d;
    }
    return gain * nl * nr / (nl + nr);
  }

  int part(int begin, int end, const Split& split) {
    const float* column = x_[split.column];
    const auto middle = std::stable_partition(bag_.begin() + begin, bag_.begin() + end, [&](int i) {
      return column[static_cast<Size>(i)] <= split.threshold;
    });
    return static_cast<int>(middle - bag_.begin());
  }

  const ForestColumns& x_;
  const ForestGoal& goal_;
  Size width_;
  int tried_ = 1, least_;
  base::Rng rng_{0};
  std::vector<int> order_, bag_;
  std::vector<double> sums_, left_;
  Forest::Tree tree_;
};

Size child_of(const Forest::Tree& tree, Size at, const float* row) {
  const auto& node = tree.nodes[at];
  const bool left = row[static_cast<Size>(node.column)] <= node.threshold;
  return left ? at + 1 : static_cast<Size>(node.right);
}

// The samples of which a tree grows: whole units.
std::vector<char> drawn_bag(const std::vector<int>& units, const ForestOptions& options,
                            base::Rng rng) {
  const int count = *std::max_element(units.begin(), units.end()) + 1;
  std::vector<int> order(static_cast<Size>(count));
  std::iota(order.begin(), order.end(), 0);
  rng.shuffle(order);
  const int wanted = std::min(static_cast<int>(options.share * count), options.most);
  const int kept = std::clamp(wanted, 1, std::max(1, count - 1));
  std::vector<char> chosen(static_cast<Size>(count), 0);
  for (int k = 0; k < kept; ++k) chosen[static_cast<Size>(order[static_cast<Size>(k)])] = 1;
  std::vector<char> in_bag;
  for (const int unit : units) in_bag.push_back(chosen[static_cast<Size>(unit)]);
  return in_bag;
}

std::vector<int> places_of(const std::vector<char>& in_bag) {
  std::vector<int> places;
  for (Size i = 0; i < in_bag.size(); ++i) {
    if (in_bag[i] != 0) places.push_back(static_cast<int>(i));
  }
  return places;
}

// Adds what the tree says of a row under each penalty to said [penalties,C].
void add_under_each(const Forest::Tree& tree, const float* row, const std::vector<double>& mean,
                    std::vector<double>& said) {
  const Size C = mean.size();
  for (Size k = 0; k < said.size(); ++k) {
    const double step = static_cast<double>(tree.values[k % C]) - mean[k % C];
    said[k] += mean[k % C] + step / (1 + kTreePenalties[k / C] / tree.counts[0]);
  }
  for (Size at = 0; tree.nodes[at].column >= 0;) {
    const Size next = child_of(tree, at, row);
    for (Size k = 0; k < said.size(); ++k) {
      const auto step =
          static_cast<double>(tree.values[next * C + k % C] - tree.values[at * C + k % C]);
      said[k] += step / (1 + kTreePenalties[k / C] / tree.counts[at]);
    }
    at = next;
  }
}

}  // namespace

void Forest::fit(const ForestRows& x, const ForestGoal& goal, const ForestOptions& options) {
  const ForestColumns columns(x);
  const auto n = static_cast<double>(x.rows());
  columns_ = x.columns;
  width_ = goal.width;
  mean_.assign(static_cast<Size>(width_), 0);
  for (Size i = 0; i < goal.y.size(); ++i) mean_[i % mean_.size()] += goal.y[i] / n;
  trees_.assign(static_cast<Size>(options.trees), {});
  std::vector<std::vector<char>> in_bag(trees_.size());
  const base::Rng rng = base::Rng(goal.seed).fork("forest");
  base::parallel_for(options.trees, goal.threads, [&](int t) {
    const base::Rng own = rng.fork(static_cast<std::uint64_t>(t));
    auto& in = in_bag[static_cast<Size>(t)];
    in = drawn_bag(goal.units, options, own.fork("bag"));
    trees_[static_cast<Size>(t)] = Grower(columns, goal, options).grow(places_of(in), own);
  });
  shrinkage_ = best_penalty(x, goal, in_bag);
  for (auto& tree : trees_) shrink(tree);
}

// The one of the least square error on samples that the trees did not see; of equals the largest.
double Forest::best_penalty(const ForestRows& x, const ForestGoal& goal,
                            const std::vector<std::vector<char>>& in_bag) const {
  const Size C = mean_.size();
  std::vector<std::array<double, kTreePenalties.size()>> errors(static_cast<Size>(x.rows()));
  base::parallel_for(x.rows(), goal.threads, [&](int row) {
    const auto i = static_cast<Size>(row);
    std::vector<double> said(kTreePenalties.size() * C);
    int count = 0;
    for (Size t = 0; t < trees_.size(); ++t) {
      if (in_bag[t][i] != 0) continue;
      add_under_each(trees_[t], &x.x[i * static_cast<Size>(columns_)], mean_, said);
      ++count;
    }
    for (Size k = 0; count > 0 && k < said.size(); ++k) {
      errors[i][k / C] += std::pow(said[k] / count - goal.y[i * C + k % C], 2);
    }
  });
  std::array<double, kTreePenalties.size()> sums{};
  for (const auto& of_row : errors) {
    for (Size p = 0; p < sums.size(); ++p) sums[p] += of_row[p];
  }
  const auto best = std::min_element(sums.rbegin(), sums.rend());
  return kTreePenalties[static_cast<Size>(sums.rend() - best) - 1];
}

// Draws the value of each node towards that of the node above, the root's towards the mean.
void Forest::shrink(Tree& tree) const {
  const Size C = mean_.size();
  const auto old = tree.values;
  for (Size c = 0; c < C; ++c) {
    const double step = static_cast<double>(old[c]) - mean_[c];
    tree.values[c] = static_cast<float>(mean_[c] + step / (1 + shrinkage_ / tree.counts[0]));
  }
  for (Size k = 0; k < tree.nodes.size(); ++k) {
    if (tree.nodes[k].column < 0) continue;
    const double share = 1 / (1 + shrinkage_ / tree.counts[k]);
    for (const Size child : {k + 1, static_cast<Size>(tree.nodes[k].right)}) {
      for (Size c = 0; c < C; ++c) {
        const auto step = static_cast<double>(old[child * C + c] - old[k * C + c]);
        tree.values[child * C + c] = tree.values[k * C + c] + static_cast<float>(share * step);
      }
    }
  }
  tree.counts.clear();
}

std::vector<double> Forest::predict(const ForestRows& x, int threads) const {
  const auto C = static_cast<Size>(width_), D = static_cast<Size>(columns_);
  std::vector<double> out(static_cast<Size>(x.rows()) * C);
  base::parallel_for(x.rows(), threads, [&](int row) {
    const auto i = static_cast<Size>(row);
    for (const auto& tree : trees_) {
      Size at = 0;
      while (tree.nodes[at].column >= 0) at = child_of(tree, at, &x.x[i * D]);
      for (Size c = 0; c < C; ++c) {
        out[i * C + c] +=
            static_cast<double>(tree.values[at * C + c]) / static_cast<double>(trees_.size());
      }
    }
  });
  return out;
}

// A walk from the root ends: columns exist, and each node leads to later ones of its tree.
void Forest::check_nodes(const Archive& file) const {
  for (const auto& tree : trees_) {
    const auto count = static_cast<int>(tree.nodes.size());
    for (int k = 0; k < count; ++k) {
      const auto& node = tree.nodes[static_cast<Size>(k)];
      const bool leaf = node.column == -1;
      file.require(leaf || (node.column >= 0 && node.column < columns_ && k + 1 < count &&
                            node.right > k && node.right < count));
    }
  }
}

// Numbers of columns and nodes are kept as fractions, exact below 2^24: tensors take little space.
void Forest::archive(Archive& file) {
  file.number("columns_seen", columns_, 1, kMostNumber);
  file.number("outputs", width_, 1, kMostNumber);
  std::vector<int> sizes;
  std::vector<float> column, threshold, right, value;
  for (const auto& tree : trees_) {
    sizes.push_back(static_cast<int>(tree.nodes.size()));
    for (const auto& node : tree.nodes) {
      column.push_back(static_cast<float>(node.column));
      threshold.push_back(node.threshold);
      right.push_back(static_cast<float>(node.right));
    }
    value.insert(value.end(), tree.values.begin(), tree.values.end());
  }
  file.list("sizes", sizes, 1, kMostNumber);
  file.list("column", column);
  file.list("threshold", threshold);
  file.list("right", right);
  file.list("value", value);
  if (!file.reading()) return;
  const Size C = static_cast<Size>(width_), nodes = column.size();
  const auto told = std::accumulate(sizes.begin(), sizes.end(), Size{0});
  file.require(nodes == told && threshold.size() == nodes && right.size() == nodes &&
               value.size() == nodes * C && !sizes.empty());
  for (Size k = 0; k < nodes; ++k) {
    file.require(std::abs(column[k]) <= kMostNumber && std::abs(right[k]) <= kMostNumber);
  }
  trees_.clear();
  Size first = 0;
  for (const int size : sizes) {
    Tree tree;
    for (Size k = first; k < first + static_cast<Size>(size); ++k) {
      tree.nodes.push_back({static_cast<int>(column[k]), threshold[k], static_cast<int>(right[k])});
    }
    const Size end = first + static_cast<Size>(size);
    tree.values.assign(value.begin() + static_cast<std::ptrdiff_t>(first * C),
                       value.begin() + static_cast<std::ptrdiff_t>(end * C));
    first = end;
    trees_.push_back(std::move(tree));
  }
  check_nodes(file);
}

}  // namespace refrain::method

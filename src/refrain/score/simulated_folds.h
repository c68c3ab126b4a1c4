// Two equally good classifiers in repeated cross-validation, for tests and bench/coverage.cc: how
// often are they called different, when training adds luck of its own?
#pragma once

#include "refrain/score/compare.h"
#include "refrain/score/simulated.h"

namespace refrain::score::simulated {

// Two nearest-centroid classifiers, each on features of its own that are equally good, so that the
// methods are equal; K-fold cross-validation, repeated. Two classes.
struct CrossValidated : Methods {
  std::vector<std::vector<int>> fold;
};

inline CrossValidated cross_validated(base::Rng& rng, int n, int folds, int repeats) {
  constexpr std::size_t kFeatures = 4;
  const auto size = static_cast<std::size_t>(n);
  std::vector<std::vector<double>> x(size);  // [n][A's features, B's features]
  const double signal = rng.uniform(0.1, 0.8);
  Classification empty;
  empty.classes = 2;
  for (std::size_t i = 0; i < size; ++i) {
    empty.truth.push_back(static_cast<int>(i % 2));
    x[i] = normals(rng, 2 * kFeatures);
    for (double& v : x[i]) v += i % 2 == 0 ? signal : -signal;
  }
  empty.predicted.resize(size);
  CrossValidated out;
  for (int r = 0; r < repeats; ++r) {
    std::vector<int> fold(size);
    for (std::size_t i = 0; i < size; ++i) fold[i] = static_cast<int>(i) % folds;
    rng.shuffle(fold);
    for (std::size_t side = 0; side < 2; ++side) {
      Classification c = empty;
      for (int f = 0; f < folds; ++f) {
        std::vector<double> direction(kFeatures);
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t j = 0; fold[i] != f && j < kFeatures; ++j) {
            direction[j] += (i % 2 == 0 ? 1 : -1) * x[i][side * kFeatures + j];
          }
        }
        for (std::size_t i = 0; i < size; ++i) {
          double dot = 0;
          for (std::size_t j = 0; j < kFeatures; ++j)
            dot += direction[j] * x[i][side * kFeatures + j];
          if (fold[i] == f) c.predicted[i] = dot > 0 ? 0 : 1;
        }
      }
      (side == 0 ? out.a : out.b).push_back(c);
    }
    out.fold.push_back(fold);
  }
  return out;
}

// Share of `pairs` of equal classifiers in cross-validation that are called different; not
// `by_folds` the permutation test decides.
inline double false_alarms_in_folds(int folds, int repeats, bool by_folds, int pairs, int seed) {
  int alarms = 0;
  for (int i = 0; i < pairs; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    const int n = static_cast<int>(log_uniform(rng, 40, 200));
    const CrossValidated m = cross_validated(rng, n, folds, repeats);
    CompareOptions options;
    options.seed = i;
    if (by_folds) options.fold = m.fold;
    alarms += compare({m.a, m.b}, options).distinguishable ? 1 : 0;
  }
  return static_cast<double>(alarms) / pairs;
}

}  // namespace refrain::score::simulated

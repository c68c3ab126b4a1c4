// Vector loops of attention and of transformers. Nothing here allocates or throws.
#pragma once

#include <cstddef>

#include "refrain/base/real.h"

namespace refrain::kernels {

// x = x * P(Z < x), Z normal: the GELU of Hendrycks and Gimpel (2016). The normal distribution by
// formula 7.1.26 of Abramowitz and Stegun (1964), off by less than 1e-7. NaN stays NaN.
void gelu(std::size_t n, real* x);
// GELU by the approximation with tanh, which some models were trained with.
void gelu_tanh(std::size_t n, real* x);
// d_x += d_y f'(x), f the one or the other as it is computed here.
void gelu_backward(const real* x, const real* d_y, std::size_t n, real* d_x);
void gelu_tanh_backward(const real* x, const real* d_y, std::size_t n, real* d_x);

// Each row of `columns` numbers, `stride` apart: x = softmax(scale * x).
struct ScaledRows {
  real* x;
  std::ptrdiff_t stride;
  int rows, columns;
  real scale;
};
void softmax_rows(const ScaledRows& rows);

// Additive attention (Bahdanau et al. 2015) of one query to some keys:
//   score[u] = energy . tanh(query + keys[u])
struct AdditiveScores {
  const real *query, *keys, *energy;  // [columns], [rows,columns], [columns]
  int rows, columns;
};
void additive_scores(const AdditiveScores& a, real* score);
// Adds what the gradients of the scores make of those of query, keys and energy.
struct AdditiveGradients {
  const real* d_score;  // [rows]
  real *d_query, *d_keys, *d_energy;
};
void additive_scores_backward(const AdditiveScores& a, const AdditiveGradients& d);

}  // namespace refrain::kernels

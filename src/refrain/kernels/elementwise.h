// Vector loops over flat arrays. Nothing here allocates or throws.
#pragma once

#include <cstddef>
#include <cstdint>

#include "refrain/base/real.h"

namespace refrain::kernels {

void add(const real* x, std::size_t n, real* y);                          // y += x
void add_scaled(const real* x, real a, std::size_t n, real* y);           // y += a x
void scale(real a, std::size_t n, real* y);                               // y *= a
void multiply_add(const real* x, const real* m, std::size_t n, real* y);  // y += x m
void multiply(const real* x, const real* m, std::size_t n, real* y);      // y = x m
double sum_of_squares(const real* x, std::size_t n);

// y = f(x); y may be x. NaN stays NaN. exp holds x within [-87, 88] (double: [-708, 709]), sigmoid
// holds -x there: neither gives 0 or infinity.
void exp(const real* x, std::size_t n, real* y);
void sigmoid(const real* x, std::size_t n, real* y);
void tanh(const real* x, std::size_t n, real* y);
void softmax(std::size_t n, real* x);  // in place
// Softmax of many numbers, faster; returns log(sum(exp(x))). Sums run in vectors.
double softmax_of_many(std::size_t n, real* x);

// Where x is larger than best (or, with `ties`, as large): best = x, where = place. A NaN enters
// best and stays.
struct Candidate {
  const real* x;
  real place;
  bool ties;
};
void keep_largest(const Candidate& candidate, std::size_t n, real* best, real* where);
// y = x where `where` is place, else 0.
void select_place(const real* x, const real* where, real place, std::size_t n, real* y);

// mask[i] = 0 with probability p, else 1 / (1 - p). Element i is a hash of (key, first + i): it
// does not depend on how the calls are cut.
void dropout_mask(std::uint64_t key, std::uint32_t first, real p, std::size_t n, real* mask);

// One step of Adam (Kingma and Ba 2015): m, v are running moments; rate and epsilon already hold
// the bias corrections; decay is the decoupled weight decay times the learning rate (0 for plain
// Adam).
struct AdamStep {
  real beta1, beta2, rate, epsilon, decay;
};
void adam(const AdamStep& step, const real* d, std::size_t n, real* m, real* v, real* x);

}  // namespace refrain::kernels

// Dropout (Srivastava et al. 2014; variational: Gal and Ghahramani 2016). Masks are keyed by
// sample, not by the sample's place in the batch: the same sample gets the same mask beside any
// others and on any thread. Kept values are divided by 1 - p, so that prediction needs no change.
#pragma once

#include <cstdint>

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// The source of masks: a probability, and a key for each sequence row (sample, epoch, operation).
struct Dropout {
  real p = 0;
  const std::uint64_t* row_key = nullptr;  // [B] in the row order of Steps
};

// A mask for every element of every step. x [N,F].
Var dropout_elements(Tape& tape, Var x, const Dropout& dropout, const tensor::Steps& steps);

// One mask a sequence, the same at all its steps. x [N,F].
Var dropout_variational(Tape& tape, Var x, const Dropout& dropout, const tensor::Steps& steps);

// One mask a row of x [B,F], rows in batch order (Steps::position leads there).
Var dropout_rows(Tape& tape, Var x, const Dropout& dropout, const tensor::Steps& steps);

// Drops whole word types of a text: every occurrence of a dropped word in that sample becomes
// zeros. x [N,E] are the vectors of ids [N].
Var dropout_words(Tape& tape, Var x, const int* ids, const Dropout& dropout,
                  const tensor::Steps& steps);

// Zoneout's mask (Krueger et al. 2017) of the steps [first,end), row by row of F features: 1 with
// probability p, else 0.
void zoneout_mask(const Dropout& dropout, const tensor::Steps& steps, int first, int end,
                  int features, real* mask);

// Weight drop (Wan et al. 2013, Merity et al. 2018): a mask for each weight, the same for the whole
// batch.
Var dropout_weights(Tape& tape, Var w, real p, std::uint64_t key);

// The mask itself, [B,F] in row order: recurrent dropout hands it to the driver.
Tensor variational_mask(Tape& tape, int features, const Dropout& dropout, int sequences);

}  // namespace refrain::tape

// The steps of ragged sequences that have a step after them, or before them: what a language model
// predicts the neighbour of.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// How many pairs of consecutive steps there are.
inline int neighbour_count(const tensor::Steps& steps) { return steps.N - steps.B; }

// Columns [from, from + width) of x [N,F], a row for each pair of consecutive steps in the order of
// the later ones: of the earlier step, or of the later one. Throws shape where there is no pair.
Var earlier_steps(Tape& tape, Var x, int from, int width, const tensor::Steps& steps);
Var later_steps(Tape& tape, Var x, int from, int width, const tensor::Steps& steps);

// ids [N] of the steps -> those of the later steps of the pairs, and of the earlier ones.
void earlier_ids(const int* ids, const tensor::Steps& steps, int* out);
void later_ids(const int* ids, const tensor::Steps& steps, int* out);

}  // namespace refrain::tape

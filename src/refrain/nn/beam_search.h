// Beam search: the most probable sequences that a decoder writes, by length-normalised scores (Wu
// et al. 2016), several hypotheses side by side. A beam of one is greedy search. Or sequences that
// are drawn by their probabilities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "refrain/nn/decoder_stream.h"

namespace refrain::nn {

struct BeamOptions {
  int mark = 0;       // the symbol that begins and ends a sequence
  int beam = 5;       // hypotheses that go on
  int best = 1;       // hypotheses that are returned, at most
  int longest = 100;  // symbols of one
  // Scores are log p over ((5 + length) / 6) to this power, the length counting the end.
  double length_power = 0.6;
  // Weight of the penalty on steps of the source that got little attention in all; 0 = none.
  double coverage = 0;
  // Above 0 the hypotheses are not searched for but drawn, `beam` of them, from the probabilities
  // to the power of 1 / temperature; `draws` is their generator's key.
  double temperature = 0;
  std::uint64_t draws = 0;
};

// What log p of so many symbols, the end included, is divided by.
double length_normaliser(double length, double power);

struct Hypothesis {
  std::vector<int> symbols;   // without marks
  double log_p = 0;           // natural, the end included
  double score = 0;           // what hypotheses are ordered by
  bool ended = true;          // false: it was cut at `longest` symbols
  std::vector<real> weights;  // [symbols + end, steps of the source], mean over heads and voices
};

// One decoder of several that write together, and the states that its encoder made of the source:
// [steps,inputs] of one sequence.
struct Voice {
  const PackedDecoder* decoder = nullptr;
  tensor::Tensor source = {};
};

// The best first; equal scores in the order of their symbols. Several decoders have one vocabulary
// and one number of source steps; their probabilities are averaged at each step.
std::vector<Hypothesis> beam_search(std::span<const Voice> voices, const BeamOptions& options);
std::vector<Hypothesis> beam_search(const Voice& voice, const BeamOptions& options);

}  // namespace refrain::nn

// Text from a language model: one unit after another is drawn from what it predicts.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "refrain/language/source.h"

namespace refrain::language {

struct Generation {
  std::string prompt;
  int length = 500;        // units after the prompt
  double temperature = 1;  // below 1: likelier units more often; 0 = always the likeliest
  double top_p = 1;        // of the likeliest units that hold this share (Holtzman et al. 2020)
  int seed = 1;
  const std::atomic<bool>* stop = nullptr;
};

// The text after the prompt. The same options give the same text.
std::string generate(const Source& source, const Generation& options);

// The unit that `draw` in [0, 1) chooses from log probabilities, of which those of `without` (-1 =
// none) are left out.
int choose_unit(const std::vector<double>& log_p, const Generation& options, int without,
                double draw);

}  // namespace refrain::language

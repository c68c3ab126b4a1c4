// The training doctor of networks that write replies: looks at greedy replies to the validation
// part and says what is wrong with them and which option to change.
#pragma once

#include <string>
#include <vector>

#include "refrain/train/trainer.h"
#include "refrain/transduce/transducer.h"

namespace refrain::transduce {

// Counts of greedy replies to the first samples whose references are not empty.
struct WritingFacts {
  int replies = 0;
  int empty = 0;     // of these, without any symbol
  int cut = 0;       // of these, more than twice as long as their references
  double blank = 0;  // share of the encoder's steps at which CTC writes nothing
};
WritingFacts facts_of_writing(const Transducer& t, const data::Subset& samples, int threads);

// Findings as sentences: those of train::diagnose on the first network's training, behind what the
// replies show. None for a healthy training.
std::vector<std::string> reply_findings(const WritingFacts& facts, const Settings& settings,
                                        const train::Outcome& first);

}  // namespace refrain::transduce

// Pairs of which a model wrote one side; a network learns from them beside the true ones
// (back_translation.h, self_training.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "refrain/augment/parse.h"
#include "refrain/base/log.h"
#include "refrain/data/subset.h"
#include "refrain/transduce/transducer.h"

namespace refrain::transduce {

struct MadePairs {
  std::string by;  // what made them, for people
  std::vector<data::Sample> samples;
  int asked = 0;   // different texts
  int known = 0;   // of them left out, since they stand in the parts that judge the network
  int unlike = 0;  // left out, since what the model wrote was empty or failed a check

  void add(std::string source, std::string reply);
  std::string summary() const;
};

struct MakingPairs {
  data::Subset training;
  // The side that the made pairs keep, of the samples that choices or scores are made by.
  std::vector<std::string> judged;
  int threads = 1;
  const std::atomic<bool>* stop = nullptr;
  base::Log log;
  std::uint64_t seed = 1;
};

// Takes the first step that `wanted` says yes to out of a specification of augmentation, which
// stays without it. Throws usage for steps that there are not, and for options of the wrong type or
// with a range.
std::optional<augment::Step> take_step(std::string& augment,
                                       const std::function<bool(const augment::Step&)>& wanted);

// Throws usage where the file's model reads no texts.
Transducer model_of_texts(const std::string& path);

// The model's reply to each line.
std::vector<std::string> answers_of(const Transducer& model, const std::vector<std::string>& lines,
                                    const MakingPairs& parts);

// The lines of a file of texts; of a file of pairs, the sources.
std::vector<std::string> lines_of(const std::string& path, const base::Log& log);

// The different ones of these texts that judge nothing; `out` counts.
std::vector<std::string> texts_to_use(std::vector<std::string> texts, const MakingPairs& parts,
                                      MadePairs& out);

}  // namespace refrain::transduce

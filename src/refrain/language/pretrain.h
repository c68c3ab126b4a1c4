// From a text to a language model: units, cut, options, training, score; n-grams beside it.
#pragma once

#include <string>
#include <vector>

#include "refrain/language/evaluate.h"
#include "refrain/language/source.h"
#include "refrain/train/trainer.h"

namespace refrain::language {

// The texts, in UTF-8. Where `valid` is empty the end of `train` is held out; where `test` is empty
// the validation part is scored.
struct Texts {
  std::string train, valid, test;
};

// How well a text is predicted, in every measure. Nats are of natural logarithms.
struct Figures {
  int units = 0;
  double unknown = 0;  // share of unknown units
  TextSize size;
  Mean nats;                          // a unit
  Mean scaled(double measure) const;  // nats in all over `measure`
};

struct NgramResult {
  std::string name;
  Figures figures;
  double seconds = 0;
};

struct Pretrained {
  Source source;
  bool scored_valid = false;  // there was no test text
  bool interrupted = false;
  int n_train = 0, n_valid = 0, n_test = 0;  // units
  Figures figures;                           // of the mixture, where there is one
  Figures network;                           // of the network alone, where there is a mixture
  Figures backward;                          // of the second way, where there is one
  std::vector<NgramResult> ngrams;
  train::Outcome outcome;
  double train_seconds = 0, evaluate_seconds = 0;
  double units_per_second = 0;  // in training
};

struct PretrainHooks {
  train::Hooks train;
  std::string checkpoint;  // file, "" = none
  bool resume = false;
  double begun = 0;  // base::steady_seconds() that --time-limit counts from
};

Pretrained pretrain(const Texts& texts, const LanguageSpec& spec, const PretrainHooks& hooks);

// Scores a text with a source, forwards (way 0) with its n-grams where it has some.
Figures score_text(const Source& source, const std::string& text, int way, int threads);

}  // namespace refrain::language

// The options of a language model: units, network, regularisation, training. Their names are those
// of `refrain train` wherever the same is meant.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/nn/encoder.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"

namespace refrain::language {

constexpr int kAuto = 0;           // chosen from the text (resolve.h)
constexpr double kAutoShare = -1;  // a probability that is chosen likewise

struct UnitSpec {
  std::string unit = "word";
  std::string tokens = "auto";
  bool lowercase = true;
  int min_count = kAuto;
  int max_vocabulary = 50000;
  int vocabulary_size = kAuto;
  std::string sentencepiece;
};

struct NetworkSpec {
  std::string cell = "lstm";
  int hidden = kAuto;
  int layers = kAuto;
  bool bidirectional = false;
  int embedding_dim = kAuto;
  std::string tied = "auto";
  std::string softmax = "auto";
  double dropout = kAutoShare;
  double input_dropout = kAutoShare;
  double recurrent_dropout = 0;
  double zoneout = 0;
  double weight_drop = kAutoShare;
  double embedding_dropout = kAutoShare;
  double ar = 0;
  double tar = 0;
};

// How the text is read and scored: the window of truncated back-propagation, parts, n-grams.
struct ReadingSpec {
  int bptt = kAuto;
  bool jitter = true;
  double zero_state = kAutoShare;
  double valid_fraction = kAutoShare;
  std::string time_limit;
  bool baselines = true;
  std::string blend = "auto";
  int ngram_order = kAuto;
  std::string encoding = "utf-8";
};

struct LanguageSpec {
  UnitSpec units;
  NetworkSpec network;
  ReadingSpec reading;
  train::TrainSpec train;
  optim::OptimSpec optim;

  LanguageSpec();
};

// Every option by name, with range and help.
const std::vector<base::Field>& language_fields();

// Throws usage where options contradict each other.
void check_options(const LanguageSpec& spec);

// The encoder that a classifier would build of the same options: the layers have its names.
nn::EncoderSpec encoder_spec(const NetworkSpec& spec);

}  // namespace refrain::language

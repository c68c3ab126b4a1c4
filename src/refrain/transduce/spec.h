// The options of tasks whose answers are sequences of symbols (translate, transcribe), and with
// those of networks and training what a fit needs to know.
#pragma once

#include <set>
#include <string>

#include "refrain/base/fields.h"
#include "refrain/data/features.h"
#include "refrain/nn/decoder.h"
#include "refrain/nn/encoder.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"

namespace refrain::transduce {

constexpr int kAuto = 0;            // chosen from the data (settle.h)
constexpr double kAutoNumber = -1;  // likewise
constexpr const char* kTranslate = "translate";
constexpr const char* kTranscribe = "transcribe";

struct ReplySpec {
  std::string decoder = "auto";
  double ctc_weight = kAutoNumber;
  int repeat = kAuto;
  std::string source_units = "auto", reply_units = "auto";
  int vocabulary_size = kAuto;
  bool shared_vocabulary = false;
  std::string decoder_attention = "additive";
  int decoder_hidden = kAuto;
  bool input_feeding = false;
  int beam = kAuto;
  int n_best = 1;
  double length_penalty = 1;
  double coverage_penalty = 0;
  double sampling = 0;
  std::string language_model = "none";
  double language_model_weight = 0.5;
  double symbol_bonus = 0;
  bool skip_impossible = false;
};
base::Fields<ReplySpec> reply_fields();

struct Settings {
  std::string task = kTranslate;
  ReplySpec reply;
  data::FeatureSpec features;
  nn::EncoderSpec encoder;
  double label_smoothing = 0.1;
  train::TrainSpec train;
  optim::OptimSpec optim;
  std::string augment;
  std::string preset = "good";
  int ensemble = kAuto;
  bool refit = false;
  double seconds = 0;           // for the networks; 0 = as it takes
  std::set<std::string> given;  // names of options that a choice by the data leaves alone

  bool translates() const { return task == kTranslate; }
  bool attends() const { return reply.decoder != "ctc"; }
  bool has_ctc() const { return reply.decoder != "attention"; }
};

}  // namespace refrain::transduce

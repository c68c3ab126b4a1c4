// All options of a training run, each declared once by the layer it belongs to. 0 or -1 where a
// help text says so means "chosen from the training data": resolve() puts the choice in.
#pragma once

#include <set>
#include <string>

#include "refrain/data/features.h"
#include "refrain/data/life_windows.h"
#include "refrain/data/reader.h"
#include "refrain/forecast/spec.h"
#include "refrain/nn/encoder.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/trainer.h"
#include "refrain/transduce/spec.h"
#include "refrain/transformer/front_end.h"

namespace refrain::task {

struct ClassifySpec {
  double label_smoothing = 0.1;
  std::string class_weight = "none";
};

struct RegressSpec {
  std::string loss = "squared";
  double huber_delta = 1;
  double interval = 0.9;
};

struct TagSpec {
  std::string head = "crf";
  std::string span_tags = "bioes";
  std::string also = "nothing";
  double also_weight = 0.3;
};

struct TransferSpec {
  std::string init;  // file of the source; empty: the network begins anew
  bool verdict = true;
  std::string vectors;      // file of word vectors; empty: none
  std::string source_test;  // file of the source's own task; empty: nobody asks
};

constexpr double kAutoWeight = 0;  // "auto"

struct ModelSpec {
  std::string model = "network";
  int ensemble = 1;
  std::string blend;
  double blend_weight = 1;
  int blend_repeats = 1;
  std::string meanings;  // empty: none are read
  bool distil = false;
  bool calibrate = false;
  std::string cost;
};

struct AugmentSpec {
  std::string augment;
  int tta = 0;
};

struct SplitSpec {
  int folds = 0;
  int repeats = 1;
  std::string fold_by = "stratified";
  int purge = 0;
  double test_fraction = 0.2;
  double valid_fraction = -1;
  bool refit = false;
  bool allow_overlap = false;
  bool baselines = true;
};

struct Spec {
  std::string task = "auto";
  std::string preset = "auto";
  std::string time_limit;
  ModelSpec model;
  data::ReadSpec read;
  data::FeatureSpec features;
  transformer::TextEncoderSpec text_encoder;
  nn::EncoderSpec encoder = {.embedding_dim = 0, .dropout = -1};
  ClassifySpec classify;
  RegressSpec regress;
  TagSpec tag;
  data::LifeSpec life;
  forecast::ForecastSpec forecast;
  transduce::ReplySpec reply;
  AugmentSpec augment;
  SplitSpec split;
  TransferSpec transfer;
  train::TrainSpec train;
  optim::OptimSpec optim;

  std::set<std::string> given;  // the options that were named: a preset leaves them alone
};
base::Fields<Spec> spec_fields();

// The simple methods that the options name, in place of networks or beside them.
std::vector<std::string> simple_methods(const Spec& spec);

// The properties of the training data that defaults depend on; they never depend on test data.
struct TrainingData {
  int samples = 0;
  bool text = false;     // nothing but texts
  bool mixed = false;    // series and texts
  bool sound = false;    // series that were made of recordings
  bool states = false;   // series that an encoder made of texts
  bool tuned = false;    // the network tunes layers of that encoder
  bool numbers = false;  // are learned, no classes
  bool tags = false;     // are learned, one a step or word
  bool lives = false;    // windows of units that run to failure
  int channels = 1;
  int steps = 100;  // the median length
};

// The size of word vectors and the dropout that were left to the data.
void fill_sizes(Spec& spec, const TrainingData& data);

void resolve(Spec& spec, const TrainingData& data);

}  // namespace refrain::task

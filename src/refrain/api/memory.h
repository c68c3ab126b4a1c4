// Training and prediction with samples that are in memory instead of in files: what the Python
// package goes through. The same options and samples give the same model, to the bit, as
// `refrain train` with a test file. Standard library only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/model.h"
#include "refrain/api/options.h"

namespace refrain::api {

// A recording of one channel: `rate` samples a second.
struct Recording {
  int rate = 0;
  std::vector<float> samples;
};

// Reads WAV, FLAC or OGG; several channels are mixed down to their mean. Throws io and data.
Recording read_recording(const std::string& path);

// One series: `steps` rows of the samples' channels, [T,C] row-major; NaN is a missing value. The
// numbers belong to the caller and stay until the call is over.
struct SeriesView {
  const float* values = nullptr;
  std::size_t steps = 0;
};

// A run of words or steps that tags mark, [begin, end) from 0: of a raw text characters (Unicode
// code points), else words or steps.
struct TagSpan {
  int begin = 0, end = 0;
  std::string label;
  // The smallest probability among the tags of an answer: an upper bound of the probability that
  // all of them are correct.
  double probability = 1;
};

// All of `series` or all of `texts`; the other lists are empty or have one entry a sample.
struct Samples {
  std::string name = "X";  // in messages
  bool text = false;
  int channels = 1;  // series only
  std::vector<SeriesView> series;
  std::vector<double> offset;  // [C] what was subtracted from the values already; empty: nothing
  std::vector<int> rates;  // recordings: samples a second of each, whose sound its series then is
  std::vector<std::string> texts;               // UTF-8
  bool in_words = false;                        // `words` stand in place of texts
  std::vector<std::vector<std::string>> words;  // UTF-8; a blank inside a word becomes U+00A0
  // The targets of a tagger: one tag for each word or step, in any tagging scheme, or spans of raw
  // texts.
  std::vector<std::vector<std::string>> tags;
  bool in_spans = false;  // `spans` stand in place of tags
  std::vector<std::vector<TagSpan>> spans;
  std::vector<std::string> labels;
  std::vector<std::string> classes;  // beside those of `labels`: may come in later
  // The type of the labels before they became text ("text", "integer", "float", "bool"); the model
  // keeps it. Empty: nothing is kept.
  std::string label_kind;
  // What the caller set, in words of its own: kept with the model, and describe() gives it back.
  std::string given;
  // Stop the training early in place of a part of these samples; null: options.valid_fraction.
  const Samples* valid = nullptr;
  std::vector<std::string> groups;  // "" = a group of its own
  std::vector<double> weights;      // of the samples in the loss; 0 leaves a sample out

  bool sound() const { return !rates.empty(); }
  std::size_t size() const {
    return !text ? series.size() : in_words ? words.size() : texts.size();
  }
};

// An epoch of the first network.
struct EpochLine {
  int epoch = 0;  // from 1
  double loss = 0, lr = 0, gradient_norm = 0;
  bool has_valid = false;
  double valid_score = 0, valid_loss = 0;
};

struct FitReport {
  int n_train = 0, n_valid = 0;
  long long params = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;  // epochs, patience, fitted (a simple method), interrupted
  double seconds = 0;
  std::vector<EpochLine> history;
  std::string options;      // JSON: all of them, as they were chosen from the data
  std::string made, other;  // as in Report
};

// Fits a model to all samples; a validation part is cut off as the options say. Throws data where
// lists differ in size, a text is not UTF-8, a weight is negative or not finite, fewer than two
// classes are left; usage, numeric, unsupported as train() does. Where hooks.stop was set the
// report says "interrupted" and the model is that of the updates so far.
Model fit(const Samples& samples, const Options& options, const Hooks& hooks, FitReport* report);

struct Further {
  Model model;
  FitReport report;
};

// Trains the networks of a model further, from the weights that they have: a pass over all samples
// (or `epochs`, where given) at a constant rate. Labels, scaling, vocabulary and sizes stay; of the
// options those of training, optimisation and fine-tuning (freeze, l2_sp towards the weights that
// this call begins with, ...) count, the model's own where they were not given. The report's epochs
// and n_train are of this call. Throws data for a label that the model does not know, unsupported
// where a member is no network, else as fit() does.
Further fit_further(const Model& model, const Samples& samples, const Options& options,
                    const Hooks& hooks);

// Returns the predictions [n,columns] row by row, in the order of Model::columns(): class
// probabilities, or numbers with their intervals. The result is the same for any number of threads
// (0 = all cores). Throws data if the samples do not have the form of the training data.
std::vector<double> predictions(const Model& model, const Samples& samples, int threads);

// The class of each row of probabilities [n,C]: the most probable one, or where mistakes have costs
// the cheapest.
std::vector<int> decide(const Model& model, const std::vector<double>& probability);

// Describes the samples, everything that fit() would refuse, and what looks suspicious, as one JSON
// object {"samples", "channels", "steps": [shortest, median, longest], "missing": share of all
// values, "classes": {label: samples}, "problems": [[sample or -1, sentence], ...], "warnings": in
// the same form}.
std::string validate(const Samples& samples);

}  // namespace refrain::api

// Why a model answers as it does: which words or steps of a sample speak for its answer, and
// whether that can be trusted. Standard library only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/api/memory.h"

namespace refrain::api {

struct ExplainChoice {
  std::string method;             // of explanation_methods(); "" = by the kind of data
  std::string target = "answer";  // "answer" of the model, "label" of the file, or a class
  int samples = 20;               // explained, from the first on; 0 = all
  int segments = -1;              // runs of steps of a series; 0 = each step, -1 = by its length
  int draws = 0;                  // of methods that draw; 0 = as usual
  int seed = 1;
  bool checks = true;
  // The training file: which of its samples are nearest, and which speak for the answer; "" = none.
  // Of models of classes with networks.
  std::string train;
};

// Name and description of each.
std::vector<std::pair<std::string, std::string>> explanation_methods();

struct ExplainedPart {
  int stream = 0;
  int channel = -1;        // from 0; -1 = all, and of texts
  int begin = 0, end = 0;  // words or steps [begin, end) from 0
  std::string text;        // of a word
  double score = 0;        // positive: speaks for the target
};

// A training sample that an answer rests on.
struct RelatedSample {
  std::string id, label, text;  // text: its beginning, of texts
  double value = 0;             // distance, or influence
};

struct Explanation {
  std::string id, label, answer;
  std::string target;            // the class that is explained; "" of numbers
  double value = 0;              // log odds of the target, or the number
  double promised = 0, sum = 0;  // what scores should add up to and do; both 0 without a promise
  std::vector<ExplainedPart> parts;
  // By distance; by influence: positive ones made the answer likelier.
  std::vector<RelatedSample> nearest, supporting, opposing;
  int steps = 0, channels = 0;  // of the first stream, where it is a series
  std::vector<float> values;    // [steps,channels] of it
};

struct Explanations {
  std::string method, task;
  std::string unit;                   // of value and scores: "log odds", or the number's name
  std::vector<std::string> channels;  // of the first stream, where it is a series
  std::vector<Explanation> samples;
  struct Checks {
    Score deletion, insertion;  // gains over random orders, with interval over samples
    double stability = 1;
    std::optional<double> randomised;
    std::vector<double> share, deletion_curve, insertion_curve, random_deletion, random_insertion;
    std::vector<std::string> against;
  };
  std::optional<Checks> checks;
  double completeness_error = 0;  // largest relative one; 0 without a promise
  std::vector<std::string> remarks;

  bool faithful() const { return !checks || checks->against.empty(); }
  std::string json() const;
  std::string csv() const;   // a part a row
  std::string text() const;  // for people
};

// `options` say how to read the file. Throws usage for an unknown method or class, unsupported
// where a method cannot look into the model, and for models that tag or forecast; else as
// Model::predict.
Explanations explain(const Model& model, const std::string& data, const Options& options,
                     const ExplainChoice& choice, const Hooks& hooks);
Explanations explain(const Model& model, const Samples& samples, const ExplainChoice& choice,
                     int threads);

// As one HTML file that stands by itself; language "en", "zh", or "" for English.
std::string explanation_page(const Explanations& found, const std::string& language);

}  // namespace refrain::api

// Why a model answers as it does: which words or steps of a sample speak for its answer, and
// whether that can be trusted. Standard library only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/api/forecast.h"
#include "refrain/api/memory.h"

namespace refrain::api {

struct ExplainChoice {
  std::string method;  // of explanation_methods(); "" = by the kind of data
  // "answer" of the model, "label" of the file, or a class; of taggers the spans that are answered,
  // those of the file, or those of one type.
  std::string target = "answer";
  int samples = 20;   // explained, from the first on; 0 = all
  int segments = -1;  // runs of steps of a series; 0 = each step, -1 = by its length
  int draws = 0;      // of methods that draw; 0 = as usual
  int seed = 1;
  bool checks = true;
  int step = 0;  // of a forecast, from 1; 0 = the mean of its steps
  // The training file: which of its samples are nearest, and which speak for the answer; "" = none.
  // Of models of classes with networks.
  std::string train;
  // Labels of that file that may be wrong, as 'refrain inspect --fixes-out' lists them: marks them
  // among these samples; "" = none.
  std::string fixes;
  // Also how the answer comes about as a sample is read, and the states of the network on the way.
  // Of models of classes and numbers.
  bool states = false;
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
  std::string suggested = {};   // the label that a list of wrong labels suggests; "" = not listed
};

// A training sample on a list of wrong labels, and the explained samples whose answers it has a
// part in.
struct SuspectSample {
  std::string id, label, suggested, text;
  double confidence = 0;                             // that the label is wrong
  std::vector<std::string> supports, opposes, near;  // ids
};

// How an answer comes about while the sample is read from the front.
struct AnswerPath {
  std::vector<int> steps;                   // words or steps read so far
  std::vector<std::vector<double>> answer;  // [column][of steps] probabilities, or the number
  // Of each step, the states of the topmost recurrent layer of the first network: their length, how
  // far they move from the step before, and their place on the two axes along which the states of
  // all explained samples vary most. Empty where no member is a network.
  std::vector<double> size, speed, first_axis, second_axis;
};

struct Explanation {
  std::string id, label, answer;
  // Of taggers one a span: words or steps [begin, end) from 0, and the words; else -1.
  int begin = -1, end = -1;
  std::string words;
  std::string target;            // the class that is explained; "" of numbers
  double value = 0;              // log odds of the target, or the number
  double promised = 0, sum = 0;  // what scores should add up to and do; both 0 without a promise
  std::vector<ExplainedPart> parts;
  // By distance; by influence: positive ones made the answer likelier.
  std::vector<RelatedSample> nearest, supporting, opposing;
  std::optional<AnswerPath> reading;
  int steps = 0, channels = 0;     // of the first stream, where it is a series
  std::vector<float> values;       // [steps,channels] of it
  bool sound = false;              // it is made of a recording: channels are bands of pitch
  std::vector<std::string> times;  // of forecasts: of each step
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
  std::vector<std::string> columns;     // of AnswerPath::answer: classes, or the number
  std::vector<SuspectSample> suspects;  // those with the largest part first
  double completeness_error = 0;        // largest relative one; 0 without a promise
  std::vector<std::string> remarks;

  bool faithful() const { return !checks || checks->against.empty(); }
  std::string json() const;
  std::string csv() const;   // a part a row
  std::string text() const;  // for people
};

// `options` say how to read the file. Throws usage for an unknown method or class, unsupported
// where a method cannot look into the model; else as Model::predict.
Explanations explain(const Model& model, const std::string& data, const Options& options,
                     const ExplainChoice& choice, const Hooks& hooks);
// Samples in memory; `training` in place of choice.train, null where there is none.
Explanations explain(const Model& model, const Samples& samples, const ExplainChoice& choice,
                     int threads, const Samples* training = nullptr);

// What the forecasts at the ends of a file's series rest on: last steps and covariates. Throws
// usage for a step that is not forecast, unsupported for methods that look into networks.
Explanations explain(const Forecaster& model, const std::string& data, const Options& options,
                     const ExplainChoice& choice, const Hooks& hooks);

// As one HTML file that stands by itself; language "en", "zh", or "" for English.
std::string explanation_page(const Explanations& found, const std::string& language);

}  // namespace refrain::api

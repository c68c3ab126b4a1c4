// What a Transducer holds; for the sources of this layer only.
#pragma once

#include "refrain/api/transducer.h"
#include "refrain/store/run.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

struct Transducer::Impl {
  transduce::Transducer model;
};

// What a model replied to labelled samples, and what that is worth.
struct EvaluatedReplies {
  std::shared_ptr<const data::Dataset> data;
  std::vector<store::Prediction> predictions;  // one a sample
  Report report;
};
EvaluatedReplies evaluate_replies(const transduce::Transducer& t, const std::string& data,
                                  const Options& options, const Hooks& hooks);

// Length of an encoder's step: seconds of a recording, steps of a series.
double step_length(const transduce::Transducer& t);
bool writes_in_seconds(const transduce::Transducer& t);

}  // namespace refrain::api

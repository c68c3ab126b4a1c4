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
// The same of samples that are read already.
EvaluatedReplies evaluate_replies(const transduce::Transducer& t,
                                  std::shared_ptr<const data::Dataset> data, const Options& options,
                                  const Hooks& hooks);

// Replies to samples that are read already, with times where the model tells them. What was not
// written when hooks.stop was set is left out.
std::vector<WrittenReply> write_replies(const transduce::Transducer& t, const data::Dataset& d,
                                        const Options& options, const Hooks& hooks);

// Length of an encoder's step: seconds of a recording, steps of a series.
double step_length(const transduce::Transducer& t);
bool writes_in_seconds(const transduce::Transducer& t);

}  // namespace refrain::api

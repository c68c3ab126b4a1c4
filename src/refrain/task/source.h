// A source: a trained network that another training begins with (--init). Its architecture, its
// vocabulary and its view of series are taken over; scaling is fitted to the new training part.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/data/features.h"
#include "refrain/nn/encoder.h"
#include "refrain/nn/param_set.h"
#include "refrain/task/spec.h"

namespace refrain::task {

struct Source {
  std::string path;
  std::string task;  // that it learned
  nn::EncoderSpec encoder;
  data::Features features;
  nn::ParamSet params;
  std::vector<std::string> classes;  // or tags, of its head; empty: none
  bool any_channel = false;          // its one channel stands for any
};

// Reads a model file, of which the first network counts, or a file of `refrain pretrain`. Read once
// as long as the file stays as it is. Throws io or data; data for a model without a network.
std::shared_ptr<const Source> read_source(const std::string& path);

// The source of spec.transfer.init; null without one.
std::shared_ptr<const Source> source_of(const Spec& spec);

// Puts the source's architecture into the options. Throws usage, naming the option, where another
// one was asked for.
void adopt_architecture(Spec& spec, const TrainingData& data);

}  // namespace refrain::task

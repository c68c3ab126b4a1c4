// A learner is fitted to samples, answers samples and goes into a model file: a network or a simple
// method. Members, averages, inner folds, searches, distillation and variants speak to learners.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/digest.h"
#include "refrain/base/json.h"
#include "refrain/data/features.h"
#include "refrain/data/subset.h"
#include "refrain/task/spec.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {

class Network;

// Options and features of a model; its file holds a learner's own where they differ from these.
struct Form {
  const Spec& spec;
  const data::Features& features;
};

class Learner {
 public:
  virtual ~Learner() = default;
  // Answers [n,width] in the terms of the goal; the same for any number of threads.
  virtual std::vector<double> answer(const data::Subset& samples, int threads) const = 0;
  // The answer to one made-up sample of this form, always the same.
  virtual std::vector<double> self_test(const Form& form) const = 0;
  // Adds tensors called prefix + name to the file, and all else that it consists of to the entry.
  virtual void write(const Form& form, const std::string& prefix, tensor::TensorFile& file,
                     base::Json& entry) const = 0;
  virtual std::size_t number_count() const = 0;               // of fitted numbers
  virtual void add_to(base::Digest& digest) const = 0;        // all of these
  virtual const Network* network() const { return nullptr; }  // null unless it is one
};

}  // namespace refrain::task

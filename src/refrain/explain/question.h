// What is asked of a model about a sample: the log odds of one class, or one of the numbers that it
// predicts. Works for every kind of member.
#pragma once

#include <functional>
#include <vector>

#include "refrain/explain/subject.h"
#include "refrain/task/model.h"

namespace refrain::explain {

class Question {
 public:
  // Does to changed samples what was done to those of the file (an encoder reads texts); may be
  // empty. `form` is a dataset of the model's form, whose samples play no part.
  using Prepare = std::function<void(data::Dataset&)>;
  Question(const task::Model& model, const data::Dataset& form, Prepare prepare, int threads);

  // Columns of the model's answers that can be asked for: classes, numbers.
  int columns() const;
  // The value of a column for each sample.
  std::vector<double> values(std::vector<data::Sample> samples, int column) const;
  // The column that the model decides for, and the only one of a number.
  int decided(const data::Sample& sample) const;

  // These samples as a dataset of the model's form, prepared.
  data::Dataset dataset(std::vector<data::Sample> samples) const;
  const task::Model& model() const { return model_; }
  int threads() const { return threads_; }

 private:
  std::vector<double> answers(std::vector<data::Sample> samples) const;

  const task::Model& model_;
  data::Dataset form_;
  Prepare prepare_;
  int threads_;
};

}  // namespace refrain::explain

// What is asked of a model about a sample: a number that changes when parts of the sample are taken
// out. Methods and checks know no more of a model than this, but for those that look into networks.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "refrain/explain/subject.h"
#include "refrain/task/model.h"

namespace refrain::explain {

class ModelQuestion;

class Question {
 public:
  virtual ~Question() = default;
  // The value of a column for each sample.
  virtual std::vector<double> values(std::vector<data::Sample> samples, int column) const = 0;
  // The same question where it is asked of a model of members; null where it is not.
  virtual const ModelQuestion* of_members() const { return nullptr; }
};

// The log odds of one class, or one of the numbers that are predicted. Works for every kind of
// member.
class ModelQuestion : public Question {
 public:
  // Does to changed samples what was done to those of the file (an encoder reads texts); may be
  // empty. `form` is a dataset of the model's form, whose samples play no part.
  using Prepare = std::function<void(data::Dataset&)>;
  ModelQuestion(const task::Model& model, const data::Dataset& form, Prepare prepare, int threads);

  std::vector<double> values(std::vector<data::Sample> samples, int column) const override;
  const ModelQuestion* of_members() const override { return this; }
  // The numbers of a network's output [rows,width] for one sample of which a column consists, by
  // their places, and what each counts.
  virtual std::vector<std::pair<std::size_t, double>> outputs(int column) const;
  // The column that the model decides for, and the only one of a number.
  int decided(const data::Sample& sample) const;

  // What the model says of samples, row by row.
  std::vector<double> answers(std::vector<data::Sample> samples) const;
  // These samples as a dataset of the model's form, prepared.
  data::Dataset dataset(std::vector<data::Sample> samples) const;
  const task::Model& model() const { return model_; }

 protected:
  // The values of at most so many samples at once that memory stays small.
  using ValuesOf = std::function<std::vector<double>(std::vector<data::Sample>)>;
  static std::vector<double> in_portions(std::vector<data::Sample> samples, const ValuesOf& of);

 private:
  const task::Model& model_;
  data::Dataset form_;
  Prepare prepare_;
  int threads_;
};

// How much likelier than not; probabilities within 1e-6 of 0 and 1 count as that far from them.
double log_odds(double probability);

}  // namespace refrain::explain

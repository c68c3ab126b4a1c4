// A simple method (method/method.h) as a learner.
#pragma once

#include <memory>

#include "refrain/data/conditions.h"
#include "refrain/method/method.h"
#include "refrain/task/goal.h"
#include "refrain/task/learner.h"

namespace refrain::task {

class SimpleLearner : public Learner {
 public:
  // A fitted method. It answers in the precision that its file would have. `conditions` scaled the
  // samples that it was fitted to, where there are some.
  SimpleLearner(const std::string& name, method::Method& fitted, std::shared_ptr<const Goal> goal,
                data::Conditions conditions = {});
  // Reads what write() wrote. Throws usage for an unknown name, data where it is damaged or reads
  // other streams.
  SimpleLearner(const std::string& name, const Form& form, std::shared_ptr<const Goal> goal,
                const tensor::TensorFile& file, const std::string& prefix, const base::Json& entry);

  std::vector<double> answer(const data::Subset& samples, int threads) const override;
  std::vector<double> self_test(const Form& form) const override;
  void write(const Form& form, const std::string& prefix, tensor::TensorFile& file,
             base::Json& entry) const override;
  std::size_t number_count() const override;
  void add_to(base::Digest& digest) const override;

 private:
  tensor::TensorFile numbers() const;

  std::unique_ptr<method::Method> method_;
  std::shared_ptr<const Goal> goal_;
  data::Conditions conditions_;
};

}  // namespace refrain::task

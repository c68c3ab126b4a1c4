// The part of explaining that all models share: the scores of a sample, their checks and verdict;
// for the sources of this layer only.
#pragma once

#include <vector>

#include "refrain/api/explain.h"
#include "refrain/explain/checks.h"

namespace refrain::api {

class ExplainScoring {
 public:
  ExplainScoring(const ExplainChoice& choice, std::string method);

  const explain::MethodEntry& method() const { return method_; }
  // What is asked of a subject.
  explain::Case of(const explain::Question& question, const explain::Subject& subject,
                   int column) const;
  // Puts the scores into an explanation, and checks the first ones; `random` is the question to a
  // model of random weights, null where there is none.
  void put(const explain::Case& of, const explain::Question* random, Explanation& e);
  // The verdict on all of them, and how far scores miss what they should add up to.
  void judge(Explanations& out) const;

 private:
  const ExplainChoice& choice_;
  const explain::MethodEntry& method_;
  std::vector<explain::Checked> checked_;
};

}  // namespace refrain::api

// Methods of explanation: which parts of a sample speak for a model's answer, and which against it.
// One more method is one file in methods/ and one line in method_list.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/base/registry.h"
#include "refrain/explain/question.h"

namespace refrain::explain {

struct Case {
  const Question& question;
  const Subject& subject;
  int column = 0;  // what is asked for
  std::uint64_t seed = 1;
  int draws = 0;  // of methods that draw; 0 = as many as are usual
};

struct Attribution {
  std::vector<double> score;  // [parts]; positive: speaks for the answer
  // What the scores should add up to and what they do, in the method's own terms; both 0 where a
  // method makes no such promise (the completeness of Sundararajan et al. 2017).
  double promised = 0, sum = 0;
};

struct MethodEntry {
  Attribution (*explain)(const Case&);
  bool of_networks = false;  // looks into networks: other members have no part in it
  bool draws = false;        // another seed gives another answer
};
const base::Registry<MethodEntry>& methods();

}  // namespace refrain::explain

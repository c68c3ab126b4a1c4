// Fits all simple methods that read the data and predict what is learned, and asks them about the
// test part. One that fails or would take too long is left out, with a remark in the log.
#pragma once

#include <atomic>
#include <string>

#include "refrain/base/log.h"
#include "refrain/method/method.h"

namespace refrain::method {

struct RunOptions {
  base::Log log;
  const std::atomic<bool>* stop = nullptr;  // set: ends early, between two methods
  std::vector<std::string> only;            // names; empty = all that can read the data
  // Time limit in base::steady_seconds(); later only the first method (majority, mean) begins; 0 =
  // none.
  double deadline = 0;
};

struct MethodAnswers {
  std::string name;
  std::vector<double> numbers;  // as Method::predict() gives them
  double seconds = 0;
};

// The answers of each method to the test samples, in the order of the list of those that predict
// classes; tags where training.tag_names has some, numbers where training.width > 0.
std::vector<MethodAnswers> run_methods(const Training& training, const data::Subset& test,
                                       const RunOptions& options);

}  // namespace refrain::method

#include "refrain/api/inside/metric_kind.h"

#include <algorithm>
#include <limits>

#include "refrain/score/metrics.h"
#include "refrain/score/regression.h"
#include "refrain/score/replies.h"
#include "refrain/score/tagging.h"

namespace refrain::api {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Errors that papers report and no registry holds (yet): less is better.
constexpr const char* kErrors[] = {"mse",        "smape",           "mase",     "owa",
                                   "perplexity", "word_error_rate", "mean_cost"};

}  // namespace

bool is_metric(const std::string& name) {
  if (std::find(std::begin(kErrors), std::end(kErrors), name) != std::end(kErrors)) return true;
  return score::classification_metrics().find(name) || score::regression_metrics().find(name) ||
         score::tagging_metrics().find(name) || score::reply_metrics().find(name);
}

MetricKind metric_kind(const std::string& name) {
  for (const auto* registry : {&score::classification_metrics(), &score::regression_metrics(),
                               &score::tagging_metrics(), &score::reply_metrics()}) {
    if (const auto* known = registry->find(name)) {
      return {known->low, known->high, known->smaller_is_better};
    }
  }
  for (const char* error : kErrors) {
    if (name == error) return {0, kInfinite, true};
  }
  return {-kInfinite, kInfinite};
}

}  // namespace refrain::api

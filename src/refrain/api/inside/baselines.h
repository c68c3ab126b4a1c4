// The scores of baselines in a report, and the best of them against the model on the same samples;
// for the sources of this layer only.
#pragma once

#include <memory>

#include "refrain/api/report.h"
#include "refrain/score/answers.h"
#include "refrain/score/draws.h"

namespace refrain::api {

struct BaselineAnswers {
  std::string name;
  std::vector<std::unique_ptr<score::Answers>> repeats;  // about the samples of the model's
  double seconds = 0;
};

struct ModelAnswers {
  const score::Repeats& repeats;
  std::vector<std::vector<int>> fold;  // [repeat][n]; empty: no cross-validation
  int seed = 0;
  score::Stop stop = nullptr;
};

// Fills `baselines` and `against_baseline` of the report, by the main metric. The best baseline is
// picked by the same samples that it is compared on, so the comparison is held to a level divided
// by their number (Bonferroni). Throws score::Stopped where `stop` is set.
void put_baselines(const ModelAnswers& model, const std::vector<BaselineAnswers>& baselines,
                   Report& report);

// The model against its members without the networks. Throws score::Stopped where `stop` is set.
NetworksAdded networks_added(const ModelAnswers& model, const BaselineAnswers& without);

}  // namespace refrain::api

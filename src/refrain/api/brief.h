// The first screen of a result: what was trained on what, the main score beside the best simple
// methods, one sentence of verdict. Everything else is among the sections of the report. Standard
// library only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/api/report.h"

namespace refrain::api {

struct Brief {
  std::vector<std::string> what;                      // sentences
  std::vector<std::pair<std::string, Score>> scores;  // the main score; empty: nothing was scored
  std::vector<std::pair<std::string, Score>> simple;  // the two best simple methods
  bool fixed = true;                                  // of score_text()
  std::string verdict;                                // one sentence, "" = there is none
  std::vector<std::string> notes;                     // what else matters, a sentence each
};

Brief brief_of(const Report& report);

// The verdict alone, as a sentence; `metric` as in Report.
std::string verdict_of(const AgainstBaseline& against, const std::string& metric);

}  // namespace refrain::api

// The answers of a stored run, by its task; for the sources of this layer only.
#pragma once

#include <memory>
#include <string>

#include "refrain/api/inside/forecast_run.h"
#include "refrain/api/inside/reply_run.h"

namespace refrain::api {

using Recall = std::unique_ptr<score::Answers> (*)(const task::Recalled& recalled);

inline Recall recall_of(const std::string& task) {
  if (task == "forecast") return recall_forecasts;
  if (task == transduce::kTranslate) return recall_translations;
  if (task == transduce::kTranscribe) return recall_transcripts;
  return task::tasks().at(task).recall;
}

}  // namespace refrain::api

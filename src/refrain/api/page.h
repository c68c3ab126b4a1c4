// The report of a run as one HTML file that stands by itself (doc/reports.md). Standard library
// only.
#pragma once

#include <string>

#include "refrain/api/memory.h"

namespace refrain::api {

struct PageJob {
  std::string subject;        // the first digits of a run's id, or a model file
  std::string store;          // as in api/runs.h
  std::string language = "";  // "en", "zh": what is seen first; "" = English
  std::string data = "";      // of a model: labelled samples to score it on; "" = those of its run
  Options options = {};       // how to read them
  Hooks hooks = {};
};

// Returns the report page of a stored run, which is named by its id or by the model file that it
// trained; with `data`, of the model on those samples. Samples appear if the data files are there
// and unchanged. Throws Error: usage (no such run, an ambiguous id, an unknown language), io, data.
std::string report_page(const PageJob& job);

// Returns the page of a training in memory: curves and options, without samples and scores. `model`
// is the title.
std::string fit_page(const FitReport& report, const std::string& task, const std::string& model);

// Returns the page of a model on labelled samples in memory; `report` belongs to its training.
std::string samples_page(const Model& model, const Samples& samples, const FitReport& report);

// Returns the page of a language model's training, with a text that the model writes.
struct PretrainJob;
struct PretrainReport;
std::string language_page(const PretrainJob& job, const PretrainReport& report,
                          const std::string& language);

// The board of api/runs.h as a page of the same kind.
struct BoardFilter;
std::string board_page(const std::string& store, const BoardFilter& filter,
                       const std::string& language);

}  // namespace refrain::api

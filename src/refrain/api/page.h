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

// Of a run that the store keeps: by its id, or the one that trained the model file; with data of
// the model on those. Its samples are shown where its data files are there and unchanged. Throws
// Error: usage (no such run, several of them, an unknown language), io, data.
std::string report_page(const PageJob& job);

// Of a training in memory: its curves and options, without samples and scores. `model`: what it is
// called.
std::string fit_page(const FitReport& report, const std::string& task, const std::string& model);

// Of a model on labelled samples in memory; the report is that of its training.
std::string samples_page(const Model& model, const Samples& samples, const FitReport& report);

// Of the training of a language model, with some text that it writes.
struct PretrainJob;
struct PretrainReport;
std::string language_page(const PretrainJob& job, const PretrainReport& report,
                          const std::string& language);

// The board of api/runs.h as a page of the same kind.
struct BoardFilter;
std::string board_page(const std::string& store, const BoardFilter& filter,
                       const std::string& language);

}  // namespace refrain::api

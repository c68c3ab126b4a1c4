// Looking at data before anything is learned from them: schema, statistics, copies, drift, wrong
// labels, and how far so much data can lead. Standard library only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/section.h"

namespace refrain::api {

struct InspectJob {
  std::string data;                 // the training data, as a rule
  std::vector<std::string> others;  // test, validation, new data: each is compared with the first
  std::string schema;               // a schema to check all files against; "" = none
  std::string write_schema;         // where to write the schema of `data`; "" = nowhere
  std::string fixes_out;            // CSV of labels that may be wrong; "" = none
  // Whether samples are held out to look for wrong labels and to draw the learning curve: "auto"
  // where that takes about half a minute, "yes", "no".
  std::string label_errors = "auto";
  Options options;  // how data are read; seed, threads
  Hooks hooks;
};

// Something that was found. An error makes the inspection fail.
struct DataFinding {
  std::string severity;  // "error", "warning", "note"
  std::string check;     // its type in one word: "copies_across"
  std::string file, where, sentence, remedy;
  std::int64_t count = 0;           // of samples, where they are counted
  std::vector<std::int64_t> lines;  // of the first of them
};

// What stands in two files, one of them `known`.
struct DataLeak {
  std::string known, judged;
  std::int64_t of = 0;              // samples of `judged`
  std::int64_t exact = 0;           // of these, equal to a sample of `known`
  std::int64_t different = 0;       // different contents among these
  std::int64_t near = 0;            // not equal, but nearly
  std::int64_t groups = 0;          // that both have
  std::int64_t in_groups = 0;       // samples of `judged` in these
  std::int64_t contradictions = 0;  // of the equal ones, with another label
};

// A label that may be wrong.
struct LabelCandidate {
  std::string file, id;
  std::int64_t line = 0;
  int step = 0;  // of tags: the word or step, counted from 1; 0 = the whole sample
  std::string label, suggested;
  double confidence = 0;  // that the label is wrong, as the models see it: 0 to 1
  bool flagged = false;   // more likely wrong than not; others are further down the same list
  std::string content;    // a text, or the word; shortened
};

struct Inspection {
  std::vector<std::string> files;
  std::vector<std::string> names;      // of these, as short as tells them apart
  std::vector<std::string> verdict;    // sentences, the first one says most
  std::vector<DataFinding> findings;   // errors first
  std::vector<DataLeak> leaks;         // one for each pair of files
  std::vector<std::string> preflight;  // how far so much data can lead; empty: nobody asked
  std::vector<LabelCandidate> labels;  // the likeliest first
  std::vector<Table> tables;           // "files", "channels", "texts", "classes", "drift", ...
  std::string schema;                  // of the first file, as JSON
  bool failed = false;                 // some finding is an error

  std::string json() const;               // one object
  std::vector<Section> sections() const;  // for pages that people read; the first says most
};

// Throws usage, data (a file that cannot be read at all), io.
Inspection inspect(const InspectJob& job);

}  // namespace refrain::api

// Augmentation as files: derived samples beside their sources, the ledger that rebuilds them, and a
// page to look at them. Standard library only.
#pragma once

#include <string>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"

namespace refrain::api {

struct AugmentJob {
  std::string data;
  std::string out;      // .ts, .jsonl (series), .csv, .tsv, .jsonl (texts); "" = none
  std::string ledger;   // one JSON line a derived sample; "" = none
  std::string replay;   // a ledger to make the samples of, in place of the option augment
  std::string preview;  // an HTML page of samples before and after; "" = none
  int copies = 1;       // derived samples a source
  Options options;      // augment, seed, threads, and how data are read
  Hooks hooks;
};

struct Augmented {
  int sources = 0, derived = 0;
  int unchanged = 0;   // copies that came out as their source: left out
  int duplicates = 0;  // or as an earlier sample: left out
  int mixed = 0;       // with shares of several labels: files hold the label of the larger share
  std::string spec;

  std::string json() const;
};

// Copy k of a sample is what training with this seed meets in its epoch k + 1. The file holds the
// sources, then the derived samples, with ids such as "7#1" and their sources'. The same options
// give the same bytes. Throws usage, data, io; then nothing is written.
Augmented augment(const AugmentJob& job);

}  // namespace refrain::api

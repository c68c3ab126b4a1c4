// Augmentation of samples that are in memory, and the list of what it is made of: what the Python
// package goes through. Standard library only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/memory.h"
#include "refrain/api/options.h"

namespace refrain::api {

// Samples that were made of n others, copy by copy: number k * n + i is copy k of sample i.
struct Derived {
  int channels = 0;                        // series only
  std::vector<std::vector<float>> series;  // [T,C] row-major; none of texts
  std::vector<std::string> texts;          // none of series
  std::vector<int> rates;                  // of recordings, whose sound `series` then are
  std::vector<int> sources;                // the number of the sample that each was made of
  std::vector<std::string> labels;         // the source's, or of the larger share; as there were
  // Shares of the labels, which add up to 1, for samples that mix several; else empty.
  std::vector<std::vector<std::pair<std::string, double>>> shares;
  std::vector<std::string> notes;  // what the steps reported while they were prepared
};

// Copy k of a sample is what training on all these samples with this seed meets in its epoch k + 1;
// the options that count are augment, seed and threads. The same for any number of threads. Once
// hooks.stop is set, the copies that are done come back. Throws usage for a specification that is
// none or for other data, and for copies outside 1 to 1000; data as fit() does.
Derived derive(const Samples& samples, const Options& options, int copies, const Hooks& hooks);

struct OperationInfo {
  std::string name;
  std::string kind;  // data that it changes: "series", "text", "sound"; "group": a group of steps
  std::string description;
  bool mixes = false;               // may give shares of labels
  std::vector<OptionInfo> options;  // the last one is p: how often it is applied
};

// Every step that a specification may name.
std::vector<OperationInfo> augmentations();

// A specification of augmentation (text, JSON, @FILE) as text in its one form. Throws usage naming
// the place, io for the file.
std::string augmentation_text(const std::string& spec);

}  // namespace refrain::api

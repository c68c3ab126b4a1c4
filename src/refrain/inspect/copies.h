// Copies of samples: within a file, across two files, with labels that contradict each other, and
// groups that stand in both. What a copy is say data/content.h and data/near_copies.h, as for the
// leak guard of a training.
#pragma once

#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"

namespace refrain::inspect {

// What stands in one file and in another.
struct Overlap {
  std::string known, judged;        // paths
  std::string known_name;           // for sentences
  std::int64_t of = 0;              // samples of `judged`
  std::int64_t exact = 0;           // of these, with the contents of a sample of `known`
  std::int64_t different = 0;       // different contents among these
  std::int64_t near = 0;            // not exact, but nearly one
  std::int64_t groups = 0;          // that both have
  std::int64_t in_groups = 0;       // samples of `judged` in them
  std::int64_t contradictions = 0;  // of the exact ones, with a label that `known` never has there
  std::vector<std::int64_t> exact_lines = {}, near_lines = {}, contradiction_lines = {};
};

struct OwnCopies {
  std::int64_t exact = 0;  // samples that are equal to an earlier one
  std::int64_t near = 0;
  std::int64_t contradictions = 0;  // sets of equal samples with different labels
  std::vector<std::int64_t> exact_lines = {}, near_lines = {}, contradiction_lines = {};
};

// A near copy by the numbers of its samples in their files.
struct NearPair {
  std::int64_t known = 0, judged = 0;
};

// `near` as data::near_copies found them; where nobody looked (files that are not in memory) texts
// are compared by their marks.
Overlap overlap_of(const Profile& known, const Profile& judged,
                   const std::vector<NearPair>* near = nullptr);
OwnCopies copies_in(const Profile& profile, const std::vector<NearPair>* near = nullptr);

std::vector<Finding> findings_of(const Overlap& overlap);
std::vector<Finding> findings_of(const OwnCopies& copies, const Profile& profile);

}  // namespace refrain::inspect

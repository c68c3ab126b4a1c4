// The ledger of derived samples: one JSON line a sample that says how to make it again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace refrain::augment {

struct LedgerLine {
  std::string id;           // of the derived sample
  std::int64_t source = 0;  // number of its source in the data, from 0
  std::string source_id;    //
  std::int64_t seed = 0;    // with the copy (or epoch, from 0) and the source all randomness
  std::int64_t copy = 0;
  std::string spec;    // the specification in its one form
  std::string data;    // identity of the data that was augmented
  std::string digest;  // content_digest of the derived sample
};

std::string write_ledger(const std::vector<LedgerLine>& lines);

// Throws data, naming the first line that is none.
std::vector<LedgerLine> read_ledger(const std::string& text, const std::string& path);

}  // namespace refrain::augment

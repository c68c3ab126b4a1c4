// What an inspection finds: typed, with a place and a remedy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace refrain::inspect {

// An error makes the inspection fail: a score would mislead, or a training would be refused. A
// warning should be looked at. A note is good to know.
enum class Severity { kError, kWarning, kNote };

const char* name_of(Severity severity);  // "error", "warning", "note"

struct Finding {
  Severity severity = Severity::kNote;
  std::string check;       // its type in one word: "copies_across", "still_channel", "drift"
  std::string file;        // the file that it is about
  std::string where;       // within it: "channel ax", "class b"; "" = all of it
  std::string sentence;    // what was found
  std::string remedy;      // what to do
  std::int64_t count = 0;  // of samples, where they are counted
  std::vector<std::int64_t> lines = {};  // of the first of them
};

// "lines 3, 7, 9, ..." of at most `most`; "" where there are none.
std::string lines_text(const std::vector<std::int64_t>& lines, std::size_t most = 5);

// "1 sample", "3 samples".
std::string counted(std::int64_t count, const std::string& noun);

// Errors first, then warnings; what was found first stays first.
void sort_findings(std::vector<Finding>& findings);

}  // namespace refrain::inspect

// Another program from start to end: wall time and peak memory. The worker does this and not
// compare.py because a child's peak memory counts that of the process it was forked from, and this
// one is small.
#pragma once

#include <string>
#include <vector>

namespace refrain::bench {

struct ProgramRun {
  double ms = 0;
  double peak_mb = 0;  // largest resident set, 2^20 bytes
  int exit_code = 0;
};

// Runs the command with its standard output and error in the file `log`. Throws Error(io) where it
// can't be started.
ProgramRun run_program(const std::vector<std::string>& command, const std::string& log);

}  // namespace refrain::bench

// A program of the user's that reads lines and writes as many: a translator, a paraphraser.
#pragma once

#include <string>
#include <vector>

namespace refrain::augment {

// Runs the command in a shell with the lines on its standard input and returns the lines of its
// standard output, as many as went in. Pipes of any size never block; Ctrl-C ends both programs.
// Throws usage where the command fails (with its exit code and the end of what it wrote to standard
// error) or writes another number of lines, io where no process can be started. Lines hold no line
// breaks.
std::vector<std::string> run_lines(const std::string& command,
                                   const std::vector<std::string>& lines);

}  // namespace refrain::augment

// A program of the user's that reads lines and writes as many: a translator, a paraphraser.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace refrain::augment {

// Lines in, as many lines out, by a model file of this project; nothing where the file is none.
using ModelLines = std::function<std::optional<std::vector<std::string>>(
    const std::string& path, const std::vector<std::string>& lines)>;
// Models are above this layer, which sets what answers by them.
void answer_by_models(ModelLines answer);

// A command that names a file which a model answers for: what the file holds, as a digest. Else "".
std::string model_digest(const std::string& command);

// Where the command is the path of a model file, the model answers. Else runs it in a shell with
// the lines on its standard input and returns the lines of its standard output, as many as went in.
// Pipes of any size never block; Ctrl-C ends both programs. Throws usage where the command fails
// (with its exit code and the end of what it wrote to standard error) or writes another number of
// lines, io where no process can be started. Lines hold no line breaks.
std::vector<std::string> run_lines(const std::string& command,
                                   const std::vector<std::string>& lines);

}  // namespace refrain::augment

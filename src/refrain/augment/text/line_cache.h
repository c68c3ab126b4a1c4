// What commands have answered to lines, kept in a file so that no line is asked twice: JSON Lines
// of
// {"key": SHA-256 of command and line, "line": the answer}.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace refrain::augment {

class LineCache {
 public:
  // Reads the file where there is one; "" keeps nothing. Throws io where it could not be written
  // later, data for a file of another form.
  explicit LineCache(std::string path);

  // The command's answers; only lines not in the cache are given to it, each once, and the file is
  // written when it has answered. Throws as run_lines() does.
  std::vector<std::string> ask(const std::string& command, const std::vector<std::string>& lines);

 private:
  void read(const std::string& bytes);
  void write() const;

  std::string path_;
  std::unordered_map<std::string, std::string> answers_;
  std::vector<std::string> order_;  // keys as they came
};

}  // namespace refrain::augment

// Caches the answers of commands to lines in a file, so that no line is asked twice: JSON Lines of
// {"key": SHA-256 of command and line, "line": the answer}.
#pragma once

#include <mutex>
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
  // written when it has answered. Throws as run_lines() does. Safe from any thread, one at a time.
  std::vector<std::string> ask(const std::string& command, const std::vector<std::string>& lines);

 private:
  void read(const std::string& bytes);
  void write() const;

  std::mutex mutex_;
  std::string path_;
  std::unordered_map<std::string, std::string> answers_;
  std::vector<std::string> order_;  // keys as they came
};

// The cache of this file ("": in memory alone), the same for all folds, members and threads of this
// program. Throws as the constructor does.
LineCache& line_cache(const std::string& path);

}  // namespace refrain::augment

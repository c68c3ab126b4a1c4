// Where the library's remarks go. The library never prints; it hands sentences to a sink that the
// tool or the Python package has given, together with a level. A default-made Log drops them.
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace refrain::base {

enum class Level { kInfo, kWarning };

class Log {
 public:
  using Sink = std::function<void(Level, const std::string&)>;
  Log() = default;
  explicit Log(Sink sink) : sink_(std::move(sink)) {}

  void info(const std::string& sentence) const { send(Level::kInfo, sentence); }
  void warning(const std::string& sentence) const { send(Level::kWarning, sentence); }

 private:
  void send(Level level, const std::string& sentence) const {
    if (sink_) sink_(level, sentence);
  }
  Sink sink_;
};

}  // namespace refrain::base

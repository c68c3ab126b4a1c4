// The one exception class of Refrain. A message says what and where, the hint what to try:
//   Error(Code::kUsage, "[lstm] hidden must be in [1, 4096], got 0", "choose --hidden 64")
// Expected outcomes are values, not exceptions. This header is installed: standard library only.
#pragma once

#include <stdexcept>
#include <string>

namespace refrain {

enum class Code { kUsage, kData, kIo, kShape, kNumeric, kUnsupported, kInternal };

class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message, std::string hint = "")
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

  Code code() const { return code_; }
  const std::string& hint() const { return hint_; }

  // Returns the exit code of the command-line tool: 2 for wrong usage, data or file, 1 for the
  // rest.
  int exit_code() const {
    return code_ == Code::kUsage || code_ == Code::kData || code_ == Code::kIo ? 2 : 1;
  }

 private:
  Code code_;
  std::string hint_;
};

}  // namespace refrain

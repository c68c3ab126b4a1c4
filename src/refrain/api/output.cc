#include "refrain/api/output.h"

#include <fmt/format.h>

#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/pairs.h"

namespace refrain::api {

void write_file(const std::string& path, const std::string& text) {
  base::write_file_atomically(path, text);
}

namespace {

bool same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::exists(a, none) && !fs::is_regular_file(a, none)) return false;  // a device, a folder
  if (fs::equivalent(a, b, none)) return true;
  const auto full_a = fs::weakly_canonical(a, none), full_b = fs::weakly_canonical(b, none);
  return !full_a.empty() && full_a == full_b;
}

bool is_file(const std::string& path) { return !path.empty() && path != "-"; }

}  // namespace

void require_apart(const std::vector<std::string>& inputs,
                   const std::vector<std::string>& outputs) {
  std::vector<std::string> files;
  for (const auto& input : inputs) {
    for (const auto& file : data::pair_paths(input)) files.push_back(file);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!is_file(outputs[i])) continue;
    for (const auto& input : files) {
      if (!is_file(input) || !same_file(outputs[i], input)) continue;
      throw Error(Code::kUsage, fmt::format("writing '{}' would overwrite an input", outputs[i]),
                  "give another name");
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (!is_file(outputs[k]) || !same_file(outputs[i], outputs[k])) continue;
      throw Error(Code::kUsage, fmt::format("two results would be written to '{}'", outputs[i]),
                  "give each a name of its own");
    }
  }
}

void require_writable(const std::string& path) { base::check_writable(path); }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace refrain::api

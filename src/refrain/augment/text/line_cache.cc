#include "refrain/augment/text/line_cache.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "refrain/augment/text/translator.h"
#include "refrain/base/digest.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace refrain::augment {
namespace {

using Json = nlohmann::ordered_json;

std::string key_of(const std::string& command, const std::string& line) {
  return base::Digest().add_text(command).add_text(line).hex();
}

}  // namespace

LineCache::LineCache(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  base::check_writable(path_);
  if (std::filesystem::exists(path_)) read(base::read_file(path_).bytes);
}

void LineCache::read(const std::string& bytes) {
  int number = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', i), bytes.size());
    ++number;
    const Json entry = Json::parse(bytes.substr(i, end - i), nullptr, false);
    const bool fine = entry.is_object() && entry.contains("key") && entry.contains("line") &&
                      entry["key"].is_string() && entry["line"].is_string();
    if (!fine) {
      throw Error(Code::kData,
                  fmt::format("{}:{}: not a line of a translation cache", path_, number),
                  "name another file, or delete this one if it was such a cache");
    }
    const auto key = entry["key"].get<std::string>();
    if (answers_.emplace(key, entry["line"].get<std::string>()).second) order_.push_back(key);
    i = end + 1;
  }
}

void LineCache::write() const {
  if (path_.empty()) return;
  std::string out;
  for (const auto& key : order_) {
    out += Json({{"key", key}, {"line", answers_.at(key)}}).dump() + "\n";
  }
  base::write_file_atomically(path_, out);
}

std::vector<std::string> LineCache::ask(const std::string& command,
                                        const std::vector<std::string>& lines) {
  const std::lock_guard lock(mutex_);
  const std::string name = command + model_digest(command);
  std::vector<std::string> keys, missing, missing_keys;
  std::unordered_set<std::string> asked;
  for (const auto& line : lines) {
    keys.push_back(key_of(name, line));
    if (answers_.contains(keys.back()) || !asked.insert(keys.back()).second) continue;
    missing.push_back(line);
    missing_keys.push_back(keys.back());
  }
  const auto answers = run_lines(command, missing);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers_[missing_keys[i]] = answers[i];
    order_.push_back(missing_keys[i]);
  }
  if (!missing.empty()) write();
  std::vector<std::string> out;
  for (const auto& key : keys) out.push_back(answers_.at(key));
  return out;
}

LineCache& line_cache(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<LineCache>> known;
  const std::lock_guard lock(mutex);
  auto& cache = known[path];
  if (!cache) cache = std::make_unique<LineCache>(path);
  return *cache;
}

}  // namespace refrain::augment

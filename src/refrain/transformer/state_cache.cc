#include "refrain/transformer/state_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <unordered_set>

#include "refrain/base/digest.h"
#include "refrain/base/files.h"

namespace refrain::transformer {
namespace {

namespace fs = std::filesystem;

// A file: magic, width, number of texts; for each text 64 digits and its tokens; the states;
// CRC-32 of all before it.
constexpr std::string_view kMagic = "refrain states 1";
constexpr std::size_t kDigits = 64;
constexpr std::size_t kEntry = kDigits + sizeof(std::uint32_t);
constexpr std::size_t kHead = kMagic.size() + 2 * sizeof(std::uint32_t);
constexpr std::size_t kFewTexts = 16;
constexpr const char* kEnding = ".states";

void put(std::uint32_t number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

struct Entry {
  std::string text;
  std::size_t begin = 0, count = 0;  // of its numbers, in the file's
};

// Returns the entries in the first bytes of a file; empty if they do not have this width.
std::vector<Entry> entries_of(std::string_view bytes, int width) {
  if (bytes.size() < kHead || !bytes.starts_with(kMagic)) return {};
  const std::size_t texts = number_at(bytes, kMagic.size() + 4);
  if (number_at(bytes, kMagic.size()) != static_cast<std::uint32_t>(width)) return {};
  if (texts > (bytes.size() - kHead) / kEntry) return {};
  std::vector<Entry> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < texts; ++i) {
    const std::size_t at = kHead + i * kEntry;
    const std::size_t count = std::size_t{number_at(bytes, at + kDigits)} * width;
    out.push_back({std::string(bytes.substr(at, kDigits)), begin, count});
    begin += count;
  }
  return out;
}

std::string read_bytes(const fs::path& path, std::uint64_t most) {
  std::ifstream file(path, std::ios::binary);
  std::error_code none;
  const auto size = fs::file_size(path, none);
  if (!file || none) return "";
  std::string bytes(std::min<std::uint64_t>(size, most), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// The entries without the states, which may be hundreds of megabytes.
std::vector<Entry> index_of(const fs::path& path, int width) {
  const std::string head = read_bytes(path, kHead);
  if (head.size() < kHead || !head.starts_with(kMagic)) return {};
  const std::uint64_t texts = number_at(head, kMagic.size() + 4);
  return entries_of(read_bytes(path, kHead + texts * kEntry), width);
}

bool is_whole(std::string_view bytes, const std::vector<Entry>& entries) {
  if (entries.empty()) return false;
  const std::size_t numbers = entries.back().begin + entries.back().count;
  const std::size_t end = kHead + entries.size() * kEntry + numbers * sizeof(float);
  return bytes.size() == end + sizeof(std::uint32_t) &&
         number_at(bytes, end) == base::crc32(bytes.substr(0, end));
}

struct CacheFile {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t bytes = 0;
};

// Those of the cache in order of their names, and what writers that died have left behind.
std::vector<CacheFile> files_in(const std::string& folder, const std::string& prefix) {
  std::vector<CacheFile> out;
  std::error_code none;
  for (fs::directory_iterator i(folder, none), end; !none && i != end; i.increment(none)) {
    const std::string name = i->path().filename().string();
    if (!name.starts_with(prefix) || name.find(kEnding) == std::string::npos) continue;
    out.push_back({i->path(), i->last_write_time(none), i->file_size(none)});
  }
  std::sort(out.begin(), out.end(),
            [](const CacheFile& a, const CacheFile& b) { return a.path < b.path; });
  return out;
}

void add_states(const std::string& bytes, const std::vector<Entry>& entries,
                std::unordered_set<std::string>& wanted,
                std::unordered_map<std::string, TextStates>& out) {
  const std::size_t first = kHead + entries.size() * kEntry;
  for (const auto& entry : entries) {
    if (wanted.erase(entry.text) == 0) continue;
    TextStates states(entry.count);
    std::memcpy(states.data(), bytes.data() + first + entry.begin * sizeof(float),
                entry.count * sizeof(float));
    out.emplace(entry.text, std::move(states));
  }
}

}  // namespace

StateCache::StateCache(std::string folder, const std::string& key, int width, std::uint64_t limit)
    : folder_(std::move(folder)),
      key_(base::sha256(key).substr(0, 24)),
      width_(width),
      limit_(limit) {}

std::string StateCache::folder_of(const std::string& option) {
  if (option == "none") return "";
  if (option != "auto") return option;
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return (fs::path(cache) / "refrain").string();
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? (fs::path(home) / ".cache" / "refrain").string() : "";
}

std::unordered_map<std::string, TextStates> StateCache::find(
    const std::vector<std::string>& texts) const {
  std::unordered_map<std::string, TextStates> out;
  if (folder_.empty()) return out;
  std::unordered_set<std::string> wanted(texts.begin(), texts.end());
  for (const auto& file : files_in(folder_, key_ + "-")) {
    if (wanted.empty()) break;
    if (file.path.extension() != kEnding) continue;
    const auto index = index_of(file.path, width_);
    const bool useful = std::any_of(index.begin(), index.end(), [&](const Entry& entry) {
      return wanted.contains(entry.text);
    });
    if (!useful) continue;
    const std::string bytes = read_bytes(file.path, file.bytes + 1);
    const auto entries = entries_of(bytes, width_);
    if (!is_whole(bytes, entries)) continue;
    add_states(bytes, entries, wanted, out);
    std::error_code none;
    fs::last_write_time(file.path, fs::file_time_type::clock::now(), none);  // used
  }
  return out;
}

std::string StateCache::bytes_of(const std::vector<std::string>& texts,
                                 const std::vector<TextStates>& states) const {
  std::string out(kMagic);
  put(static_cast<std::uint32_t>(width_), out);
  put(static_cast<std::uint32_t>(texts.size()), out);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out += texts[i];
    put(static_cast<std::uint32_t>(states[i].size() / static_cast<std::size_t>(width_)), out);
  }
  for (const auto& s : states) {
    out.append(reinterpret_cast<const char*>(s.data()), s.size() * sizeof(float));
  }
  put(base::crc32(out), out);
  return out;
}

bool StateCache::keep(const std::vector<std::string>& texts,
                      const std::vector<TextStates>& states) const {
  if (folder_.empty() || texts.size() < kFewTexts) return true;
  const std::string bytes = bytes_of(texts, states);
  if (bytes.size() > limit_) return true;
  std::error_code failed;
  fs::create_directories(folder_, failed);
  static std::atomic<int> count{0};
  const auto name = fmt::format("{}-{}{}", key_, base::sha256(bytes).substr(0, 24), kEnding);
  const fs::path target = fs::path(folder_) / name;
  const fs::path part = fs::path(folder_) / fmt::format("{}.{}-{}.part", name, ::getpid(), count++);
  std::ofstream file(part, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) fs::rename(part, target, failed);
  if (!file || failed) {
    fs::remove(part, failed);
    return false;
  }
  remove_oldest(target.string());
  return true;
}

void StateCache::remove_oldest(const std::string& but) const {
  auto files = files_in(folder_, "");
  std::uint64_t total = 0;
  for (const auto& file : files) total += file.bytes;
  std::stable_sort(files.begin(), files.end(),
                   [](const CacheFile& a, const CacheFile& b) { return a.used < b.used; });
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  std::error_code none;
  for (const auto& file : files) {
    const bool left_behind = file.path.extension() != kEnding && file.used < yesterday;
    if (file.path == but || (!left_behind && total <= limit_)) continue;
    fs::remove(file.path, none);
    total -= file.bytes;
  }
}

}  // namespace refrain::transformer

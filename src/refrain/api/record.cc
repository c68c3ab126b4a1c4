#include "refrain/api/inside/record.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "refrain/api/runs.h"
#include "refrain/api/version.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/pairs.h"
#include "refrain/kernels/isa.h"

namespace refrain::api {
namespace {

constexpr const char* kNone = "none";
constexpr const char* kFolder = ".refrain";

// The text of an environment variable, "" where it is not set.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void name_machine(store::Run& run) {
  if (run.version.empty()) run.version = version();
  if (run.machine.empty()) run.machine = machine_name();
}

}  // namespace

std::string store_path(const std::string& given) {
  const std::string path = given.empty() ? environment("REFRAIN_STORE") : given;
  if (path == kNone) return "";
  if (!path.empty()) return path;
  const std::string home = environment("HOME");
  if (home.empty()) {
    throw Error(Code::kUsage, "no place for the experiment store: HOME is not set",
                "name a file with --store FILE, or --store none");
  }
  return home + "/" + kFolder + "/runs.db";
}

store::Store open_to_write(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code problem;
  if (folder.filename() == kFolder) std::filesystem::create_directory(folder, problem);
  return store::Store::open(path);
}

void require_store(const std::string& given) {
  const std::string path = store_path(given);
  if (!path.empty()) open_to_write(path);
}

std::string record(const std::string& given, store::Run run) {
  const std::string path = store_path(given);
  if (path.empty()) return "";
  name_machine(run);
  return open_to_write(path).add(std::move(run));
}

void complete(store::Run& run) {
  name_machine(run);
  store::stamp(run);
}

std::optional<store::Store> stored(const std::string& given) {
  const std::string path = store_path(given);
  if (path.empty()) {
    throw Error(Code::kUsage, "the store is 'none': there are no runs to read",
                "name a file with --store FILE");
  }
  return store::Store::open_existing(path);
}

store::Store stored_runs(const std::string& given) {
  auto found = stored(given);
  if (found) return std::move(*found);
  throw Error(Code::kUsage, fmt::format("there is no store {}", store_path(given)),
              "name the right one with --store FILE; 'refrain train' makes it");
}

std::string data_name(const std::string& path) {
  // Of two parallel files the first.
  std::filesystem::path name = std::filesystem::path(data::pair_paths(path).front()).filename();
  if (lower(name.extension().string()) == ".gz") name = name.stem();
  std::string stem = name.stem().string();
  for (const char* part : {"train", "test", "valid", "dev"}) {
    const std::string text = lower(stem);
    const std::size_t length = std::string(part).size();
    if (text.size() > length + 1 && text.ends_with(part) &&
        std::string("_-.").find(text[text.size() - length - 1]) != std::string::npos) {
      return stem.substr(0, stem.size() - length - 1);
    }
  }
  return stem;
}

std::string machine_name() {
  utsname names{};
  const bool known = ::uname(&names) == 0;
  const int cores = base::core_count();
  return fmt::format("{} {}, {} {}", known ? names.machine : "unknown", kernels::current_isa(),
                     cores, cores == 1 ? "core" : "cores");
}

void check_store(const std::string& store) { require_store(store); }

}  // namespace refrain::api

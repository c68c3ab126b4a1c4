#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

#include "refrain/api/inside/python_packages.h"

namespace refrain::api {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestRecord = 32'000'000;
constexpr std::size_t kMostPackages = 5000;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::vector<std::string> folders_in_list(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(':', from), list.size());
    if (to > from) out.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

// The names in a folder, in order; none where it cannot be read.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code problem;
  for (auto it = fs::directory_iterator(folder, problem); !problem && it != fs::end(it);
       it.increment(problem)) {
    out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Folders {
 public:
  void add(const fs::path& folder) {
    std::error_code problem;
    const fs::path whole = fs::canonical(folder, problem);
    if (problem || !fs::is_directory(whole, problem) || !seen_.insert(whole).second) return;
    list_.push_back(whole.string());
  }
  // Adds the package folders of an installation: PREFIX/lib/python3*/{site,dist}-packages.
  void add_prefix(const fs::path& prefix) {
    for (const auto& entry : entries_of(prefix / "lib")) {
      if (!entry.filename().string().starts_with("python3")) continue;
      add(entry / "site-packages");
      add(entry / "dist-packages");
    }
  }
  std::vector<std::string> list() && { return std::move(list_); }

 private:
  std::set<fs::path> seen_;
  std::vector<std::string> list_;
};

// A line of RECORD is path,hash,size; a path with a comma stands in quotes.
std::string path_of_line(const std::string& line) {
  if (!line.starts_with('"')) return line.substr(0, line.find(','));
  return line.substr(1, line.find('"', 1) - 1);
}

// Returns the folders in a RECORD that hold both files of an encoder.
std::vector<std::string> encoders_in(const fs::path& record) {
  std::error_code problem;
  if (!fs::is_regular_file(record, problem)) return {};
  if (fs::file_size(record, problem) > kLargestRecord) return {};
  std::ifstream in(record);
  std::set<std::string> configs, weights;
  for (std::string line; std::getline(in, line);) {
    const fs::path path = path_of_line(line);
    const std::string name = path.filename().string(), folder = path.parent_path().string();
    const bool inside = path.is_relative() && !folder.empty() && !folder.starts_with("..");
    if (!inside) continue;
    if (name == "config.json") configs.insert(folder);
    if (name == "model.safetensors" || name == "pytorch_model.bin") weights.insert(folder);
  }
  std::vector<std::string> out;
  std::set_intersection(configs.begin(), configs.end(), weights.begin(), weights.end(),
                        std::back_inserter(out));
  return out;
}

}  // namespace

std::vector<std::string> package_folders() {
  Folders out;
  for (const auto& folder : folders_in_list(variable("PYTHONPATH"))) {
    if (fs::path(folder).filename().string().ends_with("-packages")) out.add(folder);
  }
  const std::string active = variable("VIRTUAL_ENV");
  if (!active.empty()) out.add_prefix(active);
  for (const auto& folder : folders_in_list(variable("PATH"))) {
    std::error_code problem;
    const fs::path python = fs::path(folder) / "python3";
    if (!fs::exists(python, problem)) continue;
    const fs::path prefix = fs::path(folder).parent_path();
    out.add_prefix(prefix);
    out.add_prefix(fs::canonical(python, problem).parent_path().parent_path());
    for (const auto& version : entries_of(prefix / "versions")) out.add_prefix(version);  // pyenv
  }
  const std::string home = variable("HOME");
  if (!home.empty()) out.add_prefix(fs::path(home) / ".local");
  return std::move(out).list();
}

std::vector<PackagedEncoder> packaged_encoders(const std::vector<std::string>& folders) {
  std::vector<PackagedEncoder> out;
  std::size_t packages = 0;
  for (const auto& folder : folders) {
    for (const auto& entry : entries_of(folder)) {
      std::string name = entry.filename().string();
      if (!name.ends_with(".dist-info") || ++packages > kMostPackages) continue;
      name.resize(name.rfind('.'));
      std::replace(name.begin(), name.end(), '-', ' ');
      for (const auto& found : encoders_in(entry / "RECORD")) {
        out.push_back({(fs::path(folder) / found).string(), name});
      }
    }
  }
  return out;
}

}  // namespace refrain::api

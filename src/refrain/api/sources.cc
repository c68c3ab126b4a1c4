#include "refrain/api/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/inside/python_packages.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/inside/source_file.h"
#include "refrain/api/runs.h"
#include "refrain/base/duration.h"
#include "refrain/base/error.h"

namespace refrain::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 5000;  // of a folder
constexpr std::size_t kMostNames = 200'000;
constexpr int kMostRuns = 2000;

class Search {
 public:
  explicit Search(const SourceSearch& how)
      : how_(how), deadline_(base::steady_seconds() + how.seconds) {}

  SourceList run() && {
    look_at_runs();
    if (!how_.folder.empty()) look_at_folder();
    look_at_packages();
    if (late_ > 0) {
      out_.remarks.push_back(
          fmt::format("{} not looked at: the time was over",
                      late_ == 1 ? "1 file was" : fmt::format("{} files were", late_)));
    }
    return std::move(out_);
  }

 private:
  // False once the time is over, and where the file was there before.
  bool wanted(const fs::path& path) {
    std::error_code problem;
    const fs::path whole = fs::weakly_canonical(path, problem);
    if (!seen_.insert(problem ? path : whole).second) return false;
    if (base::steady_seconds() < deadline_) return true;
    ++late_;
    return false;
  }

  void keep(FoundSource found, const std::string& from) {
    found.from = from;
    out_.sources.push_back(std::move(found));
  }

  // Models that 'refrain train --out' wrote.
  void look_at_runs() {
    std::vector<store::Run> runs;
    try {
      if (store_path(how_.store).empty()) return;
      if (auto store = stored(how_.store)) runs = store->list({"", "", kMostRuns});
    } catch (const Error& e) {
      out_.remarks.push_back(fmt::format("the runs could not be read: {}", e.what()));
      return;
    }
    int gone = 0;
    for (const auto& run : runs) {
      const base::Json job = parse_object(run.job);
      const base::Json path = job.value("out", base::Json());
      if (!path.is_string() || path.get<std::string>().empty()) continue;
      const std::string name = path.get<std::string>();
      std::error_code problem;
      if (!fs::exists(name, problem)) {
        if (seen_.insert(name).second) ++gone;
      } else if (wanted(name)) {
        if (auto found = look_at_source(name)) {
          keep(std::move(*found), fmt::format("run {} on {}", run.id, run.data));
        }
      }
    }
    if (gone > 0) {
      out_.remarks.push_back(fmt::format(
          "{} of the runs is no longer where it was written",
          gone == 1 ? std::string("the model of one") : fmt::format("the models of {}", gone)));
    }
  }

  std::vector<fs::path> names_in_folder() {
    std::vector<fs::path> names;
    std::error_code problem;
    fs::directory_iterator it(how_.folder, problem);
    for (; !problem && it != fs::end(it) && names.size() < kMostNames; it.increment(problem)) {
      names.push_back(how_.folder == "." ? it->path().filename() : it->path());
    }
    if (problem) {
      out_.remarks.push_back(
          fmt::format("the folder {} cannot be read: {}", how_.folder, problem.message()));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  void look_at_folder() {
    const std::string from = how_.folder == "." ? "this folder" : how_.folder;
    if (holds_encoder(how_.folder) && wanted(how_.folder)) {
      keep(look_at_encoder(how_.folder), from);
    }
    std::size_t files = 0, left = 0;
    for (const auto& path : names_in_folder()) {
      std::error_code problem;
      if (fs::is_directory(path, problem)) {
        if (holds_encoder(path.string()) && wanted(path))
          keep(look_at_encoder(path.string()), from);
      } else if (++files > kMostFiles) {
        ++left;
      } else if (fs::is_regular_file(path, problem) && wanted(path)) {
        if (auto found = look_at_source(path.string())) keep(std::move(*found), from);
      }
    }
    if (left > 0) {
      out_.remarks.push_back(
          fmt::format("{} has {} more files, which were not looked at", from, left));
    }
  }

  void look_at_packages() {
    const auto folders = how_.packages ? *how_.packages : package_folders();
    for (const auto& [folder, package] : packaged_encoders(folders)) {
      if (wanted(folder)) keep(look_at_encoder(folder), "package " + package);
    }
  }

  const SourceSearch& how_;
  double deadline_;
  SourceList out_;
  std::set<fs::path> seen_;
  int late_ = 0;
};

base::Json json_of_source(const FoundSource& s) {
  const auto known = [](long long n) { return n > 0 ? base::Json(n) : base::Json(); };
  return {{"path", s.path},     {"kind", s.kind},   {"task", s.task},
          {"option", s.option}, {"reads", s.reads}, {"numbers", known(s.numbers)},
          {"bytes", s.bytes},   {"from", s.from},   {"trouble", s.trouble}};
}

}  // namespace

SourceList find_sources(const SourceSearch& search) { return Search(search).run(); }

std::string SourceList::json() const {
  base::Json out = {{"sources", base::Json::array()}, {"remarks", remarks}};
  for (const auto& s : sources) out["sources"].push_back(json_of_source(s));
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

}  // namespace refrain::api

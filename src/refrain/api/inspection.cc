// The path of an inspection: read, check each file, compare them, hold samples out, sum up.
#include "refrain/api/inspection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "refrain/api/inside/fix_list.h"
#include "refrain/api/inside/inspected_file.h"
#include "refrain/api/inside/inspection_tables.h"
#include "refrain/api/inside/lookout.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/output.h"
#include "refrain/base/files.h"
#include "refrain/data/near_copies.h"
#include "refrain/inspect/copies.h"
#include "refrain/inspect/drift.h"
#include "refrain/inspect/file_checks.h"
#include "refrain/inspect/schema.h"

namespace refrain::api {
namespace {

using inspect::NearPair;

inspect::Schema read_schema(const std::string& path) {
  const std::string text = base::read_file(path).bytes;
  base::Json json;
  try {
    json = base::Json::parse(text);
  } catch (const base::Json::exception&) {
    throw Error(Code::kData, path + ": this is no JSON", "write one with --write-schema");
  }
  try {
    return inspect::schema_of_json(json);
  } catch (const Error& e) {
    throw Error(e.code(), path + ": " + e.what(), e.hint());
  }
}

// Nothing where one of the files is not in memory.
std::optional<std::vector<NearPair>> near_pairs(const InspectedFile& known,
                                                const InspectedFile& judged) {
  if (!known.whole || !judged.whole || known.task == "forecast") return std::nullopt;
  const auto known_all = all_of(known.data), judged_all = all_of(judged.data);
  std::vector<NearPair> out;
  for (const auto& copy :
       data::near_copies({known.data, known_all}, {judged.data, judged_all}, !known.data.lives)) {
    out.push_back({copy.known, copy.judged});
  }
  return out;
}

std::string last_parts(const std::string& path, std::size_t parts) {
  std::vector<std::string> all;
  for (const auto& part : std::filesystem::path(path).lexically_normal()) {
    if (!part.empty()) all.push_back(part.string());
  }
  const std::size_t skipped = all.size() > parts ? all.size() - parts : 0;
  std::filesystem::path out;
  for (std::size_t i = skipped; i < all.size(); ++i) out /= all[i];
  return out.string();
}

// As many of the last parts of paths as tell them apart.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  constexpr std::size_t kMostParts = 8;
  for (std::size_t parts = 1; parts < kMostParts; ++parts) {
    std::vector<std::string> names;
    for (const auto& path : paths) names.push_back(last_parts(path, parts));
    if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) return names;
  }
  return paths;
}

class InspectRun {
 public:
  explicit InspectRun(const InspectJob& job) : job_(job), log_(log_of(job.hooks)) {
    std::vector<std::string> inputs = job.others;
    inputs.push_back(job.data);
    inputs.push_back(job.schema);
    require_apart(inputs, {job.write_schema, job.fixes_out});
    for (const auto& path : {job.write_schema, job.fixes_out}) {
      if (!path.empty()) require_writable(path);
    }
  }

  Inspection run() {
    std::optional<inspect::Schema> given;
    if (!job_.schema.empty()) given = read_schema(job_.schema);
    read();
    for (const auto& file : files_) {
      log_.info(fmt::format("{}: looking for what is broken", file.profile.name));
      take(inspect::check_file(file.profile));
      const auto near = near_pairs(file, file);
      take(findings_of(inspect::copies_in(file.profile, near ? &*near : nullptr), file.profile));
    }
    check_schema(given);
    compare();
    look_ahead();
    finish();
    return std::move(out_);
  }

 private:
  void read() {
    const task::Spec& spec = job_.options.impl().spec;
    std::vector<std::string> paths = job_.others;
    paths.insert(paths.begin(), job_.data);
    files_.reserve(paths.size());
    for (const auto& path : paths) {
      log_.info(path + ": reading");
      files_.push_back(
          read_to_inspect(path, spec, files_.empty() ? nullptr : &files_.front(), log_));
      out_.files.push_back(path);
    }
    out_.names = short_names(out_.files);
    for (std::size_t i = 0; i < files_.size(); ++i) files_[i].profile.name = out_.names[i];
  }

  void take(std::vector<inspect::Finding> findings) {
    found_.insert(found_.end(), findings.begin(), findings.end());
  }

  void check_schema(const std::optional<inspect::Schema>& given) {
    const inspect::Schema own = inspect::schema_of(files_.front().profile);
    out_.schema = to_json(own).dump(2);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (given) take(inspect::check(*given, files_[i].profile, true));
      if (!given && i > 0) take(inspect::check(own, files_[i].profile, false));
    }
  }

  void compare() {
    for (std::size_t j = 1; j < files_.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        log_.info(fmt::format("{}: looking for what stands in {} too", files_[j].profile.name,
                              files_[i].profile.name));
        const auto near = near_pairs(files_[i], files_[j]);
        const auto o =
            inspect::overlap_of(files_[i].profile, files_[j].profile, near ? &*near : nullptr);
        take(findings_of(o));
        out_.leaks.push_back({o.known, o.judged, o.of, o.exact, o.different, o.near, o.groups,
                              o.in_groups, o.contradictions});
      }
      auto drift = inspect::drift_between(files_.front().profile, files_[j].profile);
      take(drift.findings);
      drifts_.push_back(std::move(drift));
    }
  }

  // What needs models of a part of the first file's samples.
  void look_ahead() {
    if (job_.label_errors == "no") return;
    const InspectedFile& first = files_.front();
    const Lookout found = look_out({job_, first, log_});
    out_.labels = found.labels;
    out_.preflight = found.preflight;
    take(found.findings);
    if (!job_.fixes_out.empty()) write_file(job_.fixes_out, fix_list(out_.labels));
  }

  void finish() {
    inspect::sort_findings(found_);
    for (const auto& f : found_) {
      out_.findings.push_back(
          {name_of(f.severity), f.check, f.file, f.where, f.sentence, f.remedy, f.count, f.lines});
      if (f.severity == inspect::Severity::kError) out_.failed = true;
    }
    for (const auto& file : files_) profiles_.push_back(&file.profile);
    out_.tables = inspection_tables(profiles_, drifts_);
    out_.verdict = verdict_of(out_);
    if (!job_.write_schema.empty()) write_file(job_.write_schema, out_.schema + "\n");
  }

  const InspectJob& job_;
  base::Log log_;
  std::vector<InspectedFile> files_;
  std::vector<inspect::Finding> found_;
  std::vector<inspect::Drift> drifts_;
  std::vector<const inspect::Profile*> profiles_;
  Inspection out_;
};

}  // namespace

Inspection inspect(const InspectJob& job) { return InspectRun(job).run(); }

}  // namespace refrain::api

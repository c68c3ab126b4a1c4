#include "refrain/api/inside/run_changes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/changes.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/version.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/task/spec.h"

namespace refrain::api {
namespace {

using base::Json;

std::set<std::string> option_names() {
  std::set<std::string> out;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) out.insert(field.name);
  return out;
}

void set_option(const std::string& name, const Json& value, OldJob& out) {
  try {
    out.job.options.load_text(Json{{name, value}}.dump(), "options.json");
  } catch (const Error&) {
    out.refused.push_back(
        fmt::format("the option '{}' no longer takes {}, as the run had it", name, value.dump()));
  }
}

// Options of the run that were left to their defaults, and what those are now.
std::vector<std::string> option_changes(const store::Run& run, const store::Run& again) {
  // Options that concern the machine or the verification and never change the result.
  static const std::set<std::string> kNoMatter = {"threads", "baselines", "verdict", "time_limit"};
  const Json then = parse_object(run.options), now = parse_object(again.options);
  const Json given = parse_object(run.job).value("options", Json::object());
  std::vector<std::string> out;
  for (const auto& [name, value] : then.items()) {
    if (kNoMatter.contains(name) || given.contains(name)) continue;
    if (!now.contains(name)) {
      out.push_back(
          fmt::format("there is no option '{}' any more; the run had {}", name, value.dump()));
    } else if (now[name] != value) {
      out.push_back(fmt::format("'{}' was left to its default: {} then, {} now", name, value.dump(),
                                now[name].dump()));
    }
  }
  return out;
}

// How many changes the program of the run knew; -1 where the run does not say so.
int known_changes(const store::Run& run) {
  const Json job = parse_object(run.job);
  return job.contains("changes") && job["changes"].is_number_integer() ? job["changes"].get<int>()
                                                                       : -1;
}

// "x86_64 avx2, 2 cores" -> "x86_64 avx2".
std::string instructions_of(const std::string& machine) {
  return machine.substr(0, machine.find(','));
}

}  // namespace

OldJob job_of(const store::Run& run) {
  const auto stored = Json::parse(run.job, nullptr, false);
  if (!stored.is_object() || !stored.contains("data") || !stored.contains("options")) {
    throw Error(Code::kData, "run " + run.id + " does not say how it was trained",
                "only runs of 'refrain train' can be verified");
  }
  OldJob out;
  out.job.data = stored.value("data", "");
  if (out.job.data.empty()) {
    throw Error(Code::kData, "run " + run.id + " was made of samples in memory",
                "only runs on files can be verified");
  }
  out.job.test = stored.value("test", "");
  out.job.valid = stored.value("valid", "");
  out.job.fixes = stored.value("fixes", "");
  out.job.fits_kept_model = stored.value("kept", false);
  const auto known = option_names();
  for (const auto& [name, value] : stored["options"].items()) {
    if (known.contains(name)) {
      set_option(name, value, out);
    } else {
      out.refused.push_back(
          fmt::format("the option '{}', which the run had set to {}, is gone", name, value.dump()));
    }
  }
  return out;
}

std::vector<std::string> changes_of(const store::Run& run, const store::Run& again) {
  std::vector<std::string> out;
  if (run.version != version()) {
    out.push_back(
        fmt::format("the run was made by version {}, this is {}", run.version, version()));
  }
  for (auto& sentence : option_changes(run, again)) out.push_back(std::move(sentence));
  const std::string then = instructions_of(run.machine), now = instructions_of(machine_name());
  if (!then.empty() && then != now) {
    out.push_back(fmt::format(
        "the run was computed by {}, now by {}: other instructions round differently", then, now));
  }
  const int known = known_changes(run);
  for (const auto& change : changes_since(run.version, known)) {
    const bool sure = known >= 0 || is_older(run.version, change.version);
    out.push_back((sure ? "changed since: " : "perhaps changed since: ") + change.what);
  }
  if (out.empty()) {
    out.push_back(
        fmt::format("version {}, options and instruction set are those of the run: "
                    "nothing known explains it",
                    version()));
  }
  return out;
}

}  // namespace refrain::api

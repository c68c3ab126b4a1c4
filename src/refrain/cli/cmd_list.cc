// refrain list augmentations|cells|optimisers|schedules|readers|tasks|metrics|sources
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "refrain/api/names.h"
#include "refrain/api/output.h"
#include "refrain/api/registries.h"
#include "refrain/api/sources.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

constexpr const char* kSources = "sources";

constexpr const char* kListExamples = R"(
'refrain list sources' looks for what --init, --encoder and --vectors can begin with: models of
earlier runs, files and encoders in this folder, and encoders that Python packages have installed.)";

struct ChoiceArguments {
  std::string registry, json, store;
};

std::string registry_text(const std::string& registry) {
  const auto rows = list_registry(registry);
  std::size_t width = 0;
  for (const auto& r : rows) width = std::max(width, r.name.size());
  std::string out;
  for (const auto& r : rows) {
    out += fmt::format("{:<{}}  {}\n", r.name, width, r.description);
    for (const auto& option : r.options) out += fmt::format("{:{}}    {}\n", "", width, option);
  }
  return out;
}

std::string bytes_text(long long bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes >= 1'000'000) return fmt::format("{:.1f} MB", size / 1e6);
  return bytes >= 1000 ? fmt::format("{:.1f} kB", size / 1e3) : fmt::format("{} bytes", bytes);
}

std::string numbers_text(long long numbers) {
  if (numbers >= 1'000'000) {
    return fmt::format("{:.1f} million numbers", static_cast<double>(numbers) / 1e6);
  }
  return fmt::format("{} numbers", numbers);
}

// "model (classify), reads words (812); 5120 numbers, 20.5 kB; this folder".
std::string describe_source(const FoundSource& s) {
  if (s.option.empty() && s.reads.empty()) {
    return fmt::format("{}cannot be used: {}; {}", s.kind.empty() ? "" : s.kind + ", ", s.trouble,
                       s.from);
  }
  std::string out = s.kind;
  if (s.kind == "model" || s.kind == "source") out += fmt::format(" ({})", s.task);
  if (!s.reads.empty()) out += ", reads " + s.reads;
  out += "; ";
  if (s.numbers > 0) out += numbers_text(s.numbers) + ", ";
  out += fmt::format("{}; {}", bytes_text(s.bytes), s.from);
  return s.trouble.empty() ? out : out + "; not for --init: " + s.trouble;
}

// A path as a word for a shell.
std::string quoted_path(const std::string& path) {
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           static_cast<unsigned char>(c) > 127 ||
           std::string_view("./_-+=@:,").find(c) != std::string_view::npos;
  });
  if (plain) return path;
  std::string out = "'";
  for (const char c : path) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += static_cast<unsigned char>(c) < 32 ? '?' : c;
    }
  }
  return out + "'";
}

std::string sources_text(const SourceList& found) {
  std::string out;
  for (const auto& s : found.sources) {
    const std::string option = s.option.empty() ? "-" : "--" + s.option;
    out +=
        fmt::format("{:<9}  {}\n{:<9}  {}\n", option, quoted_path(s.path), "", describe_source(s));
  }
  if (found.sources.empty()) out = "no sources in this folder, the runs and Python's packages\n";
  for (const auto& remark : found.remarks) out += remark + "\n";
  return out;
}

int run_choices(const ChoiceArguments& a) {
  if (a.registry != kSources) {
    if (!a.json.empty() || !a.store.empty()) {
      throw Error(Code::kUsage, "--json and --store are of 'refrain list sources'",
                  "leave them out");
    }
    if (nearest_name(a.registry, {kSources}) == kSources) {
      throw Error(Code::kUsage, fmt::format("unknown registry '{}'", a.registry),
                  "did you mean 'sources'?");
    }
    write_output("-", registry_text(a.registry));
    return kDone;
  }
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  SourceSearch search;
  search.store = a.store;
  const SourceList found = find_sources(search);
  if (a.json != "-") write_output("-", sources_text(found));
  if (!a.json.empty()) write_output(a.json, found.json() + "\n");
  return kDone;
}

}  // namespace

std::function<int()> add_list(CLI::App& program) {
  auto a = std::make_shared<ChoiceArguments>();
  CLI::App& c = *program.add_subcommand("list", "what there is to choose from");
  c.add_option("registry", a->registry,
               fmt::format("{}|{}", fmt::join(registry_names(), "|"), kSources))
      ->required();
  c.add_option("--json", a->json, "sources as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_option("--store", a->store,
               "sources: the experiment store [$REFRAIN_STORE or ~/.refrain/runs.db]")
      ->type_name("FILE");
  c.footer(kListExamples);
  return [a] { return run_choices(*a); };
}

}  // namespace refrain::cli

#include "refrain/data/pairs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/source_text.h"

namespace refrain::data {
namespace {

bool has_pair_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

[[noreturn]] void refuse_no_pairs(const PairInput& input) {
  Lines lines(input.source.text);
  Line line;
  lines.next_filled(line);
  throw Error(
      Code::kData,
      fmt::format("{}: no pairs of texts were recognised; line {} is {}", input.source.path,
                  line.number, shown(line.text)),
      fmt::format("give two parallel files as SOURCES,TARGETS, lines 'source TAB target', a "
                  "CSV with a header, or JSON Lines {{\"source\":, \"target\":}}; or name "
                  "the format with --format: {}",
                  fmt::join(pair_readers().names(), ", ")));
}

std::string pair_format(const PairInput& input) {
  if (input.spec.format != "auto") return input.spec.format;
  std::string best;
  int best_score = 0;
  for (const auto& item : pair_readers().items()) {
    const int score = item.value.recognise(input);
    if (score > best_score) best = item.name;
    best_score = std::max(score, best_score);
  }
  if (best.empty()) refuse_no_pairs(input);
  return best;
}

Dataset read_input(const PairInput& input, const std::string& path, const base::Log& log) {
  const std::string format = pair_format(input);
  const PairReader& reader = pair_readers().at(format);
  if (input.targets != nullptr && format != "parallel") {
    throw Error(Code::kUsage, fmt::format("{}: --format {} reads one file", path, format),
                "leave --format out for two parallel files");
  }
  Dataset out = reader.read(input);
  out.path = path;
  out.format = format;
  out.columns.format = format;
  for (const auto& warning : out.warnings) log.warning(warning);
  for (const auto& remark : out.remarks) log.info(remark);
  return out;
}

}  // namespace

// Of several commas the one between the names of two files that are there, or of one.
std::vector<std::string> pair_paths(const std::string& path) {
  if (has_pair_file(path)) return {path};
  std::vector<std::string> best = {path};
  int most = -1;
  for (std::size_t at = path.find(','); at != std::string::npos; at = path.find(',', at + 1)) {
    const std::vector<std::string> names = {path.substr(0, at), path.substr(at + 1)};
    const int there = (has_pair_file(names[0]) ? 1 : 0) + (has_pair_file(names[1]) ? 1 : 0);
    if (there > most) best = names;
    most = std::max(there, most);
  }
  return best;
}

Dataset read_pairs_from(std::vector<PairFile> files, const ReadSpec& spec,
                        const PairsWanted& wanted, const base::Log& log) {
  if (spec.format != "auto") pair_readers().at(spec.format);
  const std::string encoding = lower(spec.encoding) == "utf8" ? "utf-8" : lower(spec.encoding);
  std::vector<std::string> paths, texts;
  for (auto& file : files) {
    paths.push_back(file.path);
    texts.push_back(text_of_bytes(std::move(file.bytes), file.path, encoding, log));
  }
  std::vector<Source> sources;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    sources.push_back({paths[i], extension_of(paths[i]), texts[i]});
  }
  const Source* targets = sources.size() > 1 ? &sources[1] : nullptr;
  const std::string path = fmt::format("{}", fmt::join(paths, ","));
  return read_input({sources.at(0), targets, spec, wanted}, path, log);
}

Dataset read_pairs(const std::string& path, const ReadSpec& spec, const PairsWanted& wanted,
                   const base::Log& log) {
  std::vector<PairFile> files;
  for (const auto& name : pair_paths(path)) files.push_back({name, base::read_file(name).bytes});
  return read_pairs_from(std::move(files), spec, wanted, log);
}

}  // namespace refrain::data

#include "refrain/data/history/read.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/history/history_reader.h"
#include "refrain/data/readers/dialect.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/source_text.h"

namespace refrain::data {
namespace {

ReadSpec table_spec(const HistorySpec& spec) {
  ReadSpec out;
  out.decimal = spec.decimal;
  out.missing_values = spec.missing_values;
  return out;
}

std::string recognise_history(const Source& source, const HistorySpec& spec) {
  std::string best;
  int best_score = 0;
  for (const auto& item : history_readers().items()) {
    const int score = item.value.recognise(source, spec);
    if (score > best_score) best = item.name;
    best_score = std::max(score, best_score);
  }
  if (!best.empty()) return best;
  Lines lines(source.text);
  Line line;
  lines.next_filled(line);
  throw Error(
      Code::kData,
      fmt::format("{}: the form of these series was not recognised; line {} is {}", source.path,
                  line.number, shown(line.text)),
      fmt::format("a CSV of series needs a header with a time column, or an id at the begin "
                  "of each row; or name its format with --format: {}",
                  fmt::join(history_readers().names(), ", ")));
}

}  // namespace

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> out;
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::string_view name = trim(take_until(rest, ','));
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

Histories read_histories_from(std::string bytes, const std::string& path, const HistorySpec& spec,
                              const base::Log& log) {
  if (spec.format != "auto") history_readers().at(spec.format);
  const std::string encoding = lower(spec.encoding) == "utf8" ? "utf-8" : lower(spec.encoding);
  std::string text = text_of_bytes(std::move(bytes), path, encoding, log);
  std::vector<std::string> remarks = settle_dialect(path, table_spec(spec), text);
  const Source source{path, extension_of(path), text};
  const std::string format = spec.format == "auto" ? recognise_history(source, spec) : spec.format;
  const HistoryReader& reader = history_readers().at(format);
  Histories out = reader.read(source, spec);
  out.format = format;
  out.summary = fmt::format("{}: {}", reader.layout, out.summary);
  out.remarks.insert(out.remarks.begin(), remarks.begin(), remarks.end());
  for (const auto& warning : out.warnings) log.warning(warning);
  for (const auto& remark : out.remarks) log.info(remark);
  return out;
}

Histories read_histories(const std::string& path, const HistorySpec& spec, const base::Log& log) {
  return read_histories_from(base::read_file(path).bytes, path, spec, log);
}

}  // namespace refrain::data

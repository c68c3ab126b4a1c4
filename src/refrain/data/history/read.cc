#include "refrain/data/history/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/data/history/readers.h"
#include "refrain/data/readers/dialect.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/text_file.h"

namespace refrain::data {
namespace {

Histories read_text(std::string text, const std::string& path, const HistorySpec& spec,
                    const base::Log& log) {
  Histories out;
  out.path = path;
  if (trim(text).empty()) {
    throw Error(Code::kData, path + " is empty", "give a file with at least one series");
  }
  if (text.find('\0') != std::string::npos) {
    throw Error(Code::kData, path + ": this is a binary file, not text", "give a text file");
  }
  std::filesystem::path name(lower(path));
  if (name.extension() == ".gz") name = name.stem();
  const std::string extension = name.extension().string();
  if (extension != ".tsf" && extension != ".json" && extension != ".jsonl") {
    out.warnings = settle_dialect(path, table_spec(spec), text);
  }
  const HistorySource source{path, extension.empty() ? "" : extension.substr(1), text};
  out.format = spec.format;
  if (spec.format == "auto") {
    int most = 0;
    for (const auto& item : history_readers().items()) {
      const int sure = item.value.recognise(source, spec);
      if (sure <= most) continue;
      most = sure;
      out.format = item.name;
    }
    if (most == 0) {
      throw Error(
          Code::kData, path + ": this is no file of histories that is known",
          "give CSV with the columns id, time and value, CSV with one column a series, rows "
          "of id and values, JSON Lines with target, or .tsf; --format names which it is");
    }
  }
  history_readers().at(out.format).read(source, spec, out);
  if (out.series.empty()) throw Error(Code::kData, path + " has no series");
  std::size_t least = out.series.front().steps(), most = least;
  for (const auto& s : out.series) {
    least = std::min(least, s.steps());
    most = std::max(most, s.steps());
  }
  out.summary = fmt::format("{}: {} series, {} to {} {}{}", out.format, out.series.size(), least,
                            most, out.calendar.unit == Calendar::Unit::kNumber ? "" : "steps, ",
                            out.calendar.name());
  for (const auto& warning : out.warnings) log.warning(path + ": " + warning);
  return out;
}

}  // namespace

const base::Registry<HistoryReader>& history_readers() {
  static const base::Registry<HistoryReader> list(
      "format",
      {{"tsf", "histories of the Monash archive", {recognise_tsf, read_tsf}},
       {"target_jsonl",
        "JSON Lines with start and target of each series (GluonTS)",
        {recognise_history_jsonl, read_history_jsonl}},
       {"rows", "a series a row: its id, then its values (M3, M4)", {recognise_rows, read_rows}},
       {"long", "a value a row, with columns for id and time", {recognise_stamped, read_stamped}},
       {"columns",
        "a series a column, with a column for time",
        {recognise_series_columns, read_series_columns}}});
  return list;
}

Histories read_histories(const std::string& path, const HistorySpec& spec, const base::Log& log) {
  return read_text(text_of_file(path, spec.encoding), path, spec, log);
}

Histories read_histories_from(std::string bytes, const std::string& path, const HistorySpec& spec,
                              const base::Log& log) {
  return read_text(base::to_utf8(bytes, spec.encoding), path, spec, log);
}

}  // namespace refrain::data

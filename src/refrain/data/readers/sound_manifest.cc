// A list of recordings: CSV/TSV with a header and a column of paths (path, file, filename, audio or
// wav) to files of sound, relative to the list's own folder; beside it the label, the group (the
// speaker, with --group) and the id, which is the path where there is none.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/recordings.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

constexpr std::array<std::string_view, 5> kPathNames = {"path", "file", "filename", "audio", "wav"};

int path_column(const std::vector<std::string>& names) {
  for (const auto usual : kPathNames) {
    const auto same = [&](const std::string& name) { return lower(name) == usual; };
    const auto found = std::find_if(names.begin(), names.end(), same);
    if (found != names.end()) return static_cast<int>(found - names.begin());
  }
  return kNoColumn;
}

// By the header and the first row.
int recognise_sound_manifest(const Source& source, const ReadSpec&) {
  RowScanner scanner(source.text, find_delimiter(source.text));
  Row row;
  if (!scanner.next(row)) return 0;
  std::vector<std::string> names;
  for (const auto cell : row.cells) names.emplace_back(trim(cell));
  const int path = path_column(names);
  if (path == kNoColumn || !scanner.next(row)) return 0;
  if (static_cast<std::size_t>(path) >= row.cells.size()) return 0;
  return has_sound_name(trim(row.cells[static_cast<std::size_t>(path)])) ? 99 : 0;
}

Dataset read_manifest(const Source& source, const ReadSpec& spec) {
  Problems problems(source.path);
  Table table(source, problems);
  const Header header{source.path, table.names(), source.expected};
  const int path = path_column(header.names);
  if (path == kNoColumn) {
    throw Error(Code::kData,
                fmt::format("{}:1: no column of paths; the columns are {}", source.path,
                            list_columns(header.names)),
                "call the column with the files of sound 'path'");
  }
  const int label = find_column(header, Role::kLabel, spec.target);
  const int group = find_column(header, Role::kGroup, spec.group);
  const int id = find_column(header, Role::kId, spec.id);
  const auto folder = std::filesystem::path(source.path).parent_path();
  std::vector<Recording> recordings;
  Row row;
  while (table.next(row)) {
    const std::string name(trim(cell_text(row.cells, path)));
    if (name.empty()) {
      problems.add(row.line, path + 1, "no path");
      continue;
    }
    Recording& recording = recordings.emplace_back();
    recording.path = (folder / name).string();
    Sample& sample = recording.sample;
    sample.line = row.line;
    sample.label = trim(cell_text(row.cells, label));
    sample.group = trim(cell_text(row.cells, group));
    sample.id = trim(cell_text(row.cells, id));
    if (sample.id.empty()) sample.id = name;
  }
  if (recordings.empty() && problems.count() == 0) {
    throw Error(Code::kData, fmt::format("{}: no recordings after the header", source.path),
                "give a list with at least one recording");
  }
  Dataset out = read_recordings(std::move(recordings), problems, source.expected);
  out.columns =
      remembered_columns(header.names, {.label = label, .id = id, .group = group}, {path});
  if (group == kNoColumn) suspect_group(header.names, {path, label, id}, out);
  return out;
}

}  // namespace

Reader sound_manifest_reader() { return {recognise_sound_manifest, read_manifest}; }

}  // namespace refrain::data

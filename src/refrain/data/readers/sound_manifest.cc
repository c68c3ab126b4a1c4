// A list of recordings: CSV/TSV with a header and a column of paths (--path-column, or of a usual
// name, or the one whose cells end as files of sound do) to files of sound, relative to the list's
// own folder; \ is / where the file is there then. Beside it the label or the transcript, the group
// (beside transcripts the speaker, else with --group) and the id, which is the path where there is
// none.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "refrain/base/error.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/recordings.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/transcripts.h"

namespace refrain::data {
namespace {

constexpr std::array<std::string_view, 15> kPathNames = {
    "path",      "file",     "filename",  "audio",      "wav",      "fname",
    "file_name", "filepath", "file_path", "audio_path", "wav_path", "slice_file_name",
    "recording", "sound",    "uri"};

// Returns the named column, or else the first column for which `fits` is true; usual names are
// tried first.
template <class Fits>
int path_column(const Header& header, const ReadSpec& spec, Fits fits) {
  const auto& names = header.names;
  const auto called = [&](std::string_view wanted) {
    const auto same = [&](const std::string& name) { return lower(name) == wanted; };
    const auto found = std::find_if(names.begin(), names.end(), same);
    return found == names.end() ? kNoColumn : static_cast<int>(found - names.begin());
  };
  if (!spec.path_column.empty()) {
    const int named = called(lower(spec.path_column));
    if (named != kNoColumn) return named;
    throw Error(Code::kData,
                fmt::format("{}:1: no column {} (--path-column); the columns are {}", header.path,
                            shown(spec.path_column), list_columns(names)),
                "name one of them with --path-column");
  }
  for (const auto usual : kPathNames) {
    const int column = called(usual);
    if (column != kNoColumn && fits(column)) return column;
  }
  for (int c = 0; c < static_cast<int>(names.size()); ++c) {
    if (fits(c)) return c;
  }
  for (const auto usual : kPathNames) {  // a format that was named: the error will name the file
    if (spec.format != "auto" && called(usual) != kNoColumn) return called(usual);
  }
  return kNoColumn;
}

bool is_sound_there(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char bytes[12] = {};
  file.read(bytes, sizeof bytes);
  return is_sound({bytes, static_cast<std::size_t>(file.gcount())});
}

// Finds the column of paths: its cells end as sound files do, or name existing files.
int path_column(const Source& source, const TableHead& head, const ReadSpec& spec) {
  const auto folder = std::filesystem::path(source.path).parent_path();
  const auto is_there = [&](int column) {
    std::error_code ignored;
    const std::string cell(
        head.rows.empty() ? "" : trim(head.rows[0][static_cast<std::size_t>(column)]));
    if (cell.empty() || cell.size() > 200) return false;
    const auto path = folder / cell;
    return std::filesystem::is_regular_file(path, ignored) && is_sound_there(path.string());
  };
  return path_column({source.path, head.names, source.expected}, spec, [&](int column) {
    return mostly(head, column, is_sound_path) || is_there(column);
  });
}

int recognise_sound_manifest(const Source& source, const ReadSpec& spec) {
  if (!spec.path_column.empty()) return 99;
  const TableHead head = table_head(source, spec);
  return head.rows.empty() || path_column(source, head, spec) == kNoColumn ? 0 : 99;
}

// Without a header the first row would be lost.
void refuse_without_header(const Source& source, const std::vector<std::string>& names) {
  if (std::none_of(names.begin(), names.end(), is_sound_path)) return;
  throw Error(
      Code::kData,
      fmt::format("{}:1: the first row is a recording already, not the names of the columns",
                  source.path),
      "begin the list with a line such as 'path,label'");
}

// Returns the path as written, or with / in place of \ if that file exists.
std::string path_of(const std::filesystem::path& folder, std::string name) {
  std::error_code ignored;
  const auto as_written = folder / name;
  if (name.find('\\') == std::string::npos || std::filesystem::exists(as_written, ignored)) {
    return as_written.string();
  }
  std::replace(name.begin(), name.end(), '\\', '/');
  return (folder / name).string();
}

// The label, or else the transcript, where training did not learn from another column.
int reply_or_label(const Header& header, const ReadSpec& spec) {
  const int label = find_column(header, Role::kLabel, spec.target);
  if (label != kNoColumn) return label;
  const std::string trained = header.expected == nullptr ? "" : header.expected->columns.label;
  const bool other = header.expected != nullptr && !is_transcript_name(trained);
  return other ? kNoColumn : first_called(header.names, transcript_names());
}

// Beside transcripts, the speaker is a group without being named.
int speaker_or_group(const Header& header, const ReadSpec& spec, int label) {
  const int group = find_column(header, Role::kGroup, spec.group);
  if (group != kNoColumn || label == kNoColumn) return group;
  if (!is_transcript_name(header.names[static_cast<std::size_t>(label)])) return kNoColumn;
  return first_called(header.names, speaker_names());
}

Dataset read_manifest(const Source& source, const ReadSpec& spec) {
  Problems problems(source.path);
  Table table(source, spec, problems);
  const Header header{source.path, table.names(), source.expected};
  refuse_without_header(source, header.names);
  const int path = path_column(source, table_head(source, spec), spec);
  if (path == kNoColumn) {
    throw Error(Code::kData,
                fmt::format("{}:1: no column of paths; the columns are {}", source.path,
                            list_columns(header.names)),
                "name the one with the files of sound with --path-column");
  }
  const int label = reply_or_label(header, spec);
  const int group = speaker_or_group(header, spec, label);
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
    recording.path = path_of(folder, name);
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
  for (int c = 0; c < static_cast<int>(header.names.size()); ++c) {
    if (c == path || c == label || c == group || c == id) continue;
    out.not_read.push_back(header.names[static_cast<std::size_t>(c)]);
  }
  if (group == kNoColumn) suspect_group(header.names, {path, label, id}, out);
  return out;
}

}  // namespace

Reader sound_manifest_reader() { return {recognise_sound_manifest, read_manifest}; }

}  // namespace refrain::data

// A folder of recordings: one folder a class, with files of sound in it at any depth; or files of
// sound alone, which then have no labels. Names that begin with a dot, and files that do not end
// as files of sound do, are passed over. Read in the order of their names.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/data/readers/recordings.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 1'000'000;

bool is_hidden(const fs::path& path) {
  return std::any_of(path.begin(), path.end(),
                     [](const fs::path& part) { return part.string().starts_with("."); });
}

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

// Paths relative to the folder, sorted; how many other files there are.
std::vector<fs::path> sounds_in(const std::string& folder, std::int64_t& others) {
  std::vector<fs::path> out;
  try {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const fs::path name = entry.path().lexically_relative(folder);
      if (!entry.is_regular_file() || is_hidden(name)) continue;
      if (!has_sound_name(name.string())) {
        ++others;
        continue;
      }
      out.push_back(name);
      if (out.size() > kMostFiles) {
        fail(folder, fmt::format("more than {} recordings", kMostFiles), "give a smaller folder");
      }
    }
  } catch (const fs::filesystem_error& e) {
    throw Error(Code::kIo, fmt::format("{}: {}", folder, e.code().message()),
                "check the folder and its permissions");
  }
  std::sort(out.begin(), out.end());
  return out;
}

int recognise_sound_folder(const Source&, const ReadSpec&) { return 100; }

Dataset read_folder(const Source& source, const ReadSpec&) {
  std::int64_t others = 0;
  std::vector<Recording> recordings;
  for (const fs::path& name : sounds_in(source.path, others)) {
    Recording& recording = recordings.emplace_back();
    recording.path = (fs::path(source.path) / name).string();
    recording.sample.id = name.generic_string();
    recording.sample.line = static_cast<std::int64_t>(recordings.size());
    if (name.has_parent_path()) recording.sample.label = name.begin()->string();
  }
  if (recordings.empty()) {
    fail(source.path, "no recordings in this folder",
         "it should hold a folder for each class with .wav, .flac or .ogg files in it; files of "
         "other formats are given one by one");
  }
  Problems problems(source.path, "files", false);
  Dataset out = read_recordings(std::move(recordings), problems);
  if (others > 0) {
    out.remarks.push_back(fmt::format("{}: {} file{} without the name of a recording passed over",
                                      source.path, others, others == 1 ? "" : "s"));
  }
  return out;
}

}  // namespace

Reader sound_folder_reader() { return {recognise_sound_folder, read_folder, Takes::kFolder}; }

}  // namespace refrain::data

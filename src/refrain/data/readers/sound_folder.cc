// A folder of recordings: one folder a class, with files of sound in it at any depth; or files of
// sound alone, which then have no labels. Names that begin with a dot, and files that do not end
// as files of sound do, are passed over. Read in the order of their names.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/recordings.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 1'000'000;

[[noreturn]] void fail_folder(const std::string& path, const std::string& what,
                              const std::string& hint) {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

struct Others {
  std::int64_t sounds = 0, files = 0;  // of kinds that are not read
};

// Paths relative to the folder, sorted; how many other files there are.
std::vector<fs::path> sounds_in(const std::string& folder, Others& others) {
  std::vector<fs::path> out;
  for_files_in(folder, [&](const fs::path& name) {
    if (!has_sound_name(name.string())) {
      ++(is_sound_path(name.string()) ? others.sounds : others.files);
      return;
    }
    out.push_back(name);
    if (out.size() > kMostFiles) {
      fail_folder(folder, fmt::format("more than {} recordings", kMostFiles),
                  "give a smaller folder");
    }
  });
  std::sort(out.begin(), out.end());
  return out;
}

int recognise_sound_folder(const Source&, const ReadSpec&) { return 100; }

// train/ and test/ are parts of a set, not classes.
void refuse_parts(const std::string& folder, const std::vector<Recording>& recordings) {
  static const std::set<std::string> kParts = {"train", "training",  "test",       "testing",
                                               "val",   "valid",     "validation", "dev",
                                               "eval",  "evaluation"};
  std::set<std::string> names;
  for (const auto& recording : recordings) names.insert(recording.sample.label);
  const bool parts = names.size() > 1 &&
                     std::all_of(names.begin(), names.end(),
                                 [](const auto& name) { return kParts.contains(lower(name)); });
  if (!parts) return;
  const auto find = [&](std::string_view start) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return lower(name).starts_with(start);
    });
    return (fs::path(folder) / (found == names.end() ? std::string(start) : *found)).string();
  };
  fail_folder(folder,
              fmt::format("{} are parts of a data set, not classes", fmt::join(names, " and ")),
              fmt::format("give {} --test {}, each with a folder for each class", find("train"),
                          find("test")));
}

// "3 .csv, 1 .txt": what lies there instead.
std::string endings_in(const std::string& folder) {
  std::map<std::string, int> count;
  for_files_in(folder, [&](const fs::path& name) { ++count[lower(name.extension().string())]; });
  std::vector<std::string> out;
  for (const auto& [ending, files] : count) {
    out.push_back(fmt::format("{} {}", files, ending.empty() ? "without ending" : ending));
    if (out.size() == 5) break;
  }
  return out.empty() ? "" : fmt::format(" (it holds {})", fmt::join(out, ", "));
}

Dataset read_folder(const Source& source, const ReadSpec&) {
  Others others;
  std::vector<Recording> recordings;
  for (const fs::path& name : sounds_in(source.path, others)) {
    Recording& recording = recordings.emplace_back();
    recording.path = (fs::path(source.path) / name).string();
    recording.sample.id = name.generic_string();
    recording.sample.line = static_cast<std::int64_t>(recordings.size());
    if (name.has_parent_path()) recording.sample.label = name.begin()->string();
  }
  if (recordings.empty()) {
    fail_folder(
        source.path, "no recordings in this folder" + endings_in(source.path),
        "it should hold a folder for each class with .wav, .flac or .ogg files in it (ffmpeg -i "
        "x.mp3 x.wav makes them of others); series and texts are given as one file each");
  }
  refuse_parts(source.path, recordings);
  Problems problems(source.path, "files", false);
  Dataset out = read_recordings(std::move(recordings), problems);
  if (others.sounds > 0) {
    out.warnings.push_back(
        fmt::format("{}: {} recording{} of other kinds than WAV, FLAC and OGG not "
                    "read: ffmpeg -i x.mp3 x.wav makes a WAV",
                    source.path, others.sounds, others.sounds == 1 ? "" : "s"));
  }
  if (others.files > 0) {
    out.remarks.push_back(fmt::format("{}: {} file{} without the name of a recording passed over",
                                      source.path, others.files, others.files == 1 ? "" : "s"));
  }
  return out;
}

}  // namespace

Reader sound_folder_reader() { return {recognise_sound_folder, read_folder, Takes::kFolder}; }

}  // namespace refrain::data

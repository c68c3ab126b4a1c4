#include "refrain/data/recording_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/writer.h"

namespace refrain::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestPart = 60;

// Returns a file name for an id, in characters that any file system takes.
std::string file_name(std::size_t number, const std::string& id) {
  std::string stem = id.substr(id.find_last_of('/') + 1).substr(0, kLongestPart);
  std::replace_if(
      stem.begin(), stem.end(),
      [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; }, '_');
  return fmt::format("{:05}-{}.wav", number, stem);
}

}  // namespace

void write_recordings(const std::string& folder, const Dataset& dataset) {
  std::error_code error;
  if (!fs::create_directory(folder, error)) {
    throw Error(Code::kIo,
                fmt::format("{}: {}", folder, error ? error.message() : "is there already"),
                "recordings are written to a new folder: name one whose parent exists");
  }
  Dataset list = dataset;  // with paths in place of sound
  list.streams = {{"text", StreamKind::kText, 0, {}}};
  for (std::size_t i = 0; i < list.samples.size(); ++i) {
    const std::string name = file_name(i + 1, list.samples[i].id);
    auto& value = list.samples[i].streams.front();
    base::write_file_atomically((fs::path(folder) / name).string(),
                                wav_bytes(std::get<Sound>(value)));
    value = name;
  }
  std::string table = write_samples(list, "csv");
  table.replace(table.find("text"), 4, "path");  // the column's name
  base::write_file_atomically((fs::path(folder) / "list.csv").string(), table);
}

}  // namespace refrain::data

// Shared by the readers of recordings: reads many sound files at once and names all bad ones.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "refrain/data/reader.h"

namespace refrain::data {

struct Recording {
  std::string path;
  Sample sample;  // without its stream; its line tells where it is named
};

// Calls body(name) for each file in a folder and its subfolders, names being relative to it; those
// with a part that begins with a dot are passed over. Throws io.
void for_files_in(const std::string& folder,
                  const std::function<void(const std::filesystem::path&)>& body);

// Returns a dataset of these recordings, in their order. Recordings with several channels are mixed
// down with a remark. Throws data with all problems and all bad files, and for more than kMostSound
// samples in all. Labels may be missing if training `expected` none.
Dataset read_recordings(std::vector<Recording> recordings, Problems& problems,
                        const Expected* expected = nullptr);

// Adds warnings on files whose channels cancel each other, and on values far beyond [-1, 1].
void warn_of_sounds(const std::string& what, std::size_t cancelled, std::size_t loud, Dataset& out);

inline constexpr float kLoud = 8;  // a larger value is no sound of [-1, 1]

inline constexpr std::int64_t kMostSound = std::int64_t{1} << 29;  // 18 hours at 8 kHz, 2 GiB

}  // namespace refrain::data

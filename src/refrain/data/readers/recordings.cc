#include "refrain/data/readers/recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

constexpr const char* kReplaceFiles = "replace or leave out the files that cannot be read";

struct Read {
  SoundFile file;
  std::string error;
};

[[noreturn]] void refuse_size() {
  throw Error(Code::kData,
              fmt::format("more than {} million samples of sound in all", kMostSound / 1'000'000),
              "give fewer or shorter recordings, or at a lower rate");
}

std::vector<Read> read_all(const std::vector<Recording>& recordings) {
  std::vector<Read> out(recordings.size());
  std::atomic<std::int64_t> samples = 0;
  base::parallel_for(static_cast<int>(out.size()), base::core_count(), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    if (samples > kMostSound) return;
    try {
      out[at].file = read_sound(recordings[at].path);
      samples += static_cast<std::int64_t>(out[at].file.sound.samples.size());
    } catch (const Error& e) {
      out[at].error = e.what();
    }
  });
  if (samples > kMostSound) refuse_size();
  return out;
}

void remark_on_channels(const std::vector<Read>& files, Dataset& dataset) {
  const auto such = [&](auto is) {
    return static_cast<std::size_t>(std::count_if(files.begin(), files.end(), is));
  };
  warn_of_sounds(fmt::format("of {} recordings", files.size()),
                 such([](const Read& r) { return r.file.cancelled; }),
                 such([](const Read& r) { return r.file.peak > kLoud; }), dataset);
  const auto several = [](const Read& r) { return r.file.channels > 1; };
  const auto count = std::count_if(files.begin(), files.end(), several);
  if (count == 0) return;
  dataset.remarks.push_back(
      fmt::format("{} of {} recordings have several channels, which were mixed down to one", count,
                  files.size()));
}

void check_labels(Dataset& dataset, bool needed, Problems& problems) {
  const auto& samples = dataset.samples;
  dataset.has_labels = std::any_of(samples.begin(), samples.end(),
                                   [](const Sample& sample) { return !sample.label.empty(); });
  for (const auto& sample : samples) {
    if (!needed || !dataset.has_labels || !sample.label.empty()) continue;
    problems.add(sample.line, 0, sample.id + ": no label, though other recordings have one");
  }
}

bool is_hidden(const std::filesystem::path& path) {
  return std::any_of(path.begin(), path.end(), [](const std::filesystem::path& part) {
    return part.string().starts_with(".");
  });
}

}  // namespace

void for_files_in(const std::string& folder,
                  const std::function<void(const std::filesystem::path&)>& body) {
  try {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const auto name = entry.path().lexically_relative(folder);
      if (entry.is_regular_file() && !is_hidden(name)) body(name);
    }
  } catch (const std::filesystem::filesystem_error& e) {
    throw Error(Code::kIo, fmt::format("{}: {}", folder, e.code().message()),
                "check the folder and its permissions");
  }
}

void warn_of_sounds(const std::string& what, std::size_t cancelled, std::size_t loud,
                    Dataset& out) {
  if (cancelled > 0) {
    out.warnings.push_back(fmt::format(
        "{}, {}: the channels cancel each other, and their mean is next to silence: keep "
        "one channel, for example with ffmpeg -i FILE -af pan=mono|c0=c0 out.wav",
        what, cancelled));
  }
  if (loud > 0) {
    out.warnings.push_back(
        fmt::format("{}, {}: values far beyond [-1, 1], which were not scaled: were integers "
                    "written as floats?",
                    what, loud));
  }
}

Dataset read_recordings(std::vector<Recording> recordings, Problems& problems,
                        const Expected* expected) {
  std::vector<Read> files = read_all(recordings);
  Dataset out;
  out.streams.push_back({"sound", StreamKind::kSound, 0, {}});
  for (std::size_t i = 0; i < files.size(); ++i) {
    Sample& sample = out.samples.emplace_back(std::move(recordings[i].sample));
    if (!files[i].error.empty()) problems.add(sample.line, 0, files[i].error);
    sample.streams.emplace_back(std::move(files[i].file.sound));
  }
  check_labels(out, expected == nullptr || expected->labelled, problems);
  problems.throw_if_any(kReplaceFiles);
  remark_on_channels(files, out);
  return out;
}

}  // namespace refrain::data

#include "bench/streaming.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "refrain/api/stream.h"
#include "refrain/api/train.h"
#include "refrain/base/rng.h"

namespace refrain::bench {
namespace {

// A folder of this process that goes when the object goes.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("refrain-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// 20 series of 12 steps of noise, two classes, as JSON Lines.
void write_noise(const std::string& path, int channels) {
  std::ofstream out(path);
  base::Rng rng(1);
  for (int i = 0; i < 20; ++i) {
    out << R"({"label": ")" << (i % 2 == 0 ? "a" : "b") << R"(", "series": [)";
    for (int t = 0; t < 12; ++t) {
      out << (t == 0 ? "[" : ", [");
      for (int c = 0; c < channels; ++c) out << (c == 0 ? "" : ", ") << rng.normal();
      out << "]";
    }
    out << "]}\n";
  }
}

api::Model make_model(const std::string& cell, int inputs, int units) {
  const TemporaryFolder folder;
  api::TrainJob job;
  job.data = folder.file("noise.jsonl");
  job.out = folder.file("noise.refrain");
  write_noise(job.data, inputs);
  const std::pair<const char*, std::string> options[] = {{"series_layout", "steps"},
                                                         {"cell", cell},
                                                         {"bidirectional", "false"},
                                                         {"hidden", std::to_string(units)},
                                                         {"pooling", "last"},
                                                         {"missing", "zero"},
                                                         {"epochs", "1"},
                                                         {"threads", "1"}};
  for (const auto& [name, value] : options) job.options.set(name, value);
  api::train(job);
  return api::Model::load(job.out);
}

}  // namespace

Timing streaming_step(const std::string& cell, int inputs, int units, double seconds, Clock clock) {
  const api::Model model = make_model(cell, inputs, units);
  api::Stream stream(model);
  const std::vector<float> x(static_cast<std::size_t>(stream.channels()), 0.5F);
  constexpr int kSteps = 100;  // a step is too short for the clock
  Timing timing = measure(seconds, clock, [&] {
    for (int i = 0; i < kSteps; ++i) stream.step(x.data());
  });
  timing.median_ms /= kSteps;
  timing.best_ms /= kSteps;
  return timing;
}

}  // namespace refrain::bench

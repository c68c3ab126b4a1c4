// A program of another project. It uses installed headers only; its exit code is the test's
// verdict: it writes a small file, trains on it, saves, loads and predicts.
#include <refrain/api/model.h>
#include <refrain/api/options.h>
#include <refrain/api/registries.h>
#include <refrain/api/train.h>
#include <refrain/api/version.h>
#include <refrain/base/error.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace {

int failures = 0;

void expect(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++failures;
}

// Series of eight steps that go up or down.
void write_series(const std::string& path) {
  std::ofstream out(path);
  for (int i = 0; i < 60; ++i) {
    const double slope = i % 2 == 0 ? 0.5 : -0.5;
    out << "{\"label\": \"" << (i % 2 == 0 ? "up" : "down") << "\", \"series\": [";
    for (int t = 0; t < 8; ++t) {
      out << (t > 0 ? ", [" : "[") << slope * t + 0.1 * ((i * 7 + t * 3) % 11) << "]";
    }
    out << "]}\n";
  }
}

void train_and_predict(const std::filesystem::path& folder) {
  namespace api = refrain::api;
  const std::string data = (folder / "data.jsonl").string();
  const std::string model = (folder / "model.refrain").string();
  write_series(data);
  api::TrainJob job;
  job.data = data;
  job.out = model;
  job.options.set("hidden", "8");
  job.options.set("epochs", "20");
  int epochs = 0;
  job.hooks.progress = [&](const api::TrainProgress& p) { epochs += p.epoch_done ? 1 : 0; };
  const api::Report report = api::train(job);
  expect(report.score.value > 0.9, "the classes are told apart");
  expect(epochs == report.epochs, "every epoch was reported");
  expect(report.json().find("\"score\"") != std::string::npos, "the report has a score");
  const api::Model loaded = api::Model::load(model);
  const auto predictions = loaded.predict(data, api::Options(), api::Hooks());
  expect(predictions.size() == 60, "every series is predicted");
  int right = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    right += predictions[i].answer == (i % 2 == 0 ? "up" : "down") ? 1 : 0;
  }
  expect(right > 54, "the predictions are right");
}

}  // namespace

int main() {
  expect(!refrain::api::version().empty(), "there is a version");
  expect(!refrain::api::list_registry("cells").empty(), "there are cells");
  try {
    refrain::api::Options().set("hiden", "8");
    expect(false, "a mistyped option is refused");
  } catch (const refrain::Error& error) {
    expect(error.exit_code() == 2, "wrong usage has exit code 2");
    expect(error.hint() == "did you mean --hidden?", "the hint names the option");
  }
  const auto folder = std::filesystem::temp_directory_path() /
                      ("refrain-consumer-" + std::to_string(std::random_device()()));
  std::filesystem::create_directories(folder);
  try {
    train_and_predict(folder);
  } catch (const refrain::Error& error) {
    expect(false, error.what());
  }
  std::filesystem::remove_all(folder);
  return failures == 0 ? 0 : 1;
}

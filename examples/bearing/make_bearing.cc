// make_bearing: writes the embedded example, vibration of rolling bearings (doc/bearing.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <map>
#include <string>

#include "bearing/dataset.h"
#include "bearing/table.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

namespace {

using refrain::bearing::DatasetSpec;

struct Options {
  DatasetSpec set;
  std::string out;
  std::string format = "csv";
};

void declare(CLI::App& app, Options& options) {
  DatasetSpec& set = options.set;
  app.option_defaults()->always_capture_default();
  app.add_option("--out", options.out, "file to write")->required();
  app.add_option("--machines", set.machines, "number of machines (groups)")
      ->check(CLI::Range(1, 1000));
  app.add_option("--first-machine", set.first_machine, "number of the first machine")
      ->check(CLI::Range(1, 1000000));
  app.add_option("--per-condition", set.per_condition, "runs in each condition of a machine")
      ->check(CLI::Range(1, 10000));
  app.add_option("--length", set.length, "values a channel, 800 a second")
      ->check(CLI::Range(16, 100000));
  app.add_option("--seed", set.seed, "key of all randomness");
  app.add_option("--channels", set.channels, "1: envelope; 2: envelope and acceleration")
      ->check(CLI::Range(1, 2));
  app.add_option("--format", options.format, "csv (one channel), jsonl or ts")
      ->check(CLI::IsMember({"csv", "jsonl", "ts"}));
}

void run(const Options& options) {
  if (options.format == "csv" && options.set.channels != 1) {
    throw refrain::Error(refrain::Code::kUsage, "a wide CSV holds one channel, got --channels 2",
                         "choose --format jsonl or --format ts");
  }
  refrain::base::check_writable(options.out);
  const auto runs = refrain::bearing::make_dataset(options.set);
  const std::map<std::string, std::string (*)(const std::vector<refrain::bearing::LabelledRun>&)>
      writers = {{"csv", refrain::bearing::as_csv},
                 {"jsonl", refrain::bearing::as_jsonl},
                 {"ts", refrain::bearing::as_ts}};
  refrain::base::write_file_atomically(options.out, writers.at(options.format)(runs));
  fmt::print("{}: {} runs of {} machines\n", options.out, runs.size(), options.set.machines);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes the bearing example: labelled vibration runs of several machines."};
  Options options;
  declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    run(options);
  } catch (const refrain::Error& error) {
    fmt::print(stderr, "make_bearing: {}\n", error.what());
    if (!error.hint().empty()) fmt::print(stderr, "  {}\n", error.hint());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_bearing: {}\n", error.what());
    return 1;
  }
  return 0;
}

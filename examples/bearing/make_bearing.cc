// make_bearing: writes the embedded example, vibration of rolling bearings (doc/bearing.md).
#include <fmt/format.h>

#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "bearing/dataset.h"
#include "bearing/table.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/base/files.h"

namespace {

using refrain::Code;
using refrain::Error;
using refrain::base::Field;
using refrain::base::Fields;
using refrain::bearing::DatasetSpec;

struct Options {
  DatasetSpec set;
  std::string out;
  std::string format = "csv";
};

std::vector<Field> fields() {
  using S = DatasetSpec;
  const auto set =
      Fields<S>()
          .field("machines", &S::machines, 1, 1000, "number of machines (groups)")
          .field("first_machine", &S::first_machine, 1, 1'000'000, "number of the first machine")
          .field("per_condition", &S::per_condition, 1, 10'000,
                 "runs in each condition of a machine")
          .field("length", &S::length, 16, 100'000, "values a channel, 800 a second")
          .field("seed", &S::seed, 0, 1e15, "key of all randomness")
          .field("channels", &S::channels, 1, 2, "1: envelope; 2: envelope and acceleration");
  return Fields<Options>()
      .field("out", &Options::out, "file to write (required)")
      .include(&Options::set, set)
      .field("format", &Options::format, {"csv", "jsonl", "ts"}, "csv (one channel), jsonl or ts")
      .list();
}

void print_help() {
  const Options defaults;
  fmt::print("Writes the bearing example: labelled vibration runs of several machines.\n\n");
  for (const Field& field : fields()) {
    fmt::print("  --{:<16} {} [{}]\n", refrain::base::option_name(field.name), field.help,
               field.get(&defaults).dump());
  }
}

// Takes "--name value" and "--name=value". Throws usage.
Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      throw Error(Code::kUsage, fmt::format("'{}' is one argument too many", word),
                  "make_bearing --help");
    }
    const std::size_t equals = word.find('=');
    const bool joined = equals != std::string::npos;
    if (!joined && i + 1 == argc) {
      throw Error(Code::kUsage, fmt::format("{} needs a value", word), "make_bearing --help");
    }
    const std::string value = joined ? word.substr(equals + 1) : argv[++i];
    refrain::base::set_field(fields(), &options, word.substr(2, joined ? equals - 2 : equals),
                             value);
  }
  if (options.out.empty()) {
    throw Error(Code::kUsage, "--out is required", "name the file to write, such as --out x.csv");
  }
  return options;
}

void run(const Options& options) {
  if (options.format == "csv" && options.set.channels != 1) {
    throw Error(Code::kUsage, "a wide CSV holds one channel, got --channels 2",
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
  if (argc > 1 && std::string_view(argv[1]) == "--help") {
    print_help();
    return 0;
  }
  try {
    run(parse(argc, argv));
  } catch (const Error& error) {
    fmt::print(stderr, "make_bearing: {}\n", error.what());
    if (!error.hint().empty()) fmt::print(stderr, "  {}\n", error.hint());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_bearing: {}\n", error.what());
    return 1;
  }
  return 0;
}

// refrain inspect DATA [OTHER ...]
#include <memory>

#include "refrain/api/inspection.h"
#include "refrain/api/output.h"
#include "refrain/cli/command.h"
#include "refrain/cli/summary.h"

namespace refrain::cli {
namespace {

struct InspectArguments {
  InspectJob job;
  std::string json;
  bool quiet = false, details = false;
  OptionValues options;
};

constexpr const char* kInspectHelp = R"(
Examples:
  refrain inspect train.csv
  refrain inspect train.csv test.csv --json -
  refrain inspect train.csv --write-schema schema.json
  refrain inspect new.csv --schema schema.json
  refrain inspect train.csv --fixes-out fixes.csv   (then: train train.csv --fixes fixes.csv)

Errors make the inspection fail (exit code 3): the same samples or groups in two files, a schema
that is broken, another unit, a sensor that stands still, channels that have changed places, text
in a wrong encoding. Warnings and notes do not (exit code 0). A file that cannot be read at all is
exit code 2.)";

int run_inspect(InspectArguments& a) {
  std::vector<std::string> inputs = a.job.others;
  inputs.push_back(a.job.data);
  inputs.push_back(a.job.schema);
  require_apart(inputs, {a.json, a.job.write_schema, a.job.fixes_out});
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  apply_options(a.options, a.job.options);
  a.job.hooks.message = message_printer(a.quiet);
  a.job.hooks.stop = &stop_flag();
  watch_interrupts();
  const Inspection found = inspect(a.job);
  auto sections = found.sections();
  if (a.details) {
    for (auto& section : sections) section.detail = false;
  }
  if (a.json != "-") write_output("-", summary(sections));
  if (!a.json.empty()) write_output(a.json, found.json() + "\n");
  if (stop_flag().load()) return kInterrupted;
  return found.failed ? kCheckFailed : kDone;
}

}  // namespace

std::function<int()> add_inspect(CLI::App& program) {
  auto a = std::make_shared<InspectArguments>();
  CLI::App& c = *program.add_subcommand(
      "inspect", "look at data before training: copies, drift, wrong labels, what is broken");
  c.add_option("data", a->job.data, "the training data")->required();
  c.add_option("others", a->job.others, "test data, new data: each is compared with the first")
      ->type_name("OTHER");
  c.add_option("--schema", a->job.schema, "a schema that all files are checked against")
      ->type_name("FILE");
  c.add_option("--write-schema", a->job.write_schema,
               "write the schema of the first file: JSON, to be edited")
      ->type_name("FILE");
  c.add_option("--label-errors", a->job.label_errors,
               "look for wrong labels and tell how far the data can lead, by simple methods fitted "
               "on parts of them; auto: where it takes about half a minute [auto]")
      ->type_name("TEXT")
      ->check(CLI::IsMember({"auto", "yes", "no"}));
  c.add_option("--fixes-out", a->job.fixes_out,
               "write the labels that may be wrong: CSV, to be decided in its column 'decision'")
      ->type_name("FILE");
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_flag("--details", a->details, "all tables: channels, texts, classes, tests of drift");
  c.add_flag("--quiet", a->quiet, "no remarks");
  auto task = Options::list();
  std::erase_if(task, [](const OptionInfo& o) { return o.name != "task"; });
  add_option_list(c, task, a->options);
  add_options(c, {"Data", "Sound", "Forecasting", "Machine"}, a->options);
  c.footer(kInspectHelp);
  show_in_help(c, "Results",
               {"schema", "write-schema", "label-errors", "fixes-out", "json", "details"});
  return [a] { return run_inspect(*a); };
}

}  // namespace refrain::cli

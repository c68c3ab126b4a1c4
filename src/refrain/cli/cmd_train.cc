// refrain train DATA [--test FILE] [--out MODEL] [options]
#include <fmt/format.h>

#include <memory>

#include "refrain/api/live.h"
#include "refrain/api/markdown.h"
#include "refrain/api/output.h"
#include "refrain/api/page.h"
#include "refrain/api/runs.h"
#include "refrain/api/train.h"
#include "refrain/cli/command.h"
#include "refrain/cli/console.h"
#include "refrain/cli/first_screen.h"
#include "refrain/cli/summary.h"

namespace refrain::cli {
namespace {

struct TrainArguments {
  TrainJob job;
  std::string config, json, report, store;
  int watch = -1;
  bool quiet = false, details = false;
  OptionValues options;
};

constexpr const char* kTrainExamples = R"(
Examples:
  refrain train GunPoint_TRAIN.ts --test GunPoint_TEST.ts --out gunpoint.refrain
  refrain train runs.csv --target fault --group machine --out fault.refrain
  refrain train reviews.tsv --out reviews.refrain --json result.json
  refrain train titles.txt --cell lstm --hidden 128 --pooling attention --epochs 20

Formats are recognised; 'refrain list readers' names them. Where no --test file is given, part of
the data is held out for the score. Ctrl-C saves a checkpoint; --resume continues from it.)";

// A store that nobody named and that cannot be written is no reason not to train.
void choose_store(TrainArguments& a) {
  a.job.store = a.store;
  if (!a.store.empty()) return;
  try {
    check_store("");
  } catch (const Error& e) {
    a.job.store = "none";
    if (!a.quiet) fmt::print(stderr, "the run will not be kept: {}\n", e.what());
  }
}

// With --watch: a page of the training for as long as it runs.
std::unique_ptr<LivePage> watch(TrainArguments& a) {
  if (a.watch < 0) return nullptr;
  auto page = std::make_unique<LivePage>(a.watch, a.job.data, a.job.page_language);
  fmt::print(stderr, "watch the training: {}\n", page->address());
  a.job.hooks.progress = [printed = a.job.hooks.progress,
                          live = page.get()](const TrainProgress& p) {
    if (printed) printed(p);
    live->update(p);
  };
  return page;
}

// What was watched ends with the report.
void end_watch(const TrainArguments& a, const Report& report, LivePage& page) {
  if (report.run.empty()) return;
  page.finish(report_page({report.run, a.job.store, a.job.page_language}));
}

// The command that shows the run, whichever store it is in.
std::string shows_run(const TrainArguments& a, const Report& report) {
  if (report.run.empty()) return "the same command with --details";
  const std::string store = a.store.empty() ? "" : " --store " + a.store;
  return fmt::format("refrain runs show last{}   (run {})", store, report.run);
}

std::string told_of(const TrainArguments& a, const Report& report, int hidden) {
  Places places;
  const bool ended = report.stop_reason != "interrupted";
  if (ended) {
    places.model = report.model.empty() ? "not kept: name a file with --out" : report.model;
    places.details = shows_run(a, report);
    places.report = a.report;
  }
  places.hidden = hidden;
  const std::string first = first_screen(brief_of(report), places, screen_of(1));
  return a.details && ended ? first + "\n" + summary(report.sections()) : first;
}

int run(TrainArguments& a) {
  if (!a.config.empty()) a.job.options.load(a.config);
  apply_options(a.options, a.job.options);
  require_apart({a.job.data, a.job.test, a.job.valid, a.job.fixes, a.config},
                {a.job.out, a.job.checkpoint, a.json, a.report, a.job.plot});
  require_report_file(a.report);
  if (is_page(a.report)) a.job.page = a.report;
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  if (!a.job.plot.empty()) require_writable(a.job.plot);
  Console console({a.quiet, a.details});
  console.listen(a.job.hooks);
  a.job.hooks.stop = &stop_flag();
  watch_interrupts();
  choose_store(a);
  const auto live = watch(a);
  const Report report = train(a.job);
  console.finish();
  if (live != nullptr) end_watch(a, report, *live);
  if (a.json != "-") write_output("-", told_of(a, report, console.hidden()));
  if (!a.json.empty()) write_output(a.json, report.json() + "\n");
  if (!a.report.empty() && !is_page(a.report)) {
    write_output(a.report, markdown(report.sections()));
  }
  return report.stop_reason == "interrupted" ? kInterrupted : kDone;
}

}  // namespace

std::function<int()> add_train(CLI::App& program) {
  auto a = std::make_shared<TrainArguments>();
  CLI::App& c = *program.add_subcommand("train", "fit a network to labelled data and score it");
  c.add_option("data", a->job.data, "training data: a file of series or texts with labels")
      ->required();
  c.add_option("--test", a->job.test, "labelled data for the score")->type_name("FILE");
  c.add_option("--valid", a->job.valid, "labelled data for early stopping")->type_name("FILE");
  c.add_option("--fixes", a->job.fixes,
               "change or drop labels of the data as this list decides (inspect --fixes-out)")
      ->type_name("FILE");
  c.add_option("--out", a->job.out, "where to save the model")->type_name("FILE");
  c.add_option("--config", a->config, "options from a TOML or JSON file")->type_name("FILE");
  c.add_option("--checkpoint", a->job.checkpoint,
               "where to keep the state of the training, for --resume")
      ->type_name("FILE");
  c.add_flag("--resume", a->job.resume, "continue from the checkpoint");
  c.add_option("--store", a->store,
               "where the run is kept: a file, or none [$REFRAIN_STORE or ~/.refrain/runs.db]")
      ->type_name("FILE");
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_option("--report", a->report,
               "the whole result as a page: FILE.html with pictures and samples, or FILE.md")
      ->type_name("FILE");
  c.add_option("--language", a->job.page_language, "what FILE.html shows first: en or zh [en]")
      ->type_name("NAME");
  c.add_option(
       "--watch", a->watch,
       "serve a page of the training while it runs, to this machine alone; 0: any free port")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535));
  c.add_option("--plot", a->job.plot, "forecasts of the scored windows as a picture")
      ->type_name("FILE.svg");
  c.add_flag("--details", a->details,
             "print all of the result: every score, tables of classes, every remark");
  c.add_flag("--quiet", a->quiet, "no progress, no remarks");
  add_options(c, {}, a->options);
  show_in_help(c, "Data and score", {"test"});
  show_in_help(c, "Results", {"out", "report", "details", "json", "config"});
  c.footer(kTrainExamples);
  return [a] { return run(*a); };
}

}  // namespace refrain::cli

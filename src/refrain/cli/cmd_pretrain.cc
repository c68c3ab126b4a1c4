// refrain pretrain DATA... --out SOURCE [options]
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "refrain/api/output.h"
#include "refrain/api/page.h"
#include "refrain/api/pretrain.h"
#include "refrain/api/pretrain_series.h"
#include "refrain/cli/command.h"
#include "refrain/cli/console.h"

namespace refrain::cli {
namespace {

struct PretrainArguments {
  PretrainJob job;  // of a text; what both kinds share
  std::vector<std::string> data;
  std::string config, json, report, language;
  bool quiet = false;
  OptionValues options;
};

constexpr const char* kPretrainExamples = R"(
Examples:
  refrain pretrain book.txt --unit character --time-limit 10m --out book.source
  refrain pretrain ptb.train.txt --valid ptb.valid.txt --test ptb.test.txt --out ptb.source
  refrain pretrain reviews.txt --unit subword --vocabulary-size 4000 --out reviews.source
  refrain generate book.source --prompt 'ROMEO:' --temperature 0.8
  refrain pretrain machine_a.csv machine_b.csv --out machines.source
  refrain pretrain heartbeats.ts --objective mask --time-limit 5m --out hearts.source
  refrain train few_labels.ts --init hearts.source

A text (plain UTF-8, .gz as it is) makes a language model; its score comes with its 95 % interval
and beside that of n-grams. Tables, series and recordings make a source of series, from one file or
several; labels are not needed. Ctrl-C saves a checkpoint; --resume continues from it.)";

// Options of series that texts do not have, in sections of their own.
std::vector<OptionInfo> options_of_series_alone() {
  std::vector<OptionInfo> out;
  for (OptionInfo info : series_pretrain_options()) {
    const auto& texts = pretrain_options();
    const bool shared = std::any_of(texts.begin(), texts.end(),
                                    [&](const OptionInfo& o) { return o.name == info.name; });
    if (shared) continue;
    info.section = info.section == "Series" ? "Series" : "Series: " + info.section;
    out.push_back(std::move(info));
  }
  return out;
}

// What follows a training of either kind.
template <class Report>
int tell(const Report& report, const PretrainArguments& a, const char* what) {
  if (a.json != "-") write_output("-", report.text());
  if (!a.json.empty()) write_output(a.json, report.json() + "\n");
  if (report.stop_reason == "interrupted") return kInterrupted;
  if (a.job.out.empty() && !a.quiet) {
    fmt::print(stderr, "the {} was not kept: name a file with --out\n", what);
  }
  return kDone;
}

int run_series(const PretrainArguments& a) {
  if (!a.job.test.empty() || !a.job.valid.empty()) {
    throw Error(Code::kUsage, "--test and --valid are for texts",
                "leave them out: --valid-fraction of the series is held out");
  }
  if (!a.report.empty()) {
    throw Error(Code::kUsage, "--report is of language models", "leave it out");
  }
  SeriesPretrainJob job;
  job.data = a.data;
  job.out = a.job.out;
  job.checkpoint = a.job.checkpoint;
  job.resume = a.job.resume;
  job.options = a.job.options;
  job.hooks = a.job.hooks;
  return tell(pretrain_series(job), a, "source");
}

int run_pretrain(PretrainArguments& a) {
  if (!a.config.empty()) a.job.options = pretrain_config(a.config);
  a.job.options.insert(a.job.options.end(), a.options.begin(), a.options.end());
  std::vector<std::string> read = a.data;
  read.insert(read.end(), {a.job.valid, a.job.test, a.config});
  require_apart(read, {a.job.out, a.job.checkpoint, a.json, a.report});
  require_page_file(a.report);
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  const Console console({a.quiet, false});
  console.listen(a.job.hooks);
  a.job.hooks.stop = &stop_flag();
  watch_interrupts();
  if (is_of_series(a.data, a.job.options)) return run_series(a);
  a.job.text = a.data.front();
  const PretrainReport report = pretrain(a.job);
  if (!a.report.empty() && report.stop_reason != "interrupted") {
    write_output(a.report, language_page(a.job, report, a.language));
  }
  return tell(report, a, "language model");
}

}  // namespace

std::function<int()> add_pretrain(CLI::App& program) {
  auto a = std::make_shared<PretrainArguments>();
  CLI::App& c =
      *program.add_subcommand("pretrain",
                              "train what others begin with: a language model, or a source of "
                              "series");
  c.add_option("data", a->data, "a file of plain text, or files of series or recordings")
      ->required();
  c.add_option("--test", a->job.test, "text for the score")->type_name("FILE");
  c.add_option("--valid", a->job.valid, "text for early stopping")->type_name("FILE");
  c.add_option("--out", a->job.out, "where to save the source")->type_name("FILE");
  c.add_option("--config", a->config, "options from a TOML or JSON file")->type_name("FILE");
  c.add_option("--checkpoint", a->job.checkpoint,
               "where to keep the state of the training, for --resume")
      ->type_name("FILE");
  c.add_flag("--resume", a->job.resume, "continue from the checkpoint");
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_option("--report", a->report, "of a language model: the result as a page")
      ->type_name("FILE.html");
  c.add_option("--language", a->language, "what the page shows first: en or zh [en]")
      ->type_name("NAME");
  c.add_flag("--quiet", a->quiet, "no progress, no remarks");
  add_option_list(c, pretrain_options(), a->options);
  add_option_list(c, options_of_series_alone(), a->options);
  show_in_help(c, "Data and score", {"test"});
  show_in_help(c, "Results", {"out", "report", "json", "config"});
  c.footer(kPretrainExamples);
  return [a] { return run_pretrain(*a); };
}

}  // namespace refrain::cli

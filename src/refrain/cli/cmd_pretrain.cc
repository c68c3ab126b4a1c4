// refrain pretrain TEXT --out SOURCE [options]
#include <fmt/format.h>

#include <memory>

#include "refrain/api/output.h"
#include "refrain/api/pretrain.h"
#include "refrain/cli/command.h"
#include "refrain/cli/progress.h"

namespace refrain::cli {
namespace {

struct PretrainArguments {
  PretrainJob job;
  std::string config, json;
  bool quiet = false;
  OptionValues options;
};

constexpr const char* kPretrainExamples = R"(
Examples:
  refrain pretrain book.txt --unit character --time-limit 10m --out book.source
  refrain pretrain ptb.train.txt --valid ptb.valid.txt --test ptb.test.txt --out ptb.source
  refrain pretrain reviews.txt --unit subword --vocabulary-size 4000 --out reviews.source
  refrain generate book.source --prompt 'ROMEO:' --temperature 0.8

The text is plain UTF-8 (.gz as it is). The score comes with its 95 % interval and beside that of
n-grams. Ctrl-C saves a checkpoint; --resume continues from it.)";

int run_pretrain(PretrainArguments& a) {
  if (!a.config.empty()) a.job.options = pretrain_config(a.config);
  a.job.options.insert(a.job.options.end(), a.options.begin(), a.options.end());
  require_apart({a.job.text, a.job.valid, a.job.test, a.config},
                {a.job.out, a.job.checkpoint, a.json});
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  a.job.hooks.message = message_printer(a.quiet);
  a.job.hooks.stop = &stop_flag();
  if (!a.quiet) a.job.hooks.progress = ProgressPrinter();
  watch_interrupts();
  const PretrainReport report = pretrain(a.job);
  if (a.json != "-") write_output("-", report.text());
  if (!a.json.empty()) write_output(a.json, report.json() + "\n");
  if (report.stop_reason == "interrupted") return kInterrupted;
  if (a.job.out.empty() && !a.quiet) {
    fmt::print(stderr, "the language model was not kept: name a file with --out\n");
  }
  return kDone;
}

}  // namespace

std::function<int()> add_pretrain(CLI::App& program) {
  auto a = std::make_shared<PretrainArguments>();
  CLI::App& c = *program.add_subcommand("pretrain", "train a language model on plain text");
  c.add_option("text", a->job.text, "a file of plain text")->required();
  c.add_option("--test", a->job.test, "text for the score")->type_name("FILE");
  c.add_option("--valid", a->job.valid, "text for early stopping")->type_name("FILE");
  c.add_option("--out", a->job.out, "where to save the language model")->type_name("FILE");
  c.add_option("--config", a->config, "options from a TOML or JSON file")->type_name("FILE");
  c.add_option("--checkpoint", a->job.checkpoint,
               "where to keep the state of the training, for --resume")
      ->type_name("FILE");
  c.add_flag("--resume", a->job.resume, "continue from the checkpoint");
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_flag("--quiet", a->quiet, "no progress, no remarks");
  add_option_list(c, pretrain_options(), a->options);
  c.footer(kPretrainExamples);
  return [a] { return run_pretrain(*a); };
}

}  // namespace refrain::cli

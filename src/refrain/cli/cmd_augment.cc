// refrain augment DATA --augment SPEC --out FILE, refrain augment DATA --test
#include <fmt/format.h>

#include <memory>

#include "refrain/api/augment.h"
#include "refrain/api/gains.h"
#include "refrain/api/output.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

struct AugmentArguments {
  AugmentJob job;
  std::string config, json;
  bool test = false, quiet = false;
  OptionValues options;
};

constexpr const char* kAugmentExamples = R"(
Examples:
  refrain augment GunPoint_TRAIN.ts --augment 'jitter | time_warp' --out more.ts --copies 4
  refrain augment runs.jsonl --augment @steps.toml --out more.jsonl --ledger more.ledger
  refrain augment runs.jsonl --replay more.ledger --out again.jsonl
  refrain augment GunPoint_TRAIN.ts --augment 'one_of(scale, drift)' --preview look.html
  refrain augment GunPoint_TRAIN.ts --test --time-limit 10m

'refrain list augmentations' names the steps; 'refrain train --augment' draws anew in each epoch.)";

std::string augmented_summary(const Augmented& found) {
  std::string out =
      fmt::format("{} samples, {} derived by {}\n", found.sources, found.derived, found.spec);
  if (found.unchanged > 0) {
    out += fmt::format("{} copies came out as their source and were left out\n", found.unchanged);
  }
  if (found.duplicates > 0) out += fmt::format("{} duplicates were left out\n", found.duplicates);
  if (found.mixed > 0) {
    out += fmt::format("{} are mixes: the file has the label of the larger share\n", found.mixed);
  }
  return out;
}

int test_gains(AugmentArguments& a) {
  const auto& j = a.job;
  if (!j.out.empty() || !j.ledger.empty() || !j.replay.empty() || !j.preview.empty()) {
    throw Error(Code::kUsage,
                "--test writes no samples: --out, --ledger, --replay and --preview "
                "do not go with it",
                "leave them out, or --test");
  }
  watch_interrupts();
  const Gains gains = augmentation_gains({j.data, j.options, j.hooks});
  if (a.json != "-") write_output("-", gains.text());
  if (!a.json.empty()) write_output(a.json, gains.json() + "\n");
  return gains.interrupted ? kInterrupted : kDone;
}

int run(AugmentArguments& a) {
  if (!a.config.empty()) a.job.options.load(a.config);
  apply_options(a.options, a.job.options);
  require_apart({a.job.data, a.job.replay, a.config},
                {a.job.out, a.job.ledger, a.job.preview, a.json});
  if (!a.json.empty() && a.json != "-") require_writable(a.json);
  a.job.hooks.message = message_printer(a.quiet);
  a.job.hooks.stop = &stop_flag();
  if (a.test) return test_gains(a);
  if (a.job.out.empty() && a.job.ledger.empty() && a.job.preview.empty()) {
    throw Error(Code::kUsage, "nothing to write", "name a file with --out, --ledger or --preview");
  }
  const Augmented found = augment(a.job);
  if (a.json != "-") write_output("-", augmented_summary(found));
  if (!a.json.empty()) write_output(a.json, found.json() + "\n");
  return kDone;
}

}  // namespace

std::function<int()> add_augment(CLI::App& program) {
  auto a = std::make_shared<AugmentArguments>();
  CLI::App& c = *program.add_subcommand("augment", "write derived samples, or test what they help");
  c.add_option("data", a->job.data, "a file of series or texts")->required();
  c.add_option("--out", a->job.out,
               "the samples and what is derived of them: .ts or .jsonl (series), .jsonl, .csv or "
               ".tsv (texts)")
      ->type_name("FILE");
  c.add_option("--copies", a->job.copies, "derived samples of each [1]")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  c.add_option("--ledger", a->job.ledger, "one line a derived sample, for --replay")
      ->type_name("FILE");
  c.add_option("--replay", a->job.replay, "make the samples of this ledger again")
      ->type_name("FILE");
  c.add_option("--preview", a->job.preview, "an HTML page of samples before and after")
      ->type_name("FILE");
  c.add_flag("--test", a->test,
             "what each operation (or --augment) gains over none in cross-validation");
  c.add_option("--config", a->config, "options from a TOML or JSON file")->type_name("FILE");
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {}, a->options);
  show_in_help(c, "Results", {"out", "copies", "ledger", "replay", "preview", "test", "json"});
  hide_in_help(c, {"task", "preset", "model", "hidden", "epochs", "lr", "horizon", "folds"});
  c.footer(kAugmentExamples);
  return [a] { return run(*a); };
}

}  // namespace refrain::cli

// refrain generate SOURCE [--prompt TEXT] [--temperature X] [--top-p X] [--seed N]
#include <memory>

#include "refrain/api/pretrain.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

constexpr const char* kGenerateExamples = R"(
Examples:
  refrain generate book.source --prompt 'ROMEO:' --length 300
  refrain generate book.source --temperature 0.7 --top-p 0.9 --seed 4

The same options give the same text.)";

int run_generate(GenerateJob& job) {
  job.hooks.stop = &stop_flag();
  watch_interrupts();
  std::string text = job.prompt + generate(job);
  if (text.empty() || text.back() != '\n') text += "\n";
  write_output("-", text);
  return stop_flag() ? kInterrupted : kDone;
}

}  // namespace

std::function<int()> add_generate(CLI::App& program) {
  auto job = std::make_shared<GenerateJob>();
  CLI::App& c = *program.add_subcommand("generate", "write text with a language model");
  c.add_option("source", job->source, "a language model that 'refrain pretrain' wrote")->required();
  c.add_option("--prompt", job->prompt, "how the text begins")->type_name("TEXT");
  c.add_option("--length", job->length, "units to write [500]")
      ->type_name("N")
      ->check(CLI::Range(0, 10'000'000));
  c.add_option("--temperature", job->temperature,
               "below 1 likelier units come more often, above 1 less; 0 = always the likeliest [1]")
      ->type_name("X")
      ->check(CLI::Range(0.0, 100.0));
  c.add_option("--top-p", job->top_p,
               "draw from the likeliest units that hold this share of the probability [1]")
      ->type_name("X")
      ->check(CLI::Range(0.0, 1.0));
  c.add_option("--seed", job->seed, "all randomness follows from it [1]")
      ->type_name("N")
      ->check(CLI::Range(0, 2147483647));
  c.footer(kGenerateExamples);
  return [job] { return run_generate(*job); };
}

}  // namespace refrain::cli

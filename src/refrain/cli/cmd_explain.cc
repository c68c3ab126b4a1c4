// refrain explain MODEL DATA
#include <memory>

#include "refrain/api/explain.h"
#include "refrain/api/forecast.h"
#include "refrain/api/model.h"
#include "refrain/api/output.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

struct ExplainArguments {
  std::string model, data, out, language;
  bool quiet = false, no_checks = false;
  ExplainChoice choice;
  OptionValues options;
};

std::string method_help() {
  std::string out = "how; without it occlusion, which works for every model";
  for (const auto& [name, description] : explanation_methods()) {
    out += "\n" + name + ": " + description;
  }
  return out;
}

void add_choice(CLI::App& c, ExplainArguments& a) {
  c.add_option("--method", a.choice.method, method_help())->type_name("NAME");
  c.add_option("--class", a.choice.target,
               "the class that is explained: answer = the model's, label = the file's, or a class; "
               "of taggers the spans that are answered, those of the file, or those of one type");
  c.add_option("--step", a.choice.step,
               "of forecasters: the step that is explained, from 1; by default the mean of all")
      ->check(CLI::Range(1, 1000000));
  c.add_option("--samples", a.choice.samples, "how many, from the first on; 0 = all")
      ->check(CLI::Range(0, 1000000000));
  c.add_option("--segments", a.choice.segments,
               "runs of steps that a series is cut into; 0 = each step by itself; by default 50, "
               "of one channel 20, "
               "of methods that look into networks each step")
      ->check(CLI::Range(0, 1000000));
  c.add_option("--draws", a.choice.draws,
               "of shapley: orders (20), of smooth_gradient: noises (32), of "
               "integrated_gradients: steps on the way (64 and more)")
      ->check(CLI::Range(1, 1000000));
  c.add_option(
       "--train", a.choice.train,
       "the training file: shows its samples that are nearest, and those that speak for and "
       "against each answer most (TracIn of the last layer, Pruthi et al. 2020)")
      ->type_name("FILE");
  c.add_option("--fixes", a.choice.fixes,
               "labels of that file that may be wrong, from 'refrain inspect --fixes-out': marks "
               "them among these training samples")
      ->type_name("FILE");
  c.add_flag("--states", a.choice.states,
             "also how the answer comes about as a sample is read, and the network's states on the "
             "way: in the page and in JSON");
  c.add_option("--seed", a.choice.seed, "of methods that draw")->check(CLI::Range(0, 2147483647));
  c.add_flag("--no-checks", a.no_checks, "leave out the checks, which take most of the time");
}

int run_explain(ExplainArguments& a) {
  require_apart({a.model, a.data}, {a.out});
  if (!a.out.empty() && a.out != "-") require_writable(a.out);
  const bool table = a.out.ends_with(".csv"), page = a.out.ends_with(".html");
  if (!a.out.empty() && a.out != "-" && !table && !page && !a.out.ends_with(".json")) {
    throw Error(Code::kUsage, "--out: explanations are JSON, CSV or a page",
                "give a name that ends in .json, .csv or .html");
  }
  Options options;
  apply_options(a.options, options);
  a.choice.checks = !a.no_checks;
  Hooks hooks;
  hooks.message = message_printer(a.quiet);
  const auto found = is_forecaster(a.model)
                         ? explain(Forecaster::load(a.model), a.data, options, a.choice, hooks)
                         : explain(Model::load(a.model), a.data, options, a.choice, hooks);
  if (a.out != "-") write_output("-", found.text());
  if (page) {
    write_output(a.out, explanation_page(found, a.language));
  } else if (!a.out.empty()) {
    write_output(a.out, table ? found.csv() : found.json() + "\n");
  }
  return kDone;
}

}  // namespace

std::function<int()> add_explain(CLI::App& program) {
  auto a = std::make_shared<ExplainArguments>();
  CLI::App& c = *program.add_subcommand(
      "explain", "which words or steps speak for a model's answers, checked before it is shown");
  c.add_option("model", a->model, "a file that 'refrain train --out' wrote")->required();
  c.add_option("data", a->data, "data with or without labels")->required();
  add_choice(c, *a);
  c.add_option(
       "--out", a->out,
       "all scores as JSON or CSV, or a page where the name ends in .html; - is JSON on standard "
       "output")
      ->type_name("FILE");
  c.add_option("--language", a->language, "of the page, at first: en or zh");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {"Data", "Encoder", "Forecasting", "Machine"}, a->options);
  show_in_help(c, "Results", {"out", "quiet"});
  return [a] { return run_explain(*a); };
}

}  // namespace refrain::cli

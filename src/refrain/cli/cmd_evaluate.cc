// refrain evaluate MODEL DATA
#include <memory>

#include "refrain/api/forecast.h"
#include "refrain/api/model.h"
#include "refrain/api/output.h"
#include "refrain/api/transducer.h"
#include "refrain/cli/command.h"
#include "refrain/cli/console.h"
#include "refrain/cli/first_screen.h"
#include "refrain/cli/summary.h"

namespace refrain::cli {
namespace {

struct EvaluateArguments {
  std::string model, data, json;
  bool quiet = false, details = false;
  OptionValues options;
};

// By the kind of model.
Report evaluated(const EvaluateArguments& a, const Options& options, const Hooks& hooks) {
  if (is_forecaster(a.model)) return Forecaster::load(a.model).evaluate(a.data, options, hooks);
  if (is_transducer(a.model)) return Transducer::load(a.model).evaluate(a.data, options, hooks);
  return Model::load(a.model).evaluate(a.data, options, hooks);
}

}  // namespace

std::function<int()> add_evaluate(CLI::App& program) {
  auto a = std::make_shared<EvaluateArguments>();
  CLI::App& c = *program.add_subcommand("evaluate", "score a saved model on labelled data");
  c.add_option("model", a->model, "a file that 'refrain train --out' wrote")->required();
  c.add_option("data", a->data, "labelled data")->required();
  c.add_option("--json", a->json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
  c.add_flag("--details", a->details,
             "print all of the result: every score, tables of classes, every remark");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {"Data", "Encoder", "Machine", "Forecasting", "Replies"}, a->options);
  show_in_help(c, "Results", {"json", "details", "quiet"});
  return [a] {
    require_apart({a->model, a->data}, {a->json});
    if (!a->json.empty() && a->json != "-") require_writable(a->json);
    Options options;
    apply_options(a->options, options);
    Hooks hooks;
    Console console({a->quiet, a->details});
    console.listen(hooks);
    const Report report = evaluated(*a, options, hooks);
    const Places places{"", a->details ? "" : "the same command with --details", "",
                        console.hidden()};
    std::string text = first_screen(brief_of(report), places, screen_of(1));
    if (a->details) text += "\n" + summary(report.sections());
    if (a->json != "-") write_output("-", text);
    if (!a->json.empty()) write_output(a->json, report.json() + "\n");
    return kDone;
  };
}

}  // namespace refrain::cli

// refrain report RUN|MODEL --out FILE.html
#include <memory>

#include "refrain/api/output.h"
#include "refrain/api/page.h"
#include "refrain/api/runs.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

struct ReportArguments {
  PageJob job;
  std::string out;
  OptionValues options;
};

constexpr const char* kReportExamples = R"(
Examples:
  refrain report 4c1f --out gunpoint.html
  refrain report gunpoint.refrain --out gunpoint.html --language zh
  refrain report gunpoint.refrain --data new.ts --out new.html

The page stands by itself: it loads nothing and sends nothing. Both languages are in it.)";

int run_report(ReportArguments& a) {
  apply_options(a.options, a.job.options);
  require_apart({store_path(a.job.store), a.job.subject, a.job.data}, {a.out});
  require_page_file(a.out);
  a.job.hooks.message = message_printer(true);
  a.job.hooks.stop = &stop_flag();
  watch_interrupts();
  write_output(a.out, report_page(a.job));
  return kDone;
}

}  // namespace

std::function<int()> add_report(CLI::App& program) {
  auto a = std::make_shared<ReportArguments>();
  CLI::App& c = *program.add_subcommand("report", "a run or a model as one HTML page");
  c.add_option("subject", a->job.subject, "a run, by the first digits of its id, or a model file")
      ->required()
      ->type_name("RUN|MODEL");
  c.add_option("--out", a->out, "the page")->required()->type_name("FILE.html");
  c.add_option("--language", a->job.language, "what is seen first: en or zh [en]")
      ->type_name("NAME");
  c.add_option("--store", a->job.store,
               "the experiment store [$REFRAIN_STORE or ~/.refrain/runs.db]")
      ->type_name("FILE");
  c.add_option("--data", a->job.data, "of a model: labelled samples to score it on")
      ->type_name("FILE");
  add_options(c, {"Data", "Encoder", "Machine"}, a->options);
  c.footer(kReportExamples);
  show_in_help(c, "Results", {"out", "language", "data"});
  return [a] { return run_report(*a); };
}

}  // namespace refrain::cli

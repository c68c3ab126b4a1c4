// refrain runs list|show|board|rank|compare|verify|export|delete: each a function here and a line
// in the list below.
#include <fmt/format.h>

#include <memory>

#include "refrain/api/compare.h"
#include "refrain/api/markdown.h"
#include "refrain/api/output.h"
#include "refrain/api/page.h"
#include "refrain/api/rank.h"
#include "refrain/api/runs.h"
#include "refrain/api/verify.h"
#include "refrain/cli/command.h"
#include "refrain/cli/runs_text.h"

namespace refrain::cli {
namespace {

using Action = std::function<int()>;

void add_store(CLI::App& c, std::string& store) {
  c.add_option("--store", store, "the experiment store [$REFRAIN_STORE or ~/.refrain/runs.db]")
      ->type_name("FILE");
}

void add_json(CLI::App& c, std::string& json) {
  c.add_option("--json", json, "result as one JSON object; - is standard output")
      ->type_name("FILE");
}

// The store is an input: no result may overwrite it.
void check_output(const std::string& store, const std::string& out) {
  require_apart({store_path(store)}, {out});
  if (!out.empty() && out != "-") require_writable(out);
}

// Text for people unless JSON goes to standard output; JSON to its file as well.
void write_both(const std::string& text, const std::string& json, const std::string& path) {
  if (path != "-") write_output("-", text);
  if (!path.empty()) write_output(path, json + "\n");
}

struct ListArguments {
  std::string store, json;
  RunFilter filter;
};

int run_list(const ListArguments& a) {
  check_output(a.store, a.json);
  const auto runs = list_runs(a.store, a.filter);
  const bool all = a.filter.data.empty() && a.filter.model.empty();
  std::string text = runs_table(runs);
  if (runs.empty()) {
    text = fmt::format("no runs{} in {}\n", all ? "" : " of these", store_path(a.store));
  }
  write_both(text, runs_json(runs), a.json);
  return kDone;
}

Action add_runs_list(CLI::App& runs) {
  auto a = std::make_shared<ListArguments>();
  a->filter.limit = 20;
  CLI::App& c = *runs.add_subcommand("list", "the runs that were kept, newest first");
  c.add_option("--data", a->filter.data, "runs on this data set only")->type_name("NAME");
  c.add_option("--model", a->filter.model, "runs of this model only")->type_name("NAME");
  c.add_option("--limit", a->filter.limit, "at most so many; 0 = all [20]")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  add_json(c, a->json);
  add_store(c, a->store);
  return [a] { return run_list(*a); };
}

Action add_runs_show(CLI::App& runs) {
  struct Arguments {
    std::string store, id, json, report;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("show", "all that is known of a run");
  c.add_option("id", a->id, "the run, or the first digits of its id")->required();
  c.add_option("--report", a->report, "the same as a page of Markdown; 'refrain report' makes HTML")
      ->type_name("FILE.md");
  add_json(c, a->json);
  add_store(c, a->store);
  return [a] {
    check_output(a->store, a->json);
    require_apart({store_path(a->store)}, {a->json, a->report});
    require_markdown_file(a->report);
    const RunDetails run = show_run(a->store, a->id);
    write_both(run_text(run), run_json(a->store, a->id, false), a->json);
    if (!a->report.empty()) write_output(a->report, markdown(run.sections()));
    return kDone;
  };
}

struct BoardArguments {
  std::string store, json, published, html, language;
  BoardFilter filter;
};

int run_board(const BoardArguments& a) {
  check_output(a.store, a.json);
  require_apart({a.published, store_path(a.store)}, {a.json, a.html});
  require_page_file(a.html);
  if (!a.published.empty()) {
    const int rows = load_published(a.store, a.published);
    fmt::print(stderr, "{} published scores kept in {}\n", rows, store_path(a.store));
  }
  const auto found = boards(a.store, a.filter);
  std::string text;
  for (const auto& board : found) text += (text.empty() ? "" : "\n") + board_text(board);
  if (found.empty()) text = fmt::format("no runs for a board in {}\n", store_path(a.store));
  write_both(text, boards_json(found), a.json);
  if (!a.html.empty()) write_output(a.html, board_page(a.store, a.filter, a.language));
  return kDone;
}

Action add_runs_board(CLI::App& runs) {
  auto a = std::make_shared<BoardArguments>();
  CLI::App& c = *runs.add_subcommand("board", "methods ranked by data set, protocol and metric");
  c.add_option("--data", a->filter.data, "this data set only")->type_name("NAME");
  c.add_option("--model", a->filter.model, "of the runs, this model's only")->type_name("NAME");
  c.add_option("--metric", a->filter.metric, "another metric than each run's main one")
      ->type_name("NAME");
  c.add_option(
       "--published", a->published,
       "first load published scores: a TSV with the columns data, protocol, method, metric, "
       "value, low, high, source")
      ->type_name("FILE");
  c.add_option("--html", a->html, "the same as a page")->type_name("FILE.html");
  c.add_option("--language", a->language, "what the page shows first: en or zh [en]")
      ->type_name("NAME");
  add_json(c, a->json);
  add_store(c, a->store);
  return [a] { return run_board(*a); };
}

Action add_runs_export(CLI::App& runs) {
  struct Arguments {
    std::string store, id, out = "-";
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("export", "a run as a file");
  c.add_option("id", a->id, "the run, or the first digits of its id")->required();
  c.add_option("--out", a->out,
               "FILE.csv: its predictions; otherwise JSON with everything; - is standard output")
      ->type_name("FILE");
  add_store(c, a->store);
  return [a] {
    check_output(a->store, a->out);
    const bool csv = a->out.ends_with(".csv");
    write_output(a->out,
                 csv ? predictions_csv(a->store, a->id) : run_json(a->store, a->id, true) + "\n");
    return kDone;
  };
}

Action add_runs_delete(CLI::App& runs) {
  struct Arguments {
    std::string store;
    std::vector<std::string> ids;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("delete", "removes runs for good, without asking");
  c.add_option("id", a->ids, "the runs, or the first digits of their ids")->required();
  add_store(c, a->store);
  return [a] {
    delete_runs(a->store, a->ids);
    return kDone;
  };
}

Action add_runs_compare(CLI::App& runs) {
  struct Arguments {
    std::string store, a, b, metric, json;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("compare", "whether one of two runs is better");
  c.add_option("a", a->a, "a run, or the first digits of its id")->required();
  c.add_option("b", a->b, "another one that predicted the same samples")->required();
  c.add_option("--metric", a->metric, "another metric than the main one")->type_name("NAME");
  add_json(c, a->json);
  add_store(c, a->store);
  return [a] {
    check_output(a->store, a->json);
    const RunComparison found = compare_runs(a->store, a->a, a->b, a->metric);
    write_both(found.text(), found.json(), a->json);
    return kDone;
  };
}

Action add_runs_rank(CLI::App& runs) {
  struct Arguments {
    std::string store, json, csv;
    RankFilter filter;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("rank", "methods ranked over all data sets");
  c.add_option("--metric", a->filter.metric, "what is ranked by [accuracy]")->type_name("NAME");
  c.add_option("--protocol", a->filter.protocol,
               "only runs with this in the name of their protocol")
      ->type_name("TEXT");
  c.add_option("--methods", a->filter.methods,
               "these only, with commas [those with a score on half of the sets]")
      ->type_name("A,B")
      ->delimiter(',');
  c.add_option("--csv", a->csv, "data for a critical-difference diagram; - is standard output")
      ->type_name("FILE");
  add_json(c, a->json);
  add_store(c, a->store);
  return [a] {
    check_output(a->store, a->json);
    check_output(a->store, a->csv);
    require_apart({}, {a->json, a->csv});
    if (a->csv == "-" && a->json == "-") {
      throw Error(Code::kUsage, "--json and --csv cannot both go to standard output",
                  "name a file for one of them");
    }
    const SetRanking found = rank_sets(a->store, a->filter);
    if (a->csv != "-") write_both(found.text(), found.json(), a->json);
    if (!a->csv.empty()) write_output(a->csv, found.csv());
    return kDone;
  };
}

Action add_runs_verify(CLI::App& runs) {
  struct Arguments {
    std::string store;
    std::vector<std::string> ids;
    int threads = 0;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *runs.add_subcommand("verify", "train runs again and compare them bit for bit");
  c.add_option("id", a->ids, "runs, or the first digits of their ids")->required();
  c.add_option("--threads", a->threads, "threads to use; 0 = all cores")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  add_store(c, a->store);
  return [a] {
    int worst = kDone;
    Hooks hooks;
    hooks.stop = &stop_flag();
    watch_interrupts();
    for (const auto& id : a->ids) {
      const Verification v = verify_run(a->store, id, a->threads, hooks);
      if (v.same) fmt::print("{}: the same, to the bit\n", v.id);
      for (const auto& sentence : v.differs) fmt::print("{}: {}\n", v.id, sentence);
      for (const auto& sentence : v.reasons) fmt::print("{}: {}\n", v.id, sentence);
      if (!v.same) worst = 1;
    }
    return worst;
  };
}

constexpr Action (*kVerbs[])(CLI::App&) = {add_runs_list,    add_runs_show,   add_runs_board,
                                           add_runs_export,  add_runs_delete, add_runs_verify,
                                           add_runs_compare, add_runs_rank};

}  // namespace

std::function<int()> add_runs(CLI::App& program) {
  CLI::App& c =
      *program.add_subcommand("runs", "the experiment store: what was run, and its board");
  c.require_subcommand(0, 1);
  c.footer("'refrain runs' alone is 'refrain runs list'.");
  std::vector<std::pair<CLI::App*, Action>> verbs;
  for (const auto add : kVerbs) {
    const Action action = add(c);
    verbs.emplace_back(c.get_subcommands({}).back(), action);
  }
  return [verbs] {
    for (const auto& [app, action] : verbs) {
      if (app->parsed()) return action();
    }
    return verbs.front().second();
  };
}

}  // namespace refrain::cli

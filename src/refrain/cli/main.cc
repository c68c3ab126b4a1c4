// The command-line tool: parses, runs one command, and turns errors into a sentence and an exit
// code (0 done; 2 wrong usage, data or file; 3 a check of `inspect` failed; 1 anything else; 130
// after Ctrl-C).
#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "refrain/api/machine.h"
#include "refrain/api/names.h"
#include "refrain/api/version.h"
#include "refrain/cli/command.h"
#include "refrain/cli/help.h"
#include "refrain/cli/tool.h"

namespace refrain::cli {
namespace {

constexpr int kUsage = 2;

void print_error(const std::string& message, const std::string& hint) {
  fmt::print(stderr, "error: {}\n", message);
  if (!hint.empty()) fmt::print(stderr, "  try: {}\n", hint);
}

std::vector<std::string> long_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The innermost subcommand being parsed, or the program itself.
const CLI::App& current(const CLI::App& program) {
  const auto chosen = program.get_subcommands();
  return chosen.empty() ? program : current(*chosen.front());
}

std::string help_hint(const CLI::App& program) {
  const CLI::App& c = current(program);
  return fmt::format("'{} --help' {}", full_name(c),
                     c.get_subcommands({}).empty() ? "explains it" : "lists the commands");
}

std::string extra_hint(const CLI::App& program, const std::string& word) {
  if (word != "true" && word != "false") return help_hint(program);
  return "a switch takes its value behind '=': --name=false, or --no-name";
}

int report_extras(const CLI::App& program) {
  const CLI::App& c = current(program);
  for (const auto& word : c.remaining(true)) {
    if (word.starts_with("-")) {
      const std::string name = word.substr(0, word.find('='));
      const std::string best = nearest_name(name, long_names(c));
      print_error(fmt::format("unknown option {}", name),
                  best.empty() ? help_hint(program) : fmt::format("did you mean {}?", best));
    } else if (!c.get_subcommands({}).empty()) {
      std::vector<std::string> commands;
      for (const auto* sub : c.get_subcommands({})) commands.push_back(sub->get_name());
      const std::string best = nearest_name(word, commands);
      print_error(fmt::format("unknown command '{}'", word),
                  best.empty() ? help_hint(program) : fmt::format("did you mean '{}'?", best));
    } else {
      print_error(fmt::format("'{}' is one argument too many", word), extra_hint(program, word));
    }
    return kUsage;
  }
  return kUsage;
}

int report_parse_error(const CLI::App& program, const CLI::ParseError& e) {
  if (e.get_exit_code() == 0) return program.exit(e);  // --help, --version
  if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr) return report_extras(program);
  print_error(e.what(), help_hint(program));
  return kUsage;
}

// Of all commands, those of which `has` is true for the option of this name.
bool any_option(const CLI::App& command, const std::string& name, bool (*has)(const CLI::Option&)) {
  const auto* option = command.get_option_no_throw(name);
  if (option != nullptr) return has(*option);
  const auto commands = command.get_subcommands({});
  return std::any_of(commands.begin(), commands.end(),
                     [&](const CLI::App* sub) { return any_option(*sub, name, has); });
}

// Whether some command has an option of this name that is no flag.
bool takes_value(const CLI::App& command, const std::string& name) {
  return any_option(command, name,
                    [](const CLI::Option& o) { return o.get_items_expected_max() > 0; });
}

// A switch that has a --no-name beside it.
bool is_switch(const CLI::App& command, const std::string& name) {
  if (!name.starts_with("--") || name.starts_with("--no-")) return false;
  return !takes_value(command, name) &&
         any_option(command, "--no-" + name.substr(2), [](const CLI::Option&) { return true; });
}

// The words in the order that CLI11 wants, the last one first. It would take the word behind
// "--name=" for the value, which is empty: "--name" and "" it understands. "--switch false" is
// "--switch=false". What follows a lone "--" are files, whatever they begin with.
std::vector<std::string> reversed_words(const CLI::App& program, int argc, char** argv) {
  std::vector<std::string> words;
  bool options = true;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string next = i + 1 < argc ? argv[i + 1] : "";
    const std::string name = word.substr(0, word.find('='));
    const bool no_value = word.starts_with("--") && word.size() == name.size() + 1;
    if (options && word == "--") {
      options = false;
    } else if (!options) {
      words.push_back(word.starts_with("-") && word != "-" ? "./" + word : word);
    } else if (no_value && takes_value(program, name)) {
      words.insert(words.end(), {name, ""});
    } else if ((next == "true" || next == "false") && is_switch(program, word)) {
      words.push_back(word + "=" + next);
      ++i;
    } else {
      words.push_back(word);
    }
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int run(int argc, char** argv) {
  CLI::App program("Refrain trains recurrent networks on small sets of series and texts.",
                   "refrain");
  program.formatter(std::make_shared<Help>());
  program.set_help_flag("-h,--help", "show the options that people use");
  program.set_help_all_flag("--help-all", "show every option");
  program.set_version_flag("--version", "refrain " + version());
  program.require_subcommand(0, 1);
  program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  std::map<std::string, std::function<int()>> actions;
  actions["train"] = add_train(program);
  actions["evaluate"] = add_evaluate(program);
  actions["predict"] = add_predict(program);
  actions["explain"] = add_explain(program);
  actions["pretrain"] = add_pretrain(program);
  actions["generate"] = add_generate(program);
  actions["inspect"] = add_inspect(program);
  actions["augment"] = add_augment(program);
  actions["list"] = add_list(program);
  actions["report"] = add_report(program);
  actions["runs"] = add_runs(program);
  actions["completion"] = add_completion(program);
  actions["manual"] = add_manual(program);
  program.footer(
      "'refrain COMMAND --help' explains a command. The environment variable REFRAIN_ISA picks an\n"
      "instruction set (avx512, avx2, sse4, neon).");
  for (auto* sub : program.get_subcommands({})) sub->prefix_command(false);
  try {
    program.parse(reversed_words(program, argc, argv));
  } catch (const CLI::ParseError& e) {
    return report_parse_error(program, e);
  }
  if (const char* isa = std::getenv("REFRAIN_ISA")) choose_instruction_set(isa);
  const auto chosen = program.get_subcommands();
  if (chosen.empty()) {
    fmt::print("{}", program.help());
    return argc > 1 ? kUsage : 0;
  }
  return actions.at(chosen.front()->get_name())();
}

}  // namespace

int tool(int argc, char** argv) {
  ::signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is then told like a full disk
  try {
    return run(argc, argv);
  } catch (const Error& e) {
    print_error(e.what(), e.hint());
    return e.exit_code();
  } catch (const std::bad_alloc&) {
    print_error("out of memory", "use a smaller --batch-size or --hidden");
  } catch (const std::exception& e) {
    print_error(fmt::format("internal: {}", e.what()), "");
  }
  return 1;
}

}  // namespace refrain::cli

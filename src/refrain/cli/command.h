// One command of the tool: a file cmd_<verb>.cc and a line in the list of main.cc.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"

namespace refrain::cli {

using namespace api;  // the tool is a thin door to it

constexpr int kDone = 0;
constexpr int kCheckFailed = 3;
constexpr int kInterrupted = 130;

// Adds a subcommand to the program and returns what runs it; the result is the exit code.
using Command = std::function<int()> (*)(CLI::App& program);

std::function<int()> add_train(CLI::App& program);
std::function<int()> add_evaluate(CLI::App& program);
std::function<int()> add_predict(CLI::App& program);
std::function<int()> add_explain(CLI::App& program);
std::function<int()> add_inspect(CLI::App& program);
std::function<int()> add_augment(CLI::App& program);
std::function<int()> add_pretrain(CLI::App& program);
std::function<int()> add_generate(CLI::App& program);
std::function<int()> add_list(CLI::App& program);
std::function<int()> add_report(CLI::App& program);
std::function<int()> add_runs(CLI::App& program);
std::function<int()> add_completion(CLI::App& program);
std::function<int()> add_manual(CLI::App& program);

// Flags for the options of the given sections (all where empty), in CLI11 groups by section. Values
// go to the returned list in the order given; apply_options puts them into an Options.
using OptionValues = std::vector<std::pair<std::string, std::string>>;
void add_options(CLI::App& command, const std::vector<std::string>& sections, OptionValues& values);
// Adds the flags of any list of options.
void add_option_list(CLI::App& command, const std::vector<OptionInfo>& list, OptionValues& values);
// Options of a command beside those of lists that people use: --help shows them under this title.
void show_in_help(CLI::App& command, const std::string& title,
                  const std::vector<std::string>& names);
// Options of lists that --help of this command leaves to --help-all.
void hide_in_help(CLI::App& command, const std::vector<std::string>& names);
void apply_options(const OptionValues& values, Options& options);

// Remarks of the library on standard error, unless quiet (warnings always).
std::function<void(const std::string&, bool)> message_printer(bool quiet);

// Set by the first Ctrl-C (or SIGTERM); a second one ends the program at once.
const std::atomic<bool>& stop_flag();
void watch_interrupts();

// Throws usage where a report would be neither Markdown nor HTML, io where it cannot be written; ""
// is no report.
void require_report_file(const std::string& path);
// The same of Markdown alone.
void require_markdown_file(const std::string& path);
// The same of HTML alone.
void require_page_file(const std::string& path);
bool is_page(const std::string& path);

// Writes text to a file (atomically) or, for "-", to standard output. Throws io.
void write_output(const std::string& path, const std::string& text);

}  // namespace refrain::cli

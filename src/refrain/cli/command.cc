#include "refrain/cli/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "refrain/api/output.h"
#include "refrain/cli/help.h"
#include "refrain/cli/screen.h"

namespace refrain::cli {
namespace {

std::atomic<bool> stop_requested{false};

void on_signal(int number) {
  if (stop_requested.exchange(true)) ::_exit(kInterrupted);
  const char text[] = "\nstopping after this batch (again: at once)\n";
  if (number == SIGINT && ::write(2, text, sizeof(text) - 1) < 0) ::_exit(kInterrupted);
}

std::string flag_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

std::string text_of_option(const OptionInfo& o) {
  std::string help = o.help;
  if (o.type == "choice") help += fmt::format(" ({})", fmt::join(o.choices, "|"));
  if (o.default_value.empty()) return help;
  return fmt::format("{} [{}]", help, o.default_value);
}

const std::vector<std::string> kNone;

// Under which title --help shows the options of a section.
std::string title_of(const std::string& section) {
  return section == "Data" || section == "Splits" || section == "Units" ? "Data and score"
                                                                        : "Training";
}

}  // namespace

void add_options(CLI::App& command, const std::vector<std::string>& sections,
                 OptionValues& values) {
  std::vector<OptionInfo> wanted = Options::list();
  std::erase_if(wanted, [&](const OptionInfo& o) {
    return !sections.empty() &&
           std::find(sections.begin(), sections.end(), o.section) == sections.end();
  });
  add_option_list(command, wanted, values);
}

void add_option_list(CLI::App& command, const std::vector<OptionInfo>& list, OptionValues& values) {
  for (const auto& o : list) {
    const auto take = [&values, name = o.name](const std::string& value) {
      values.emplace_back(name, value);
    };
    CLI::Option* option = nullptr;
    if (o.type == "bool") {
      const std::string name = flag_of(o.name);
      option = command.add_flag(fmt::format("{},!--no-{}", name, name.substr(2)));
      option->description(text_of_option(o));
      option->each(take);
    } else {
      option = command.add_option_function<std::string>(flag_of(o.name), take, text_of_option(o));
      option->type_name(o.type == "integer" ? "N" : o.type == "number" ? "X" : "TEXT");
    }
    option->group(o.section.empty() ? "Options" : o.section);
    auto& known = help_of(command)[option];
    known = {o.brief, title_of(o.section), o.type == "bool" ? kNone : o.choices};
    if (o.old_name.empty()) continue;
    command
        .add_option_function<std::string>(
            flag_of(o.old_name),
            [&values, name = o.old_name](const std::string& value) {
              values.emplace_back(name, value);
            },
            "")
        ->group("");
  }
}

void show_in_help(CLI::App& command, const std::string& title,
                  const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto* option = command.get_option("--" + name);
    help_of(command)[option] = {with_capital(option->get_description()) + ".", title, {}};
  }
}

void hide_in_help(CLI::App& command, const std::vector<std::string>& names) {
  for (const auto& name : names) help_of(command)[command.get_option("--" + name)].brief.clear();
}

void apply_options(const OptionValues& values, Options& options) {
  for (const auto& [name, value] : values) options.set(name, value);
}

std::function<void(const std::string&, bool)> message_printer(bool quiet) {
  return [quiet](const std::string& sentence, bool warning) {
    if (quiet && !warning) return;
    fmt::print(stderr, "{}{}\n", warning ? "warning: " : "", sentence);
  };
}

const std::atomic<bool>& stop_flag() { return stop_requested; }

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

void require_report_file(const std::string& path) {
  if (path.empty()) return;
  if (!path.ends_with(".md") && !is_page(path)) {
    throw Error(Code::kUsage, fmt::format("--report {}: a report is HTML or Markdown", path),
                "name a file that ends in .html or .md");
  }
  require_writable(path);
}

void require_markdown_file(const std::string& path) {
  if (path.empty()) return;
  if (!path.ends_with(".md")) {
    throw Error(Code::kUsage, fmt::format("--report {}: a report is Markdown", path),
                "name a file that ends in .md");
  }
  require_writable(path);
}

bool is_page(const std::string& path) { return path.ends_with(".html") || path.ends_with(".htm"); }

void require_page_file(const std::string& path) {
  if (path.empty()) return;
  if (!is_page(path)) {
    throw Error(Code::kUsage, fmt::format("{}: a page is HTML", path),
                "name a file that ends in .html");
  }
  require_writable(path);
}

void write_output(const std::string& path, const std::string& text) {
  if (path != "-") {
    write_file(path, text);
    return;
  }
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) {
    throw Error(Code::kIo, fmt::format("cannot write to standard output: {}", std::strerror(errno)),
                "check the disk, or name a file");
  }
}

}  // namespace refrain::cli

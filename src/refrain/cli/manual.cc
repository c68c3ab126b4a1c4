// Pages of the manual, from the options of the commands.
#include <fmt/format.h>

#include "refrain/api/version.h"
#include "refrain/cli/help.h"
#include "refrain/cli/screen.h"

namespace refrain::cli {
namespace {

// Text in which nothing is a mark of roff.
std::string roff(const std::string& text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string page_name(const CLI::App& app) {
  std::string out = full_name(app);
  for (char& c : out) c = c == ' ' ? '-' : c;
  return out;
}

std::string signature_of(const CLI::Option& option) {
  std::string out;
  for (const auto& name : option.get_lnames()) {
    out += (out.empty() ? "\\fB" : ", \\fB") + roff("--" + name) + "\\fR";
  }
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    out += " \\fI" + roff(type.substr(0, type.find(':'))) + "\\fR";
  }
  return out;
}

std::string options_text(const CLI::App& app) {
  std::string out, group;
  for (const auto* option : shown_options(app)) {
    if (option->get_positional()) continue;
    if (option->get_group() != group) {
      group = option->get_group();
      out += out.empty() && group == "Options" ? ".SH OPTIONS\n"
             : out.empty()                     ? ".SH OPTIONS\n.SS " + roff(group) + "\n"
                                               : ".SS " + roff(group) + "\n";
    }
    out += ".TP\n" + signature_of(*option) + "\n" + roff(with_capital(option->get_description())) +
           "\n";
  }
  return out;
}

std::string arguments_text(const CLI::App& app) {
  std::string out;
  for (const auto* option : shown_options(app)) {
    if (!option->get_positional()) continue;
    out += ".TP\n.I " + roff(option->get_single_name()) + "\n" +
           roff(with_capital(option->get_description())) + "\n";
  }
  return out.empty() ? "" : ".SH ARGUMENTS\n" + out;
}

std::string commands_text(const CLI::App& app) {
  std::string out;
  for (const auto* command : app.get_subcommands({})) {
    out += ".TP\n.B " + roff(full_name(*command)) + "\n" +
           roff(with_capital(command->get_description())) + "\n";
  }
  return out.empty() ? "" : ".SH COMMANDS\n" + out;
}

std::string page_of_manual(const CLI::App& app, const std::string& others) {
  std::string out = fmt::format(".TH \"{}\" \"1\" \"\" \"refrain {}\" \"Refrain\"\n",
                                roff(page_name(app)), api::version());
  out += ".SH NAME\n" + roff(page_name(app)) + " \\- " + roff(app.get_description()) + "\n";
  out += ".SH SYNOPSIS\n" + roff(usage_of(app)) + "\n";
  out += arguments_text(app) + commands_text(app) + options_text(app);
  std::string footer = app.get_footer();
  while (!footer.empty() && footer.front() == '\n') footer.erase(0, 1);
  if (footer.starts_with("Examples:\n")) footer.erase(0, 10);
  if (!footer.empty()) out += ".SH EXAMPLES\n.nf\n" + roff(footer) + "\n.fi\n";
  return out + ".SH SEE ALSO\n" + others + "\n";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> manual_of(const CLI::App& program) {
  std::vector<const CLI::App*> apps = {&program};
  for (const auto* command : program.get_subcommands({})) {
    apps.push_back(command);
    for (const auto* verb : command->get_subcommands({})) apps.push_back(verb);
  }
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto* app : apps) {
    const CLI::App* other = app->get_parent() != nullptr ? app->get_parent() : apps.at(1);
    out.emplace_back(page_name(*app) + ".1",
                     page_of_manual(*app, ".BR " + roff(page_name(*other)) + " (1)"));
  }
  return out;
}

}  // namespace refrain::cli

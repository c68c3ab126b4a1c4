#include "refrain/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/cli/screen.h"

namespace refrain::cli {
namespace {

constexpr int kMostNames = 26;  // columns of the names; a longer one has a line of its own

std::string capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

// "--hidden N", "DATA", "--distil, --no-distil".
std::string signature(const CLI::Option& option) {
  if (option.get_positional()) return capitals(option.get_single_name());
  std::string out;
  for (const auto& name : option.get_snames()) out += "-" + name + ", ";
  out += "--" + option.get_lnames().front();
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    return out + " " + type.substr(0, type.find(':'));
  }
  for (std::size_t i = 1; i < option.get_lnames().size(); ++i) {
    out += ", --" + option.get_lnames()[i];
  }
  return out;
}

struct HelpRow {
  std::string name, text;
};

std::string rows_text(const std::vector<HelpRow>& rows, int width) {
  int names = 0;
  for (const auto& row : rows) {
    const int own = static_cast<int>(columns_of(row.name));
    if (own <= kMostNames) names = std::max(names, own);
  }
  const int indent = names + 4;
  std::string out;
  for (const auto& row : rows) {
    std::string line = "  " + left_in(row.name, static_cast<std::size_t>(names)) + "  ";
    if (columns_of(row.name) > static_cast<std::size_t>(names)) {
      line = "  " + row.name + "\n";
      out += line;
      line = std::string(static_cast<std::size_t>(indent), ' ');
    }
    out += folded(line + row.text, width, indent) + "\n";
  }
  return out;
}

// Rows under titles, in the order in which the titles come first.
class Groups {
 public:
  void add(const std::string& title, HelpRow row) {
    auto found = std::find_if(list_.begin(), list_.end(),
                              [&](const auto& group) { return group.first == title; });
    if (found == list_.end()) found = list_.insert(list_.end(), {title, {}});
    found->second.push_back(std::move(row));
  }
  // Those of --help in an order of their own, others as they came.
  std::string text(int width) {
    const auto rank = [](const auto& group) {
      const std::string titles[] = {"Arguments", "Data and score", "Training", "Results"};
      return std::find(std::begin(titles), std::end(titles), group.first) - std::begin(titles);
    };
    std::stable_sort(list_.begin(), list_.end(),
                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    std::string out;
    for (const auto& [title, rows] : list_) out += "\n" + title + ":\n" + rows_text(rows, width);
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::vector<HelpRow>>> list_;
};

std::string without_first_line_break(const std::string& text) {
  return text.substr(std::min(text.find_first_not_of('\n'), text.size()));
}

}  // namespace

std::vector<const CLI::Option*> shown_options(const CLI::App& app) {
  std::vector<const CLI::Option*> out;
  for (const auto* option : app.get_options()) {
    if (!option->get_group().empty()) out.push_back(option);
  }
  return out;
}

std::string name_of(const CLI::Option& option) {
  return option.get_positional() ? option.get_single_name() : "--" + option.get_lnames().front();
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent != nullptr ? full_name(*parent) + " " : "") + command.get_name();
}

std::string usage_of(const CLI::App& app) {
  std::string out = full_name(app);
  if (!app.get_subcommands({}).empty()) out += " COMMAND";
  for (const auto* option : shown_options(app)) {
    if (!option->get_positional()) continue;
    const std::string name =
        capitals(option->get_single_name()) + (option->get_items_expected_max() > 1 ? " ..." : "");
    out += option->get_required() ? " " + name : " [" + name + "]";
  }
  return out + " [options]";
}

Help& help_of(const CLI::App& app) { return dynamic_cast<Help&>(*app.get_formatter()); }

const OptionHelp& Help::of(const CLI::Option* option) const {
  static const OptionHelp kNothing;
  const auto found = known_.find(option);
  return found == known_.end() ? kNothing : found->second;
}

bool Help::is_long(const CLI::App& app) const {
  for (const auto* option : app.get_options()) {
    if (!of(option).brief.empty()) return true;
  }
  return false;
}

std::string Help::make_help(const CLI::App* app, std::string, CLI::AppFormatMode mode) const {
  const int width = screen_of(1).width;
  const bool all = mode == CLI::AppFormatMode::All || !is_long(*app);
  Groups groups;
  for (const auto* option : shown_options(*app)) {
    const OptionHelp& known = of(option);
    if (option->get_positional()) {
      groups.add("Arguments", {signature(*option), with_capital(option->get_description())});
    } else if (all) {
      groups.add(option->get_group(), {signature(*option), option->get_description()});
    } else if (!known.brief.empty()) {
      groups.add(known.group, {signature(*option), known.brief});
    }
  }
  for (const auto* sub : app->get_subcommands({})) {
    groups.add("Commands", {sub->get_name(), sub->get_description()});
  }
  std::string out = "Usage: " + usage_of(*app) + "\n\n" +
                    folded(with_capital(app->get_description()), width, 0) + "\n" +
                    groups.text(width);
  if (!all) {
    out += fmt::format("\n'{} --help-all' lists all {} options.\n", full_name(*app),
                       shown_options(*app).size());
  }
  const std::string footer = without_first_line_break(app->get_footer());
  return footer.empty() ? out : out + "\n" + footer + "\n";
}

}  // namespace refrain::cli

// Completion of shells, from the options of the commands.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "refrain/api/names.h"
#include "refrain/base/error.h"
#include "refrain/cli/help.h"
#include "refrain/cli/screen.h"

namespace refrain::cli {
namespace {

constexpr std::size_t kLongest = 70;  // columns of a description

// A command that completion stops at: "train", "runs list".
struct Place {
  std::string words;
  const CLI::App* app;
};

std::vector<Place> places_of(const CLI::App& program) {
  std::vector<Place> out;
  for (const auto* command : program.get_subcommands({})) {
    out.push_back({command->get_name(), command});
    for (const auto* verb : command->get_subcommands({})) {
      out.push_back({command->get_name() + " " + verb->get_name(), verb});
    }
  }
  return out;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* command : app.get_subcommands({})) out.push_back(command->get_name());
  return out;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* option : shown_options(app)) {
    for (const auto& name : option->get_lnames()) out.push_back("--" + name);
  }
  return out;
}

// The words that may follow a command at once: subcommands, the choices of its arguments, options.
std::vector<std::string> words_of(const CLI::App& program, const CLI::App& app) {
  auto out = command_names(app);
  for (const auto* option : shown_options(app)) {
    const auto& choices = help_of(program).of(option).choices;
    if (option->get_positional()) out.insert(out.end(), choices.begin(), choices.end());
  }
  const auto flags = flags_of(app);
  out.insert(out.end(), flags.begin(), flags.end());
  return out;
}

std::string short_text(const CLI::App& app, const CLI::Option& option) {
  const auto& brief = help_of(app).of(&option).brief;
  return cut_to(brief.empty() ? option.get_description() : brief, kLongest);
}

std::string in_quotes(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out;
}

std::string bash_of(const CLI::App& program) {
  std::string options, values;
  for (const auto& place : places_of(program)) {
    options += fmt::format("    '{}') words='{}' ;;\n", place.words,
                           fmt::join(words_of(program, *place.app), " "));
    for (const auto* option : shown_options(*place.app)) {
      const auto& choices = help_of(program).of(option).choices;
      if (choices.empty() || option->get_positional()) continue;
      values += fmt::format("    '{} {}') values='{}' ;;\n", place.words, name_of(*option),
                            fmt::join(choices, " "));
    }
  }
  return fmt::format(
      R"(# Completion of refrain in bash: source <(refrain completion bash)
_refrain() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local place=${{COMP_WORDS[1]}} words='' values=''
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '{}' -- "$word"))
    return
  fi
  case "$place ${{COMP_WORDS[2]}}" in
    {}) (( COMP_CWORD > 2 )) && place+=" ${{COMP_WORDS[2]}}" ;;
  esac
  case "$place" in
{}  esac
  case "$place $before" in
{}  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
  elif [[ $word == -* ]] || [[ $words != -* && $COMP_CWORD == 2 ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}}
complete -o bashdefault -o default -F _refrain refrain
)",
      fmt::join(command_names(program), " "),
      [&] {
        std::string out;
        for (const auto& place : places_of(program)) {
          if (place.words.find(' ') == std::string::npos) continue;
          out += (out.empty() ? "'" : "|'") + place.words + "'";
        }
        return out;
      }(),
      options, values);
}

std::string zsh_argument(const CLI::App& app, const CLI::Option& option) {
  std::string text;
  for (const char c : short_text(app, option)) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') text += '\\';
    text += c;
  }
  std::string out;
  for (const auto& name : option.get_lnames()) {
    std::string action;
    if (option.get_items_expected_max() > 0) {
      const auto& choices = help_of(app).of(&option).choices;
      action =
          choices.empty() ? ":value:_files" : fmt::format(":value:({})", fmt::join(choices, " "));
    }
    out += fmt::format(" \\\n      '{}'", in_quotes("--" + name + "[" + text + "]" + action));
  }
  return out;
}

std::string zsh_of(const CLI::App& program) {
  std::string commands, cases;
  for (const auto* command : program.get_subcommands({})) {
    commands += fmt::format(" '{}:{}'", command->get_name(), in_quotes(command->get_description()));
    cases += fmt::format("    {})\n", command->get_name());
    std::string all;
    for (const auto& place : places_of(program)) {
      if (place.words != command->get_name() &&
          !place.words.starts_with(command->get_name() + " ")) {
        continue;
      }
      for (const auto* option : shown_options(*place.app)) all += zsh_argument(*place.app, *option);
    }
    const auto verbs = command_names(*command);
    if (!verbs.empty()) all += fmt::format(" \\\n      '2:verb:({})'", fmt::join(verbs, " "));
    cases += fmt::format("      _arguments{} \\\n      '*:file:_files' ;;\n", all);
  }
  return fmt::format(R"(#compdef refrain
# Completion of refrain in zsh: refrain completion zsh > a folder of $fpath, as _refrain
_refrain() {{
  if (( CURRENT == 2 )); then
    local -a commands=({})
    _describe command commands
    return
  fi
  case $words[2] in
{}  esac
}}
compdef _refrain refrain
)",
                     commands, cases);
}

std::string fish_of(const CLI::App& program) {
  std::string out =
      "# Completion of refrain in fish: refrain completion fish | source\n"
      "complete -c refrain -f -n __fish_use_subcommand\n";
  for (const auto* command : program.get_subcommands({})) {
    out += fmt::format("complete -c refrain -n __fish_use_subcommand -a {} -d '{}'\n",
                       command->get_name(), in_quotes(command->get_description()));
  }
  for (const auto& place : places_of(program)) {
    std::string where = "__fish_seen_subcommand_from " + place.words;
    if (const auto blank = where.rfind(' '); place.words.find(' ') != std::string::npos) {
      where.replace(blank, 1, "; and __fish_seen_subcommand_from ");
    }
    for (const auto& verb : command_names(*place.app)) {
      out += fmt::format("complete -c refrain -f -n '{}' -a {}\n", where, verb);
    }
    for (const auto* option : shown_options(*place.app)) {
      for (const auto& name : option->get_lnames()) {
        const auto& choices = help_of(program).of(option).choices;
        const bool takes = option->get_items_expected_max() > 0;
        const std::string value =
            !choices.empty()
                ? fmt::format(" -x -a '{}'", in_quotes(fmt::format("{}", fmt::join(choices, " "))))
            : takes ? " -r"
                    : "";
        out += fmt::format("complete -c refrain -n '{}' -l {}{} -d '{}'\n", where, name, value,
                           in_quotes(short_text(*place.app, *option)));
      }
    }
  }
  return out;
}

}  // namespace

std::string completion_of(const CLI::App& program, const std::string& shell) {
  if (shell == "bash") return bash_of(program);
  if (shell == "zsh") return zsh_of(program);
  if (shell == "fish") return fish_of(program);
  const std::string best = api::nearest_name(shell, {"bash", "zsh", "fish"});
  throw Error(
      Code::kUsage, fmt::format("there is no completion for the shell '{}'", shell),
      best.empty() ? "bash, zsh and fish are known" : fmt::format("did you mean '{}'?", best));
}

}  // namespace refrain::cli

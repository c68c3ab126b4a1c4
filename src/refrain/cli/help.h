// The help of commands, and what else is made of their options: pages of the manual, completion of
// shells. --help shows the options that people use, a plain sentence each, --help-all every option.
// A command of few options has them all in both.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace refrain::cli {

// What is known of an option beside what CLI11 knows.
struct OptionHelp {
  std::string brief;                 // of --help; "" = --help-all alone has it
  std::string group;                 // of --help
  std::vector<std::string> choices;  // its values, where they are few
};

class Help : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;

  OptionHelp& operator[](const CLI::Option* option) { return known_[option]; }
  const OptionHelp& of(const CLI::Option* option) const;
  // Whether --help leaves options out.
  bool is_long(const CLI::App& app) const;

 private:
  std::map<const CLI::Option*, OptionHelp> known_;
};

// That of the program, which all of its commands share.
Help& help_of(const CLI::App& app);

// The options of a command that people may use: no hidden ones.
std::vector<const CLI::Option*> shown_options(const CLI::App& app);
// "--hidden", or of an argument its name.
std::string name_of(const CLI::Option& option);
// "refrain runs list".
std::string full_name(const CLI::App& app);
// "refrain train DATA [options]".
std::string usage_of(const CLI::App& app);

// A program for the shell: bash, zsh or fish.
std::string completion_of(const CLI::App& program, const std::string& shell);
// Pages of the manual, name and text: refrain.1, refrain-train.1, ...
std::vector<std::pair<std::string, std::string>> manual_of(const CLI::App& program);

}  // namespace refrain::cli

// refrain completion bash|zsh|fish, refrain manual FOLDER: made of the options of all commands.
#include <fmt/format.h>

#include <memory>

#include "refrain/api/output.h"
#include "refrain/cli/command.h"
#include "refrain/cli/help.h"

namespace refrain::cli {

std::function<int()> add_completion(CLI::App& program) {
  auto shell = std::make_shared<std::string>();
  CLI::App& c = *program.add_subcommand("completion", "completion of commands in your shell");
  auto* option = c.add_option("shell", *shell, "bash, zsh or fish")->required();
  help_of(c)[option].choices = {"bash", "zsh", "fish"};
  c.footer(R"(
Examples:
  source <(refrain completion bash)
  refrain completion zsh > ~/.zfunc/_refrain
  refrain completion fish > ~/.config/fish/completions/refrain.fish)");
  return [shell, root = &program] {
    write_output("-", completion_of(*root, *shell));
    return kDone;
  };
}

std::function<int()> add_manual(CLI::App& program) {
  auto folder = std::make_shared<std::string>();
  CLI::App& c = *program.add_subcommand("manual", "write the pages of the manual, for man");
  c.add_option("folder", *folder, "where to write them: a folder that is there")->required();
  return [folder, root = &program] {
    const auto pages = manual_of(*root);
    for (const auto& [name, text] : pages) require_writable(*folder + "/" + name);
    for (const auto& [name, text] : pages) write_output(*folder + "/" + name, text);
    return kDone;
  };
}

}  // namespace refrain::cli

#include "refrain/api/reference.h"

#include <fmt/format.h>

#include "refrain/api/options.h"

namespace refrain::api {
namespace {

constexpr const char* kIntroduction =
    R"(# Options

What `refrain train` can be told. On the command line a name is written with hyphens,
`--batch-size 32`; in a configuration file (`--config`, TOML or JSON) and in C++ as it stands here,
`batch_size`.
This page is made from the declarations of the options: change those, not this page.
)";

// A bar would end the table's cell.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string values(const OptionInfo& option) {
  if (option.type == "bool") return "`true`, `false`";
  if (option.type == "integer" || option.type == "number") {
    std::string out = option.type == "number"
                          ? fmt::format("number, {:g} to {:g}", option.low, option.high)
                          : fmt::format("whole number, {:.0f} to {:.0f}", option.low, option.high);
    for (const auto& word : option.choices) out += ", or `" + word + "`";
    return out;
  }
  if (option.type == "text") return "text";
  std::string out;
  for (const auto& choice : option.choices) out += (out.empty() ? "`" : ", `") + choice + "`";
  return out;
}

std::string row(const OptionInfo& option) {
  const std::string standard = option.default_value.empty() ? "" : "`" + option.default_value + "`";
  return fmt::format("| `{}` | {} | {} | {} |\n", option.name, cell(values(option)), cell(standard),
                     cell(option.help));
}

}  // namespace

std::string option_reference() {
  std::string out = kIntroduction, section;
  for (const auto& option : Options::list()) {
    if (option.section != section) {
      section = option.section;
      out += fmt::format(
          "\n## {}\n\n| option | values | default | what it does |\n|---|---|---|---|\n", section);
    }
    out += row(option);
  }
  return out;
}

}  // namespace refrain::api

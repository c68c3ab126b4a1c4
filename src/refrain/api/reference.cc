#include "refrain/api/reference.h"

#include <fmt/format.h>

#include <cctype>

#include "refrain/api/options.h"

namespace refrain::api {
namespace {

constexpr const char* kIntroduction =
    R"(# Options

All options of `refrain train`, in the order of their use. On the command line a name is written with hyphens,
`--batch-size 32`; in a configuration file (`--config`, TOML or JSON), in Python and in C++ with underscores,
`batch_size`. This page is made from the declarations of the options: change those, not this page.

| to | sections |
|---|---|
)";

// The sections in the order of the page, with the use that begins at a section.
struct Place {
  const char* section;
  const char* use = "";
};
constexpr Place kPlaces[] = {
    {"Task", "start any training"},
    {"Data"},
    {"Splits"},
    {"Machine"},
    {"Features", "read your kind of data and learn your task"},
    {"Sound"},
    {"Encoder"},
    {"Classification"},
    {"Regression"},
    {"Tagging"},
    {"Remaining life"},
    {"Forecasting"},
    {"Replies"},
    {"Model", "improve the score"},
    {"Augmentation"},
    {"Transfer"},
    {"Regularisation"},
    {"Network", "choose the network and its training yourself"},
    {"Convolution stem"},
    {"Training"},
    {"Optimisation"},
};

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

std::string anchor(std::string section) {
  for (char& c : section) c = c == ' ' ? '-' : static_cast<char>(std::tolower(c));
  return "#" + section;
}

// The table of uses, and the sections of each.
std::string uses() {
  std::string out;
  for (const auto& [section, use] : kPlaces) {
    const std::string link = fmt::format("[{}]({})", section, anchor(section));
    out +=
        *use == 0 ? ", " + link : fmt::format("{}| {} | {}", out.empty() ? "" : " |\n", use, link);
  }
  return out + " |\n";
}

}  // namespace

std::string option_reference() {
  std::string out = kIntroduction + uses();
  for (const auto& [section, use] : kPlaces) {
    out += fmt::format(
        "\n## {}\n\n| option | values | default | what it does |\n|---|---|---|---|\n", section);
    for (const auto& option : Options::list()) {
      if (option.section == section) out += row(option);
    }
  }
  return out;
}

}  // namespace refrain::api

// refrain list augmentations|cells|optimisers|schedules|readers|tasks|metrics
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "refrain/api/registries.h"
#include "refrain/cli/command.h"

namespace refrain::cli {

std::function<int()> add_list(CLI::App& program) {
  auto registry = std::make_shared<std::string>();
  CLI::App& c = *program.add_subcommand("list", "what there is to choose from");
  c.add_option("registry", *registry, fmt::format("{}", fmt::join(registry_names(), "|")))
      ->required();
  return [registry] {
    const auto rows = list_registry(*registry);
    std::size_t width = 0;
    for (const auto& r : rows) width = std::max(width, r.name.size());
    std::string out;
    for (const auto& r : rows) {
      out += fmt::format("{:<{}}  {}\n", r.name, width, r.description);
      for (const auto& option : r.options) out += fmt::format("{:{}}    {}\n", "", width, option);
    }
    write_output("-", out);
    return kDone;
  };
}

}  // namespace refrain::cli

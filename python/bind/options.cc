// The declared options and the registries, for the generated constructors and docstrings.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/parts.h"
#include "refrain/api/registries.h"
#include "refrain/api/version.h"

namespace refrain::bind {
namespace {

nb::list option_list() {
  nb::list out;
  for (const auto& o : api::Options::list()) out.append(to_dict(o));
  return out;
}

nb::list registry(const std::string& name) {
  nb::list out;
  for (const auto& item : api::list_registry(name)) {
    out.append(nb::make_tuple(item.name, item.description));
  }
  return out;
}

}  // namespace

nb::dict to_dict(const api::OptionInfo& option) {
  nb::dict out;
  out["name"] = option.name;
  out["section"] = option.section;
  out["type"] = option.type;
  out["default"] = option.default_value;
  out["help"] = option.help;
  out["low"] = option.low;
  out["high"] = option.high;
  out["choices"] = option.choices;
  return out;
}

api::Options options_of(const nb::dict& given) {
  api::Options options;
  for (const auto& [name, value] : given) {
    options.set(nb::cast<std::string>(name), nb::cast<std::string>(value));
  }
  return options;
}

void add_options(nb::module_& module) {
  module.def("version", &api::version);
  module.def("options", &option_list, "Every option of a training, as it is declared.");
  module.def("registries", &api::registry_names);
  module.def("registry", &registry, nb::arg("name"), "(name, description) of each entry.");
}

}  // namespace refrain::bind

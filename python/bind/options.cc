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
  for (const auto& o : api::Options::list()) {
    nb::dict entry;
    entry["name"] = o.name;
    entry["section"] = o.section;
    entry["type"] = o.type;
    entry["default"] = o.default_value;
    entry["help"] = o.help;
    entry["low"] = o.low;
    entry["high"] = o.high;
    entry["choices"] = o.choices;
    out.append(entry);
  }
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

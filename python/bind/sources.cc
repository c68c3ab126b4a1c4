// Sources for transfer on this machine (api/sources.h).
#include "refrain/api/sources.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/parts.h"

namespace refrain::bind {
namespace {

std::string sources(const std::string& folder, const std::string& store,
                    const std::vector<std::string>& packages) {
  api::SourceSearch search;
  search.folder = folder;
  search.store = store;
  search.packages = packages;
  std::atomic<bool> stop{false};
  api::SourceList found;
  run_watched(stop, [&] { found = api::find_sources(search); });
  return found.json();
}

// "" where the file is no source.
std::string source_kind(const std::string& path) {
  const auto found = api::look_at_source(path);
  return found ? found->kind : "";
}

}  // namespace

void add_sources(nb::module_& module) {
  module.def("sources", &sources, nb::arg("folder"), nb::arg("store"), nb::arg("packages"),
             "Sources for transfer, as JSON.");
  module.def("source_kind", &source_kind, nb::arg("path"), "What a file is as a source.");
}

}  // namespace refrain::bind

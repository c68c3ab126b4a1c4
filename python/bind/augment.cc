// Derived samples and the list of augmentations (api/derive.h).
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/parts.h"
#include "refrain/api/derive.h"

namespace refrain::bind {
namespace {

nb::list arrays_of(api::Derived& derived) {
  nb::list out;
  const auto channels = static_cast<std::size_t>(derived.channels);
  for (auto& values : derived.series) {
    const std::size_t steps = values.size() / channels;
    out.append(new_array(std::move(values), {steps, channels}));
  }
  return out;
}

nb::dict derive(const PySamples& s, const nb::dict& given, int copies) {
  const api::Options options = options_of(given);
  std::atomic<bool> stop{false};
  api::Hooks hooks;
  hooks.stop = &stop;
  api::Derived derived;
  run_watched(stop, [&] { derived = api::derive(s.samples, options, copies, hooks); });
  nb::dict out;
  out["samples"] = s.samples.text ? nb::cast(derived.texts) : arrays_of(derived);
  out["rates"] = derived.rates;
  out["sources"] =
      new_array(std::vector<std::int64_t>(derived.sources.begin(), derived.sources.end()),
                {derived.sources.size()});
  out["labels"] = derived.labels;
  out["shares"] = derived.shares;
  out["notes"] = derived.notes;
  return out;
}

nb::list augmentations() {
  nb::list out;
  for (const auto& operation : api::augmentations()) {
    nb::dict entry;
    nb::list options;
    for (const auto& option : operation.options) options.append(to_dict(option));
    entry["name"] = operation.name;
    entry["kind"] = operation.kind;
    entry["description"] = operation.description;
    entry["mixes"] = operation.mixes;
    entry["options"] = options;
    out.append(entry);
  }
  return out;
}

}  // namespace

void add_augment(nb::module_& module) {
  module.def("derive", &derive, nb::arg("samples"), nb::arg("options"), nb::arg("copies"),
             "Derived samples with their sources, labels and shares of labels.");
  module.def("augmentations", &augmentations, "Every step of augmentation with its options.");
  module.def("augmentation_text", &api::augmentation_text, nb::arg("spec"),
             "A specification in its one form.");
}

}  // namespace refrain::bind

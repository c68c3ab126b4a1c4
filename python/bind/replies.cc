// Translators and transcribers (api/transducer.h, api/transducer_memory.h).
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "bind/callbacks.h"
#include "bind/parts.h"
#include "refrain/api/transducer_memory.h"

namespace refrain::bind {
namespace {

// `follow` is (progress, message, whether an interrupted training gives its model so far).
nb::tuple fit_replies(const PySamples& s, const nb::dict& given, const nb::tuple& follow) {
  const api::Options options = options_of(given);
  std::atomic<bool> stop{false};
  Callbacks callbacks(follow[0], follow[1], stop);
  const api::Hooks hooks = callbacks.hooks();
  std::optional<api::Transducer> model;
  api::FitReport report;
  run_watched(
      stop, [&] { model.emplace(api::fit_transducer(s.samples, options, hooks, &report)); },
      [&] { return nb::cast<bool>(follow[2]) && model && report.epochs > 0; });
  callbacks.raise();
  return nb::make_tuple(nb::cast(std::move(*model)), to_dict(report));
}

// Of each sample the replies, the best first: (text, log probability, score, [(symbol, begin,
// end)]).
nb::list write(const api::Transducer& model, const PySamples& s, const nb::dict& given) {
  const api::Options options = options_of(given);
  std::atomic<bool> stop{false};
  api::Hooks hooks;
  hooks.stop = &stop;
  std::vector<api::WrittenReply> found;
  run_watched(stop, [&] { found = api::replies(model, s.samples, options, hooks); });
  nb::list out;
  for (const auto& reply : found) {
    nb::list own;
    for (const auto& option : reply.options) {
      nb::list symbols;
      for (const auto& symbol : option.symbols) {
        symbols.append(nb::make_tuple(symbol.text, symbol.begin, symbol.end));
      }
      own.append(nb::make_tuple(option.text, option.log_probability, option.score, symbols));
    }
    out.append(own);
  }
  return out;
}

// The report as JSON.
std::string score(const api::Transducer& model, const PySamples& s, const nb::dict& given) {
  const api::Options options = options_of(given);
  std::atomic<bool> stop{false};
  api::Hooks hooks;
  hooks.stop = &stop;
  api::Report report;
  run_watched(stop, [&] { report = api::score_replies(model, s.samples, options, hooks); });
  return report.json();
}

api::Transducer transducer_of(const nb::bytes& bytes, const std::string& name) {
  return api::Transducer::from_bytes({bytes.c_str(), bytes.size()}, name);
}

nb::bytes bytes_of(const api::Transducer& model) {
  const std::string bytes = model.bytes();
  return nb::bytes(bytes.data(), bytes.size());
}

}  // namespace

void add_replies(nb::module_& module) {
  module.def("reply_option_names", &api::transducer_option_names, nb::arg("task"),
             "Names of the options that translate or transcribe takes.");
  module.def("is_transducer", &api::is_transducer, nb::arg("path"),
             "Whether a file is a model that writes replies.");
  module.def("fit_replies", &fit_replies, nb::arg("samples"), nb::arg("options"), nb::arg("follow"),
             "(model, report) of a training on all samples.");
  nb::class_<api::Transducer>(module, "Transducer", "A trained model that writes replies.")
      .def_static("from_bytes", &transducer_of, nb::arg("bytes"), nb::arg("name"))
      .def("to_bytes", &bytes_of)
      .def("save", &api::Transducer::save, nb::arg("path"))
      .def("describe", &api::Transducer::describe)
      .def_prop_ro("task", [](const api::Transducer& m) { return m.task(); })
      .def_prop_ro("has_times", &api::Transducer::has_times)
      .def_prop_ro("in_seconds", &api::Transducer::in_seconds)
      .def("write", &write, nb::arg("samples"), nb::arg("options"))
      .def("score", &score, nb::arg("samples"), nb::arg("options"), "The report as JSON.");
}

}  // namespace refrain::bind

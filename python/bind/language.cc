// Language models (api/pretrain.h, api/language.h).
#include "refrain/api/language.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/callbacks.h"
#include "bind/parts.h"
#include "refrain/api/pretrain_series.h"

namespace refrain::bind {
namespace {

nb::list language_options() {
  nb::list out;
  for (const auto& o : api::pretrain_options()) out.append(to_dict(o));
  return out;
}

std::string text_of(const nb::dict& given, const char* name) {
  return given.contains(name) ? nb::cast<std::string>(given[name]) : std::string();
}

nb::list to_list(const std::vector<api::PretrainRound>& history) {
  nb::list out;
  for (const auto& r : history) {
    nb::dict line;
    line["epoch"] = r.round;
    line["loss"] = r.loss;
    line["lr"] = r.lr;
    line["gradient_norm"] = r.gradient_norm;
    if (r.has_valid) line["valid_loss"] = r.valid_nats;
    out.append(line);
  }
  return out;
}

// `job`: text, valid, test, out, checkpoint as text; in_memory, resume as bools.
nb::tuple pretrain(const nb::dict& given, const nb::dict& options, nb::handle progress,
                   nb::handle message) {
  api::PretrainJob job;
  job.in_memory = nb::cast<bool>(given["in_memory"]);
  job.resume = nb::cast<bool>(given["resume"]);
  job.text = text_of(given, "text");
  job.valid = text_of(given, "valid");
  job.test = text_of(given, "test");
  job.out = text_of(given, "out");
  job.checkpoint = text_of(given, "checkpoint");
  for (const auto& [name, value] : options) {
    job.options.emplace_back(nb::cast<std::string>(name), nb::cast<std::string>(value));
  }
  std::atomic<bool> stop{false}, enough{false};
  Callbacks callbacks(progress, message, stop, &enough);
  job.hooks = callbacks.hooks();
  job.enough = &enough;
  api::PretrainReport report;
  run_watched(stop, [&] { report = api::pretrain(job); });
  callbacks.raise();
  return nb::make_tuple(nb::bytes(report.source.data(), report.source.size()), report.json(),
                        to_list(report.history));
}

// `job`: data as a list of paths; out, checkpoint as text; resume as bool.
std::string pretrain_series(const nb::dict& given, const nb::dict& options, nb::handle progress,
                            nb::handle message) {
  api::SeriesPretrainJob job;
  job.data = nb::cast<std::vector<std::string>>(given["data"]);
  job.resume = nb::cast<bool>(given["resume"]);
  job.out = text_of(given, "out");
  job.checkpoint = text_of(given, "checkpoint");
  for (const auto& [name, value] : options) {
    job.options.emplace_back(nb::cast<std::string>(name), nb::cast<std::string>(value));
  }
  std::atomic<bool> stop{false};
  Callbacks callbacks(progress, message, stop);
  job.hooks = callbacks.hooks();
  api::SeriesPretrainReport report;
  run_watched(stop, [&] { report = api::pretrain_series(job); });
  callbacks.raise();
  return report.json();
}

nb::dict score(const api::LanguageModel& model, const nb::dict& given) {
  api::LanguageModel::Scoring what;
  what.text = text_of(given, "text");
  what.in_memory = nb::cast<bool>(given["in_memory"]);
  what.encoding = text_of(given, "encoding");
  what.threads = nb::cast<int>(given["threads"]);
  std::atomic<bool> stop{false};
  api::TextScore found;
  run_watched(stop, [&] { found = model.score(what); });
  nb::dict metrics;
  for (const auto& [name, s] : found.metrics) {
    metrics[nb::str(name.c_str())] = nb::make_tuple(s.value, s.low, s.high);
  }
  nb::dict out;
  out["units"] = found.units;
  out["unknown"] = found.unknown;
  out["metrics"] = metrics;
  return out;
}

// `how`: length, temperature, top_p, seed.
std::string generate(const api::LanguageModel& model, const std::string& prompt,
                     const nb::dict& how) {
  api::GenerateJob job;
  job.prompt = prompt;
  job.length = nb::cast<int>(how["length"]);
  job.temperature = nb::cast<double>(how["temperature"]);
  job.top_p = nb::cast<double>(how["top_p"]);
  job.seed = nb::cast<int>(how["seed"]);
  std::atomic<bool> stop{false};
  job.hooks.stop = &stop;
  std::string text;
  run_watched(stop, [&] { text = model.generate(job); });
  return text;
}

api::LanguageModel from_bytes(const nb::bytes& bytes, const std::string& name) {
  return api::LanguageModel::from_bytes({bytes.c_str(), bytes.size()}, name);
}

nb::bytes to_bytes(const api::LanguageModel& model) {
  const std::string bytes = model.bytes();
  return nb::bytes(bytes.data(), bytes.size());
}

}  // namespace

void add_language(nb::module_& module) {
  module.def("language_options", &language_options,
             "Every option of a language model, as it is declared.");
  module.def("pretrain", &pretrain, nb::arg("job"), nb::arg("options"), nb::arg("progress").none(),
             nb::arg("message").none(), "(bytes of the source file, report as JSON, history).");
  module.def("pretrain_series", &pretrain_series, nb::arg("job"), nb::arg("options"),
             nb::arg("progress").none(), nb::arg("message").none(), "The report as JSON.");
  nb::class_<api::LanguageModel>(module, "LanguageModel", "A trained language model.")
      .def_static("load", &api::LanguageModel::load, nb::arg("path"),
                  nb::call_guard<nb::gil_scoped_release>())
      .def_static("from_bytes", &from_bytes, nb::arg("bytes"), nb::arg("name"))
      .def("save", &api::LanguageModel::save, nb::arg("path"))
      .def("to_bytes", &to_bytes)
      .def("describe", &api::LanguageModel::describe, "What it is, as JSON.")
      .def("score", &score, nb::arg("given"))
      .def("generate", &generate, nb::arg("prompt"), nb::arg("how"));
}

}  // namespace refrain::bind

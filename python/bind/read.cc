// Data files as plain lists (api/read.h), and the experiment store (api/runs.h).
#include "refrain/api/read.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/callbacks.h"
#include "bind/parts.h"
#include "refrain/api/compare.h"
#include "refrain/api/markdown.h"
#include "refrain/api/runs.h"

namespace refrain::bind {
namespace {

nb::list values_of(api::FileSamples& found) {
  nb::list out;
  const auto channels = static_cast<std::size_t>(found.channels);
  for (auto& series : found.series) {
    const std::size_t steps = series.size() / std::max<std::size_t>(1, channels);
    out.append(new_array(std::move(series), {steps, channels}));
  }
  for (auto& sound : found.sounds) {
    const std::size_t size = sound.samples.size();
    out.append(nb::make_tuple(new_array(std::move(sound.samples), {size}), sound.rate));
  }
  for (const auto& words : found.words) out.append(nb::cast(words));
  for (const auto& text : found.texts) out.append(nb::cast(text));
  return out;
}

nb::dict about(const api::FileSamples& found) {
  const auto& r = found.recognised;
  nb::dict columns;
  for (const auto& [name, value] : {std::pair{"target", r.target},
                                    {"text", r.text},
                                    {"group", r.group},
                                    {"id", r.id},
                                    {"time", r.time}}) {
    if (!value.empty()) columns[name] = value;
  }
  nb::dict out;
  out["kind"] = found.kind;
  out["task"] = found.task;
  out["format"] = r.format;
  out["summary"] = r.summary;
  out["columns"] = columns;
  out["not_read"] = r.not_read;
  out["channels"] = found.channel_names;
  out["offset"] = found.offset;
  out["ids"] = found.ids;
  return out;
}

// {"X", "labels", "numbers", "tags", "groups", "about"}
nb::dict read_samples(const std::string& path, const nb::dict& options, nb::handle message) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(nb::none(), message, stop);
  const api::Options how = options_of(options);
  api::FileSamples found;
  run_watched(stop, [&] { found = api::read_samples(path, how, callbacks.hooks()); });
  callbacks.raise();
  nb::dict out;
  out["about"] = about(found);
  out["X"] = values_of(found);
  out["labels"] = found.labels;
  out["numbers"] = found.numbers;
  out["tags"] = found.tags;
  out["groups"] = found.groups;
  return out;
}

// {"series": [(id, times, values)], "covariates", "format", "summary", "horizon"}
nb::dict read_histories(const std::string& path, const nb::dict& options, nb::handle message) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(nb::none(), message, stop);
  const api::Options how = options_of(options);
  api::FileHistories found;
  run_watched(stop, [&] { found = api::read_histories(path, how, callbacks.hooks()); });
  callbacks.raise();
  nb::list series;
  for (auto& one : found.series) {
    const std::size_t steps = one.values.size();
    series.append(nb::make_tuple(one.id, one.times, new_array(std::move(one.values), {steps})));
  }
  nb::dict out;
  out["series"] = series;
  out["covariates"] = found.covariates;
  out["format"] = found.format;
  out["summary"] = found.summary;
  out["horizon"] = found.horizon;
  return out;
}

std::string list_runs(const std::string& store, const std::string& data, const std::string& model,
                      int limit) {
  return api::runs_json(api::list_runs(store, {data, model, limit}));
}

std::string list_boards(const std::string& store, const std::string& data,
                        const std::string& metric) {
  return api::boards_json(api::boards(store, {data, "", metric}));
}

std::string run_text(const std::string& store, const std::string& id) {
  return api::markdown(api::show_run(store, id).sections());
}

}  // namespace

void add_read(nb::module_& module) {
  const nb::call_guard<nb::gil_scoped_release> released;
  module.def("read_samples", &read_samples, nb::arg("path"), nb::arg("options"), nb::arg("message"),
             "The samples of a data file.");
  module.def("read_histories", &read_histories, nb::arg("path"), nb::arg("options"),
             nb::arg("message"), "The series in time of a data file.");
  module.def("list_runs", &list_runs, nb::arg("store"), nb::arg("data"), nb::arg("model"),
             nb::arg("limit"), released, "JSON.");
  module.def("list_boards", &list_boards, nb::arg("store"), nb::arg("data"), nb::arg("metric"),
             released, "JSON.");
  module.def("run_json", &api::run_json, nb::arg("store"), nb::arg("id"), nb::arg("everything"),
             released, "A run as JSON.");
  module.def("run_markdown", &run_text, nb::arg("store"), nb::arg("id"), released,
             "A run as a page of Markdown.");
  module.def("delete_runs", &api::delete_runs, nb::arg("store"), nb::arg("ids"), released);
  module.def(
      "name_samples", [](PySamples& s, std::string name) { s.samples.name = std::move(name); },
      nb::arg("samples"), nb::arg("name"), "What messages and the store call them.");
}

}  // namespace refrain::bind

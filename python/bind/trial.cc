// Trainings and evaluations with their scores (api/trial.h), and the tool as a function.
#include "refrain/api/trial.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "bind/callbacks.h"
#include "bind/parts.h"
#include "refrain/api/markdown.h"
#include "refrain/cli/tool.h"

namespace refrain::bind {
namespace {

// The samples of a job, or null where it is given a path or None; `name` is what it calls them.
const api::Samples* place(nb::handle given, std::string& name) {
  if (given.is_none()) return nullptr;
  if (nb::try_cast<std::string>(given, name)) return nullptr;
  const auto& samples = nb::cast<const PySamples&>(given).samples;
  name = samples.name;
  return &samples;
}

// `samples` are those to learn from, and those to test on or None, or paths; `follow` is (progress,
// message).
api::Trial train_and_score(const nb::tuple& samples, const nb::dict& options,
                           const nb::tuple& follow) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(follow[0], follow[1], stop);
  api::TrainJob job;
  job.memory.data = place(samples[0], job.data);
  job.memory.test = place(samples[1], job.test);
  job.options = options_of(options);
  job.hooks = callbacks.hooks();
  std::optional<api::Trial> out;
  run_watched(stop, [&] { out = api::try_out(job); });
  callbacks.raise();
  return std::move(*out);
}

api::Trial score_model(const api::Model& model, const PySamples& s) {
  std::atomic<bool> stop{false};
  std::optional<api::Trial> out;
  run_watched(stop, [&] { out = api::try_out(model, s.samples); });
  return std::move(*out);
}

std::string compare(const api::Trial& a, const api::Trial& b, const std::string& metric,
                    const nb::tuple& names) {
  const api::TrialNames called{nb::cast<std::string>(names[0]), nb::cast<std::string>(names[1])};
  const nb::gil_scoped_release release;
  return api::compare_trials(a, b, metric, called).json();
}

int tool(const nb::list& given) {
  std::vector<std::string> words;
  for (const nb::handle word : given) {
    const auto bytes = nb::cast<nb::bytes>(word);
    words.emplace_back(bytes.c_str(), bytes.size());
  }
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const nb::gil_scoped_release release;
  return cli::tool(static_cast<int>(words.size()), argv.data());
}

}  // namespace

void add_trial(nb::module_& module) {
  const nb::call_guard<nb::gil_scoped_release> released;
  nb::class_<api::Trial>(module, "Trial", "A training or an evaluation with its score.")
      .def_static("stored", &api::stored_trial, nb::arg("store"), nb::arg("id"), released,
                  "A run of the experiment store.")
      .def("json", [](const api::Trial& t) { return t.report().json(); })
      .def("markdown", [](const api::Trial& t) { return api::markdown(t.report().sections()); })
      .def("keep", &api::Trial::keep, nb::arg("store"), released)
      .def("page", &api::Trial::page, nb::arg("language"), released)
      .def_prop_ro("id", [](const api::Trial& t) { return t.id(); });
  module.def("train_and_score", &train_and_score, nb::arg("samples"), nb::arg("options"),
             nb::arg("follow"), "A training with its score.");
  module.def("score_model", &score_model, nb::arg("model"), nb::arg("samples"),
             "A model on labelled samples.");
  module.def("compare", &compare, nb::arg("a"), nb::arg("b"), nb::arg("metric"), nb::arg("names"),
             "Two trials on the same samples, as JSON.");
  module.def("tool", &tool, nb::arg("words"), "The command-line tool; returns its exit code.");
}

}  // namespace refrain::bind

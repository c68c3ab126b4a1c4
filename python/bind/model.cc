#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "bind/callbacks.h"
#include "bind/parts.h"

namespace refrain::bind {

nb::dict to_dict(const api::FitReport& r) {
  nb::list epochs;
  for (const auto& e : r.history) {
    nb::dict line;
    line["epoch"] = e.epoch;
    line["loss"] = e.loss;
    line["lr"] = e.lr;
    line["gradient_norm"] = e.gradient_norm;
    if (e.has_valid) {
      line["valid_score"] = e.valid_score;
      line["valid_loss"] = e.valid_loss;
    }
    epochs.append(line);
  }
  nb::dict out;
  out["n_train"] = r.n_train;
  out["n_valid"] = r.n_valid;
  out["params"] = r.params;
  out["epochs"] = r.epochs;
  out["best_epoch"] = r.best_epoch;
  out["stop_reason"] = r.stop_reason;
  out["seconds"] = r.seconds;
  out["options"] = r.options;
  out["made"] = r.made;
  out["other"] = r.other;
  out["history"] = epochs;
  return out;
}

namespace {

using Training = std::function<api::Further(const api::Options&, const api::Hooks&)>;

// `follow` is (progress, message, whether an interrupted training gives its model so far).
nb::tuple train(const nb::dict& given, const nb::tuple& follow, const Training& training) {
  const api::Options options = options_of(given);
  std::atomic<bool> stop{false};
  Callbacks callbacks(follow[0], follow[1], stop);
  const api::Hooks hooks = callbacks.hooks();
  std::optional<api::Further> trained;
  const auto keep = [&] {
    return nb::cast<bool>(follow[2]) && trained && trained->report.epochs > 0;
  };
  run_watched(
      stop, [&] { trained.emplace(training(options, hooks)); }, keep);
  callbacks.raise();
  return nb::make_tuple(nb::cast(std::move(trained->model)), to_dict(trained->report));
}

nb::tuple fit(const PySamples& s, const nb::dict& given, const nb::tuple& follow) {
  return train(given, follow, [&](const api::Options& options, const api::Hooks& hooks) {
    api::FitReport report;
    api::Model model = api::fit(s.samples, options, hooks, &report);
    return api::Further{std::move(model), std::move(report)};
  });
}

nb::tuple fit_further(const api::Model& model, const PySamples& s, const nb::dict& given,
                      const nb::tuple& follow) {
  return train(given, follow, [&](const api::Options& options, const api::Hooks& hooks) {
    return api::fit_further(model, s.samples, options, hooks);
  });
}

nb::ndarray<nb::numpy, double> predict(const api::Model& model, const PySamples& s, int threads) {
  std::atomic<bool> stop{false};
  std::vector<double> p;
  run_watched(stop, [&] { p = api::predictions(model, s.samples, threads); });
  return new_array(std::move(p), {s.samples.size(), model.columns().size()});
}

using Probabilities = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

nb::ndarray<nb::numpy, int> decide(const api::Model& model, const Probabilities& p) {
  if (p.shape(1) != model.columns().size()) throw nb::value_error("one column a class");
  auto classes = api::decide(model, {p.data(), p.data() + p.size()});
  const std::size_t n = classes.size();
  return new_array(std::move(classes), {n});
}

nb::bytes to_bytes(const api::Model& model) {
  const std::string bytes = model.bytes();
  return nb::bytes(bytes.data(), bytes.size());
}

api::Model from_bytes(const nb::bytes& bytes, const std::string& name) {
  return api::Model::from_bytes({bytes.c_str(), bytes.size()}, name);
}

}  // namespace

void add_model(nb::module_& module) {
  module.def("fit", &fit, nb::arg("samples"), nb::arg("options"), nb::arg("follow"),
             "(model, report) of a training on all samples.");
  module.def("fit_further", &fit_further, nb::arg("model"), nb::arg("samples"), nb::arg("options"),
             nb::arg("follow"), "(model, report) of a further training of its networks.");
  nb::class_<api::Model>(module, "Model", "A fitted model.")
      .def_static("load", &api::Model::load, nb::arg("path"),
                  nb::call_guard<nb::gil_scoped_release>())
      .def("save", &api::Model::save, nb::arg("path"))
      .def("to_bytes", &to_bytes)
      .def_static("from_bytes", &from_bytes, nb::arg("bytes"), nb::arg("name"))
      .def_prop_ro("classes", [](const api::Model& m) { return m.classes(); })
      .def_prop_ro("columns", [](const api::Model& m) { return m.columns(); })
      .def("predict", &predict, nb::arg("samples"), nb::arg("threads"))
      .def("decide", &decide, nb::arg("probability"));
}

}  // namespace refrain::bind

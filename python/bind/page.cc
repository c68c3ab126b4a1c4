// Pages of runs and of trainings (api/page.h).
#include "refrain/api/page.h"

#include <nanobind/stl/string.h>

#include "bind/parts.h"
#include "refrain/api/runs.h"

namespace refrain::bind {
namespace {

std::string report_page(const std::string& subject, const std::string& store,
                        const std::string& language) {
  const nb::gil_scoped_release release;
  api::PageJob job;
  job.subject = subject, job.store = store, job.language = language;
  return api::report_page(job);
}

std::string board_page(const std::string& store, const std::string& data,
                       const std::string& language) {
  api::BoardFilter filter;
  filter.data = data;
  const nb::gil_scoped_release release;
  return api::board_page(store, filter, language);
}

// The report of fit(), as a dict.
api::FitReport fit_report(const nb::dict& report) {
  api::FitReport r;
  const auto number = [](nb::handle dict, const char* key) {
    return nb::cast<double>(dict[nb::str(key)]);
  };
  r.n_train = nb::cast<int>(report["n_train"]);
  r.n_valid = nb::cast<int>(report["n_valid"]);
  r.params = nb::cast<long long>(report["params"]);
  r.best_epoch = nb::cast<int>(report["best_epoch"]);
  r.stop_reason = nb::cast<std::string>(report["stop_reason"]);
  r.seconds = nb::cast<double>(report["seconds"]);
  r.options = nb::cast<std::string>(report["options"]);
  const auto words = [&](const char* key) {
    return report.contains(key) ? nb::cast<std::string>(report[key]) : std::string();
  };
  r.made = words("made");
  r.other = words("other");
  for (const nb::handle line : report["history"]) {
    api::EpochLine e;
    e.epoch = nb::cast<int>(line[nb::str("epoch")]);
    e.loss = number(line, "loss");
    e.lr = number(line, "lr");
    e.has_valid = nb::cast<nb::dict>(line).contains("valid_score");
    if (e.has_valid) {
      e.valid_score = number(line, "valid_score");
      e.valid_loss = number(line, "valid_loss");
    }
    r.history.push_back(e);
  }
  return r;
}

std::string fit_page(const nb::dict& report, const std::string& task, const std::string& model) {
  return api::fit_page(fit_report(report), task, model);
}

std::string samples_page(const api::Model& model, const PySamples& s, const nb::dict& report) {
  const api::FitReport r = fit_report(report);
  const nb::gil_scoped_release release;
  return api::samples_page(model, s.samples, r);
}

}  // namespace

void add_page(nb::module_& module) {
  module.def("report_page", &report_page, nb::arg("subject"), nb::arg("store"), nb::arg("language"),
             "The page of a stored run or of a model file.");
  module.def("board_page", &board_page, nb::arg("store"), nb::arg("data"), nb::arg("language"),
             "The board as a page.");
  module.def("fit_page", &fit_page, nb::arg("report"), nb::arg("task"), nb::arg("model"),
             "The page of a training in memory.");
  module.def("samples_page", &samples_page, nb::arg("model"), nb::arg("samples"), nb::arg("report"),
             "The page of a model on labelled samples.");
}

}  // namespace refrain::bind

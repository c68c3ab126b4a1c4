#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bind/parts.h"

namespace refrain::bind {

PySamples::PySamples(const nb::list& series, int channels) {
  samples.channels = channels;
  arrays_.reserve(series.size());
  for (const nb::handle item : series) {
    arrays_.push_back(nb::cast<SeriesArray>(item));
    samples.series.push_back({arrays_.back().data(), arrays_.back().shape(0)});
  }
}

PySamples::PySamples(const nb::list& sounds, std::vector<int> rates) : PySamples(sounds, 1) {
  if (rates.size() != samples.series.size()) throw nb::value_error("one rate a recording");
  samples.rates = std::move(rates);
}

PySamples::PySamples(const nb::list& texts) {
  samples.text = true;
  samples.texts.reserve(texts.size());
  for (const nb::handle item : texts) {
    Py_ssize_t size = 0;
    const char* bytes = PyUnicode_AsUTF8AndSize(item.ptr(), &size);
    if (bytes == nullptr) throw nb::python_error();
    samples.texts.emplace_back(bytes, static_cast<std::size_t>(size));
  }
}

namespace {

// Waits for the end of the work; true where a signal came up in the meantime.
class Waiting {
 public:
  void finish() {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_one();
  }
  bool wait_a_moment() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(50), [this] { return done_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

}  // namespace

void run_watched(std::atomic<bool>& stop, const std::function<void()>& work,
                 const std::function<bool()>& keep) {
  std::exception_ptr failure, signal;
  {
    const nb::gil_scoped_release released;
    Waiting waiting;
    std::thread worker([&] {
      try {
        work();
      } catch (...) {
        failure = std::current_exception();
      }
      waiting.finish();
    });
    while (!waiting.wait_a_moment()) {
      const nb::gil_scoped_acquire held;
      if (signal != nullptr || PyErr_CheckSignals() == 0) continue;
      stop = true;
      signal = std::make_exception_ptr(nb::python_error());
    }
    worker.join();
  }
  const bool kept = failure == nullptr && keep && keep();
  if (signal != nullptr && !kept) std::rethrow_exception(signal);
  if (failure != nullptr) std::rethrow_exception(failure);
}

void add_samples(nb::module_& module) {
  module.def(
      "read_recording",
      [](const std::string& path) {
        api::Recording read = api::read_recording(path);
        const std::size_t size = read.samples.size();
        return nb::make_tuple(new_array(std::move(read.samples), {size}), read.rate);
      },
      nb::arg("path"), "(samples [n], rate) of a WAV, FLAC or OGG file.");
  module.def(
      "validate", [](const PySamples& s) { return api::validate(s.samples); }, nb::arg("samples"));
  nb::class_<PySamples>(module, "Samples", "Series or texts, with what belongs to each of them.")
      .def(nb::init<const nb::list&, int>(), nb::arg("series"), nb::arg("channels"))
      .def(nb::init<const nb::list&, std::vector<int>>(), nb::arg("sounds"), nb::arg("rates"))
      .def(nb::init<const nb::list&>(), nb::arg("texts"))
      .def("__len__", [](const PySamples& s) { return s.samples.size(); })
      .def_prop_rw(
          "labels", [](const PySamples& s) { return s.samples.labels; },
          [](PySamples& s, std::vector<std::string> labels) {
            s.samples.labels = std::move(labels);
          })
      .def_prop_rw(
          "classes", [](const PySamples& s) { return s.samples.classes; },
          [](PySamples& s, std::vector<std::string> classes) {
            s.samples.classes = std::move(classes);
          })
      .def_prop_rw(
          "label_kind", [](const PySamples& s) { return s.samples.label_kind; },
          [](PySamples& s, std::string kind) { s.samples.label_kind = std::move(kind); })
      .def_prop_rw(
          "given", [](const PySamples& s) { return s.samples.given; },
          [](PySamples& s, std::string given) { s.samples.given = std::move(given); })
      .def(
          "validate_with", [](PySamples& s, const PySamples& v) { s.samples.valid = &v.samples; },
          nb::arg("valid"), nb::keep_alive<1, 2>(), "Samples that stop the training early.")
      .def_prop_rw(
          "offset", [](const PySamples& s) { return s.samples.offset; },
          [](PySamples& s, std::vector<double> offset) { s.samples.offset = std::move(offset); })
      .def_prop_rw(
          "groups", [](const PySamples& s) { return s.samples.groups; },
          [](PySamples& s, std::vector<std::string> groups) {
            s.samples.groups = std::move(groups);
          })
      .def_prop_rw(
          "weights", [](const PySamples& s) { return s.samples.weights; },
          [](PySamples& s, std::vector<double> weights) {
            s.samples.weights = std::move(weights);
          });
}

}  // namespace refrain::bind

// The parts of the extension module refrain._core: a thin door to api/, without logic of its own.
// Long work runs in a thread of its own without the interpreter's lock, while the calling thread
// answers Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "refrain/api/memory.h"
#include "refrain/api/options.h"

namespace refrain::bind {

namespace nb = nanobind;

// Each adds its names to the module.
void add_errors(nb::module_& module);
void add_options(nb::module_& module);
void add_samples(nb::module_& module);
void add_model(nb::module_& module);
void add_inspect(nb::module_& module);
void add_augment(nb::module_& module);
void add_language(nb::module_& module);
void add_forecast(nb::module_& module);
void add_tagging(nb::module_& module);
void add_sources(nb::module_& module);
void add_page(nb::module_& module);
void add_trial(nb::module_& module);
void add_read(nb::module_& module);
void add_replies(nb::module_& module);

using SeriesArray = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// Samples with the Python objects that their numbers belong to.
class PySamples {
 public:
  PySamples(const nb::list& series, int channels);  // arrays [T,C] of float32
  // recordings: arrays [n,1] and the samples a second of each
  PySamples(const nb::list& sounds, std::vector<int> rates);
  explicit PySamples(const nb::list& texts);

  api::Samples samples;

 private:
  std::vector<SeriesArray> arrays_;
};

// An option as it is declared.
nb::dict to_dict(const api::OptionInfo& option);
// What there is to say of a training.
nb::dict to_dict(const api::FitReport& report);

// Options by name, values as text.
api::Options options_of(const nb::dict& given);

// Runs `work` without the interpreter's lock. A signal whose handler raises (Ctrl-C) sets `stop`
// and is raised here once the work is over, unless `keep` then says that its result stands.
void run_watched(std::atomic<bool>& stop, const std::function<void()>& work,
                 const std::function<bool()>& keep = {});

// "lower --lr, or set --clip-norm 1" -> "lower lr, or set clip_norm=1".
std::string python_names(std::string text);

// A new array that takes the numbers over, of this shape.
template <class T>
nb::ndarray<nb::numpy, T> new_array(std::vector<T> values,
                                    std::initializer_list<std::size_t> shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(kept->data(), shape.size(), shape.begin(), owner);
}

}  // namespace refrain::bind

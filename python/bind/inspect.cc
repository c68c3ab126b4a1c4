// Looking into models and making them of parts (api/inspect.h).
#include "refrain/api/inspect.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind/parts.h"
#include "refrain/api/explain.h"

namespace refrain::bind {
namespace {

nb::object as_numpy(api::Array array) {
  auto* kept = new std::vector<float>(std::move(array.values));
  const nb::capsule owner(kept,
                          [](void* p) noexcept { delete static_cast<std::vector<float>*>(p); });
  return nb::cast(
      nb::ndarray<nb::numpy, float>(kept->data(), array.shape.size(), array.shape.data(), owner));
}

// Read-only views of the model's own numbers, which stay alive with them.
nb::dict parameters(nb::handle self, int member) {
  const auto& model = nb::cast<const api::Model&>(self);
  nb::dict out;
  for (const auto& p : api::parameters(model, member)) {
    const std::size_t shape[] = {p.rows, p.columns};
    const std::int64_t strides[] = {static_cast<std::int64_t>(p.stride),
                                    static_cast<std::int64_t>(p.step)};
    const std::size_t rank = p.columns == 0 ? 1 : 2;
    out[nb::str(p.name.c_str())] =
        nb::ndarray<nb::numpy, const float>(p.values, rank, shape, self, strides);
  }
  return out;
}

nb::list activations(const api::Model& model, int member, const PySamples& s) {
  std::atomic<bool> stop{false};
  std::vector<std::vector<api::Array>> found;
  run_watched(stop, [&] { found = api::activations(model, member, s.samples); });
  nb::list out;
  for (auto& sample : found) {
    nb::dict arrays;
    for (auto& a : sample) {
      const nb::str name(a.name.c_str());
      arrays[name] = as_numpy(std::move(a));
    }
    out.append(arrays);
  }
  return out;
}

nb::list input_gradients(const api::Model& model, int member, const PySamples& s,
                         const std::vector<int>& classes) {
  std::atomic<bool> stop{false};
  std::vector<api::Array> found;
  run_watched(stop, [&] { found = api::input_gradients(model, member, s.samples, classes); });
  nb::list out;
  for (auto& a : found) out.append(as_numpy(std::move(a)));
  return out;
}

using Numbers = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;

api::Array array_of(const std::string& name, const Numbers& numbers) {
  api::Array out{name, {}, {numbers.data(), numbers.data() + numbers.size()}};
  for (std::size_t i = 0; i < numbers.ndim(); ++i) out.shape.push_back(numbers.shape(i));
  return out;
}

// `features` is {"mean", "std"} of series or {"words"} of texts, and {"label_kind"}.
api::Model assemble(const nb::dict& options, const nb::dict& features,
                    const std::vector<std::string>& labels, const nb::dict& tensors) {
  api::NetworkParts parts;
  parts.options = options_of(options);
  parts.labels = labels;
  if (features.contains("label_kind")) {
    parts.label_kind = nb::cast<std::string>(features["label_kind"]);
  }
  if (features.contains("words")) {
    parts.words = nb::cast<std::vector<std::string>>(features["words"]);
  } else {
    parts.mean = nb::cast<std::vector<double>>(features["mean"]);
    parts.std = nb::cast<std::vector<double>>(features["std"]);
  }
  for (const auto& [name, value] : tensors) {
    parts.tensors.push_back(array_of(nb::cast<std::string>(name), nb::cast<Numbers>(value)));
  }
  return api::model_of_parts(parts);
}

}  // namespace

void add_inspect(nb::module_& module) {
  module.def("assemble", &assemble, nb::arg("options"), nb::arg("features"), nb::arg("labels"),
             nb::arg("tensors"), "A model of a network's parts.");
  module.def("describe", &api::describe, nb::arg("model"), "What a model is, as JSON.");
  module.def("parameters", &parameters, nb::arg("model"), nb::arg("member"));
  module.def(
      "word_ids",
      [](const api::Model& m, const PySamples& s) { return api::word_ids(m, s.samples); },
      nb::arg("model"), nb::arg("samples"));
  module.def(
      "spellings",
      [](const api::Model& m, const PySamples& s) {
        nb::list out;
        for (const auto& one : api::spellings(m, s.samples)) {
          out.append(nb::make_tuple(one.letters, one.shapes));
        }
        return out;
      },
      nb::arg("model"), nb::arg("samples"), "(letters of each word, shapes) of each text.");
  module.def(
      "explain",
      [](const api::Model& m, const PySamples& s, const std::string& method,
         const std::string& target, int segments, int draws, int seed, bool checks, int threads,
         const PySamples* training, bool states) {
        api::ExplainChoice choice;
        choice.method = method, choice.target = target, choice.samples = 0;
        choice.segments = segments, choice.draws = draws, choice.seed = seed;
        choice.checks = checks, choice.states = states;
        const api::Samples* known = training == nullptr ? nullptr : &training->samples;
        std::string found;
        std::atomic<bool> stop{false};
        run_watched(stop,
                    [&] { found = api::explain(m, s.samples, choice, threads, known).json(); });
        return found;
      },
      nb::arg("model"), nb::arg("samples"), nb::arg("method"), nb::arg("target"),
      nb::arg("segments"), nb::arg("draws"), nb::arg("seed"), nb::arg("checks"), nb::arg("threads"),
      nb::arg("training").none(), nb::arg("states"), "Scores of words or steps, as JSON.");
  module.def("activations", &activations, nb::arg("model"), nb::arg("member"), nb::arg("samples"));
  module.def("input_gradients", &input_gradients, nb::arg("model"), nb::arg("member"),
             nb::arg("samples"), nb::arg("classes"));
}

}  // namespace refrain::bind

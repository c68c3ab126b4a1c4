#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "bind/parts.h"
#include "refrain/api/tagging.h"

namespace refrain::bind {
namespace {

using Span = std::tuple<int, int, std::string>;

void give_words(PySamples& s, std::vector<std::vector<std::string>> words) {
  s.samples.text = s.samples.in_words = true;
  s.samples.words = std::move(words);
}

void give_spans(PySamples& s, const std::vector<std::vector<Span>>& spans) {
  s.samples.in_spans = true;
  s.samples.spans.clear();
  for (const auto& list : spans) {
    auto& own = s.samples.spans.emplace_back();
    for (const auto& [begin, end, label] : list) own.push_back({begin, end, label});
  }
}

// Of each sample (tags, spans, places of words in a raw text or None, its label or "").
nb::list tag(const api::Model& model, const PySamples& s, int threads) {
  std::atomic<bool> stop{false};
  std::vector<api::Tagged> answers;
  run_watched(stop, [&] { answers = api::tag(model, s.samples, threads); });
  nb::list out;
  for (const auto& a : answers) {
    nb::list spans;
    for (const auto& span : a.spans) {
      spans.append(nb::make_tuple(span.begin, span.end, span.label));
    }
    nb::list places;
    for (std::size_t i = 0; i < a.begin.size(); ++i) {
      places.append(nb::make_tuple(a.begin[i], a.end[i]));
    }
    out.append(nb::make_tuple(a.tags, spans, places, a.label));
  }
  return out;
}

nb::list marginals(const api::Model& model, const PySamples& s, int threads) {
  std::atomic<bool> stop{false};
  std::vector<std::vector<double>> found;
  run_watched(stop, [&] { found = api::tag_marginals(model, s.samples, threads); });
  const std::size_t K = api::tagger_form(model).tags.size();
  nb::list out;
  for (auto& rows : found) {
    const std::size_t steps = rows.size() / K;
    out.append(new_array(std::move(rows), {steps, K}));
  }
  return out;
}

double score(const api::Model& model, const PySamples& s, int threads) {
  std::atomic<bool> stop{false};
  double out = 0;
  run_watched(stop, [&] { out = api::tag_score(model, s.samples, threads); });
  return out;
}

}  // namespace

void add_tagging(nb::module_& module) {
  module.def("give_words", &give_words, nb::arg("samples"), nb::arg("words"),
             "Puts lists of words in place of texts.");
  module.def(
      "give_tags",
      [](PySamples& s, std::vector<std::vector<std::string>> tags) {
        s.samples.tags = std::move(tags);
      },
      nb::arg("samples"), nb::arg("tags"));
  module.def("give_spans", &give_spans, nb::arg("samples"), nb::arg("spans"),
             "Puts (start, end, label) of raw texts in place of tags.");
  module.def("tag", &tag, nb::arg("model"), nb::arg("samples"), nb::arg("threads"));
  module.def("tag_marginals", &marginals, nb::arg("model"), nb::arg("samples"), nb::arg("threads"));
  module.def("tag_score", &score, nb::arg("model"), nb::arg("samples"), nb::arg("threads"));
  module.def(
      "tagger_form",
      [](const api::Model& model) {
        const auto form = api::tagger_form(model);
        return nb::make_tuple(form.spans, form.texts, form.tags, form.labels);
      },
      nb::arg("model"), "(whether tags mark spans, whether texts are read, the tags, the labels).");
}

}  // namespace refrain::bind

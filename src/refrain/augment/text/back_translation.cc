// Texts in the words in which a translator gives them back (round_trips.h). The translators run
// once, over all training texts, before the first epoch. It stands first in a specification, or
// finds the text as it was before other steps changed it.
#include <memory>

#include "refrain/augment/list.h"
#include "refrain/augment/pool.h"
#include "refrain/augment/text/round_trips.h"

namespace refrain::augment {
namespace {

struct BackTranslation {
  RoundTripSpec trip;
  std::shared_ptr<const RoundTrips> trips = nullptr;  // made ready by prepare()
};

base::Fields<RoundTripSpec> trip_fields() {
  return base::Fields<RoundTripSpec>()
      .field("there", &RoundTripSpec::there,
             "command that translates: it reads lines and writes as many; it is run once. Or the "
             "file of a model that 'refrain train --task translate' wrote")
      .field("back", &RoundTripSpec::back, "command or model that translates back")
      .field("model", &RoundTripSpec::model,
             "with --task translate: a model of the other direction; it makes sources for target "
             "texts (Sennrich et al. 2016)")
      .field("texts", &RoundTripSpec::texts,
             "with model: file of texts of the target language, a line each; by default the "
             "training targets")
      .field("forward", &RoundTripSpec::forward,
             "with model: a model of this direction; made sources whose translation is not like "
             "the text (see likeness) are left out")
      .field("tagged", &RoundTripSpec::tagged,
             "with model: mark made sources for the network (Caswell et al. 2019)")
      .field("cache", &RoundTripSpec::cache, "file that keeps the translations for later runs")
      .field("likeness", &RoundTripSpec::likeness, 0, 1,
             "required share of common character trigrams between a round trip and its source");
}

std::string prepare(BackTranslation& spec, const Pool& pool) {
  std::vector<std::string> texts;
  for (const data::Sample& sample : pool.dataset().samples) {  // all folds in one run
    if (!sample.tags.empty()) {
      throw Error(Code::kUsage, "it cannot keep the tags of words",
                  "for tagged text use entity_swap or synonym_replacement");
    }
    for (const auto& value : sample.streams) {
      if (const auto* text = std::get_if<std::string>(&value)) texts.push_back(*text);
    }
  }
  auto trips = std::make_shared<RoundTrips>(round_trips(spec.trip, texts));
  const std::string summary = trips->summary();
  spec.trips = std::move(trips);
  return summary;
}

// The text of the pool's sample that this one was made from, where it can be told.
const std::string* original(const std::string& text, const data::Sample& sample, const Draw& draw) {
  if (draw.self < 0 || draw.self >= draw.pool.size()) return nullptr;
  const auto& streams = draw.pool[draw.self].streams;
  for (std::size_t i = 0; i < sample.streams.size() && i < streams.size(); ++i) {
    if (std::get_if<std::string>(&sample.streams[i]) == &text) {
      return std::get_if<std::string>(&streams[i]);
    }
  }
  return nullptr;
}

void apply_back_translation(const BackTranslation& spec, std::string& text, data::Sample& sample,
                            Draw& draw) {
  if (!spec.trips) return;
  const std::string* source = original(text, sample, draw);
  const auto found = spec.trips->texts.find(source != nullptr ? *source : text);
  if (found != spec.trips->texts.end()) text = found->second;
}

}  // namespace

Kind back_translation() {
  return make_kind(base::Fields<BackTranslation>().include(&BackTranslation::trip, trip_fields()),
                   &apply_back_translation, &prepare);
}

}  // namespace refrain::augment

#include "refrain/augment/usual.h"

#include "refrain/augment/parse.h"
#include "refrain/augment/pipeline.h"
#include "refrain/augment/text/edits.h"
#include "refrain/data/streams.h"

namespace refrain::augment {
namespace {

constexpr const char* kSeries[] = {
    "one_of(window_warp, time_warp, p=0.9)",
    "some_of(window_warp, time_warp, window_slice, scale, time_shift, n=1..2, p=0.8)"};
constexpr const char* kText[] = {"one_of(random_insertion(alpha=0.3), word_dropout, p=0.9)",
                                 "word_dropout(p=0.5)"};
constexpr const char* kSound[] = {
    ("time_stretch(p=0.5) | gain(p=0.5) | high_pass(p=0.3) | low_pass(p=0.3) | "
     "add_noise(snr=10..40, p=0.3)"),
    "speed(p=0.5) | spec_augment(p=0.5)", "low_pass(p=0.3) | high_pass(p=0.3) | gain(p=0.5)"};

}  // namespace

std::vector<std::string> usual(data::StreamKind kind) {
  std::vector<std::string> list;
  const auto add = [&](const char* spec) {
    for (const auto& step : parse_text(spec).parts) {
      const bool group = !step.parts.empty();
      for (const auto& part : group ? step.parts : std::vector<Step>{step}) {
        if (operations().find(part.name) == nullptr) return;
      }
    }
    list.push_back(Pipeline::from(spec).text());
  };
  if (kind == data::StreamKind::kText) {
    for (const char* spec : kText) add(spec);
  } else if (kind == data::StreamKind::kSound) {
    for (const char* spec : kSound) add(spec);
  } else {
    for (const char* spec : kSeries) add(spec);
  }
  return list;
}

std::vector<std::string> usual_of(const data::Dataset& dataset) {
  if (dataset.front != nullptr) return usual(data::StreamKind::kSound);
  std::vector<std::string> list;
  for (const auto kind : {data::StreamKind::kSeries, data::StreamKind::kText}) {
    if (!data::has_any(dataset.streams, kind)) continue;
    for (auto& spec : usual(kind)) list.push_back(std::move(spec));
  }
  return list;
}

std::string usual_meanings(const Pool& pool) {
  const bool wanted =
      pool.size() > 0 && data::has_any(pool.dataset().streams, data::StreamKind::kText);
  return wanted && has_wordnet() && is_english(pool) ? "wordnet" : "";
}

}  // namespace refrain::augment

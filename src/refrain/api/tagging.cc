#include "refrain/api/tagging.h"

#include <algorithm>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/threads.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/data/words.h"
#include "refrain/score/spans.h"
#include "refrain/task/tag/goal.h"

namespace refrain::api {
namespace {

const task::TagGoal& tag_goal(const Model& model) {
  const auto* goal = dynamic_cast<const task::TagGoal*>(model.impl().model.goal.get());
  if (goal != nullptr) return *goal;
  throw Error(Code::kUnsupported, "the model answers with " + model.task() + ", not with tags",
              "train one with --task tag");
}

// Where the words or steps of a sample are.
void put_places(const data::Sample& sample, Tagged& out) {
  const data::RawText* raw = data::raw_of(sample);
  out.words = data::words_at_blanks(sample);
  out.raw = raw != nullptr;
  if (raw != nullptr) {
    out.text = raw->text;
    out.begin = raw->begin;
    out.end = raw->end;
    return;
  }
  for (int i = 0; i < static_cast<int>(out.tags.size()); ++i) {
    out.begin.push_back(i);
    out.end.push_back(i + 1);
  }
}

Tagged tagged(const data::Sample& sample, const std::string& decided,
              const std::vector<double>& sure, bool spans) {
  Tagged out;
  out.id = sample.id;
  out.tags = task::split_tags(decided);
  out.probability = sure;
  put_places(sample, out);
  if (!spans) return out;
  for (const auto& span : score::spans_of(out.tags)) {
    const auto first = static_cast<std::size_t>(span.begin),
               last = static_cast<std::size_t>(span.end) - 1;
    const auto of = sure.begin() + span.begin;
    out.spans.push_back({out.begin[first], out.end[last], span.type,
                         *std::min_element(of, sure.begin() + span.end)});
  }
  return out;
}

std::vector<Tagged> tag_all(const Model& model, const data::Dataset& d, int threads) {
  const auto said = model.impl().model.answer({d, all_of(d)}, threads);
  std::vector<Tagged> out;
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    out.push_back(
        tagged(d.samples[i], said.decided[i], said.confidence[i], tag_goal(model).of_spans()));
    if (!said.labels.empty()) out.back().label = said.labels[i];
  }
  return out;
}

int cores_or(int threads) { return threads == 0 ? base::core_count() : threads; }

bool is_empty_text(const data::Sample& sample) {
  return data::text_of(sample) != nullptr && data::words_at_blanks(sample).empty();
}

}  // namespace

TaggerForm tagger_form(const Model& model) {
  const task::TagGoal& goal = tag_goal(model);
  const auto& stream = model.impl().model.features.streams().front();
  return {goal.of_spans(), stream.kind == data::StreamKind::kText || stream.from_text,
          goal.codec().shown_names(), goal.labels()};
}

std::vector<Tagged> tag(const Model& model, const std::string& data, const Options& options,
                        const Hooks& hooks) {
  tag_goal(model);
  return tag_all(model, read_unlabelled_for(model, data, options, hooks), threads_of(options));
}

std::vector<Tagged> tag(const Model& model, const Samples& samples, int threads) {
  tag_goal(model);
  if (samples.size() == 0) return {};
  return tag_all(model, dataset_for(samples, model.impl().model), cores_or(threads));
}

std::vector<std::vector<double>> tag_marginals(const Model& model, const Samples& samples,
                                               int threads) {
  const task::TagCodec& codec = tag_goal(model).codec();
  std::vector<std::vector<double>> out;
  if (samples.size() == 0) return out;
  const data::Dataset d = dataset_for(samples, model.impl().model);
  const auto numbers = model.impl().model.predict({d, all_of(d)}, cores_or(threads));
  const double* row = numbers.data();
  const std::size_t width = tag_goal(model).columns().size();
  for (const auto& sample : d.samples) {
    const auto steps = static_cast<std::size_t>(data::step_count(sample));
    out.push_back(is_empty_text(sample) ? std::vector<double>() : codec.shown(row, steps, width));
    row += steps * width;
  }
  return out;
}

double tag_score(const Model& model, const Samples& samples, int threads) {
  const task::TagGoal& goal = tag_goal(model);
  data::Dataset d = dataset_for(samples, model.impl().model);
  if (!d.has_tags) throw Error(Code::kData, samples.name + " has no tags to compare with");
  data::settle_tags({goal.of_spans() ? "auto" : "plain", {}}, d);
  const auto answered = answer(model.impl().model, {d, all_of(d)}, cores_or(threads));
  answered.answers->check();
  const auto metrics = answered.answers->metrics();
  return metrics.front().value(*answered.answers);
}

}  // namespace refrain::api

#include "refrain/explain/tag_question.h"

#include <algorithm>

#include "refrain/data/words.h"
#include "refrain/score/spans.h"

namespace refrain::explain {
namespace {

const task::TagGoal& tag_goal_of(const task::Model& model) {
  const auto* goal = dynamic_cast<const task::TagGoal*>(model.goal.get());
  if (goal != nullptr) return *goal;
  throw Error(Code::kUnsupported, "the model answers no tags");
}

}  // namespace

std::vector<AskedSpan> spans_in(const std::vector<std::string>& tags, bool of_spans) {
  std::vector<AskedSpan> out;
  const auto found = of_spans ? score::span_views(tags) : score::runs_of(tags, nullptr);
  for (const auto& span : found) {
    out.push_back({span.begin,
                   span.end,
                   std::string(span.type),
                   {tags.begin() + span.begin, tags.begin() + span.end}});
  }
  return out;
}

TagQuestion::TagQuestion(const task::Model& model, const data::Dataset& form, Prepare prepare,
                         int threads)
    : ModelQuestion(model, form, std::move(prepare), threads), goal_(tag_goal_of(model)) {}

std::vector<AskedSpan> TagQuestion::answered(const data::Sample& sample) const {
  const data::Dataset d = dataset({sample});
  const auto said = model().goal->say({d, {0}}, answers({sample}));
  return spans_in(task::split_tags(said.decided.front()), goal_.of_spans());
}

void TagQuestion::ask(std::vector<AskedSpan> spans) {
  const auto known = goal_.codec().shown_names();
  std::erase_if(spans, [&](const AskedSpan& span) {
    return std::any_of(span.tags.begin(), span.tags.end(), [&](const auto& tag) {
      return std::find(known.begin(), known.end(), tag) == known.end();
    });
  });
  asked_ = std::move(spans);
}

std::vector<double> TagQuestion::values(std::vector<data::Sample> samples, int column) const {
  const AskedSpan& span = asked_[static_cast<std::size_t>(column)];
  const task::TagCodec& codec = goal_.codec();
  const auto names = codec.shown_names();
  const auto width = static_cast<std::size_t>(goal_.width());
  return in_portions(std::move(samples), [&](std::vector<data::Sample> some) {
    std::vector<std::size_t> steps;
    for (const auto& sample : some) {
      steps.push_back(static_cast<std::size_t>(data::step_count(sample)));
    }
    const auto numbers = answers(std::move(some));
    const double* row = numbers.data();
    std::vector<double> out;
    for (const std::size_t count : steps) {
      const auto shown = codec.shown(row, count, width);
      double sum = 0;
      for (int t = span.begin; t < span.end; ++t) {
        const auto& tag = span.tags[static_cast<std::size_t>(t - span.begin)];
        const auto place = std::find(names.begin(), names.end(), tag) - names.begin();
        sum += log_odds(
            shown[static_cast<std::size_t>(t) * names.size() + static_cast<std::size_t>(place)]);
      }
      out.push_back(sum / (span.end - span.begin));
      row += count * width;
    }
    return out;
  });
}

std::vector<std::pair<std::size_t, double>> TagQuestion::outputs(int column) const {
  const AskedSpan& span = asked_[static_cast<std::size_t>(column)];
  const auto numbers = goal_.codec().encode(span.tags);
  const auto width = static_cast<std::size_t>(goal_.codec().size());
  std::vector<std::pair<std::size_t, double>> out;
  for (int t = span.begin; t < span.end; ++t) {
    const int number = numbers[static_cast<std::size_t>(t - span.begin)];
    if (number < 0) continue;
    out.emplace_back(static_cast<std::size_t>(t) * width + static_cast<std::size_t>(number),
                     1.0 / (span.end - span.begin));
  }
  return out;
}

}  // namespace refrain::explain

#include "refrain/task/tag/goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/data/words.h"
#include "refrain/method/method.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/tag/problem.h"

namespace refrain::task {
namespace {

using data::EncodedTarget;

[[noreturn]] void refuse_lengths(const data::Sample& sample, std::size_t steps) {
  if (sample.tags.empty()) {
    throw Error(
        Code::kData,
        fmt::format("sample '{}' (line {}) has no words, or no tags", sample.id, sample.line),
        "take it out");
  }
  throw Error(Code::kData,
              fmt::format("sample '{}' (line {}) has {} tags for {} steps", sample.id, sample.line,
                          sample.tags.size(), steps),
              "give one tag to each word or step");
}

void softmax(double* x, int count) {
  const double most = *std::max_element(x, x + count);
  double total = 0;
  for (int i = 0; i < count; ++i) total += x[i] = std::exp(x[i] - most);
  for (int i = 0; i < count; ++i) x[i] /= total;
}

}  // namespace

TagGoal::TagGoal(TagParts parts)
    : parts_(std::move(parts)),
      codec_(parts_.tags, parts_.spans, parts_.closed),
      columns_(codec_.names()),
      rules_(codec_.rules()),
      judge_(codec_, static_cast<int>(parts_.labels.size())) {
  columns_.insert(columns_.end(), parts_.labels.begin(), parts_.labels.end());
}

std::vector<EncodedTarget> TagGoal::truths(const data::Subset& view) const {
  std::vector<EncodedTarget> out(static_cast<std::size_t>(view.size()));
  for (int i = 0; i < view.size(); ++i) {
    const auto steps = static_cast<std::size_t>(data::step_count(view[i]));
    if (view[i].tags.size() != steps) refuse_lengths(view[i], steps);
    auto& target = out[static_cast<std::size_t>(i)];
    target.tags = codec_.encode(view[i].tags);
    if (!parts_.labels.empty()) target.target = label_number(parts_.labels, view[i].label);
  }
  return out;
}

void TagGoal::put_targets(method::Training& training) const {
  for (int i = 0; i < training.samples.size(); ++i) {
    training.tags.push_back(codec_.encode(training.samples[i].tags));
  }
  training.tag_names = codec_.names();
}

std::unique_ptr<train::Problem> TagGoal::problem(const Network& network,
                                                 const std::vector<data::EncodedSample>& samples,
                                                 int n_train) const {
  return tag_problem(network, codec_, samples, n_train);
}

// Softmax, of labels and of steps without a chain.
void TagGoal::finish(double* numbers) const {
  if (!parts_.chain) softmax(numbers, codec_.size());
  if (!parts_.labels.empty()) softmax(numbers + codec_.size(), whole_columns());
}

// A method tells no labels.
std::vector<double> TagGoal::of_method(std::vector<double> answers) const {
  if (parts_.labels.empty()) return answers;
  const std::size_t tags = codec_.names().size(), width = columns_.size();
  std::vector<double> out(answers.size() / tags * width);
  for (std::size_t row = 0; row < answers.size() / tags; ++row) {
    std::copy_n(answers.begin() + static_cast<std::ptrdiff_t>(row * tags), tags,
                out.begin() + static_cast<std::ptrdiff_t>(row * width));
  }
  return out;
}

std::vector<double> TagGoal::adopt(const std::vector<double>& answers, const Goal& other) const {
  if (other.columns() == columns()) return answers;
  std::vector<int> place;
  for (const auto& name : other.columns()) {
    const auto found = std::find(columns().begin(), columns().end(), name);
    place.push_back(found == columns().end() ? -1 : static_cast<int>(found - columns().begin()));
  }
  const std::size_t theirs = place.size(), ours = columns().size();
  std::vector<double> out(answers.size() / theirs * ours);
  for (std::size_t row = 0; row < answers.size() / theirs; ++row) {
    for (std::size_t k = 0; k < theirs; ++k) {
      if (place[k] < 0) continue;
      out[row * ours + static_cast<std::size_t>(place[k])] = answers[row * theirs + k];
    }
  }
  return out;
}

void TagGoal::soften(EncodedTarget&, Row) const {
  throw Error(Code::kUnsupported, "--distil teaches classes, and tags are learned here",
              "leave it out");
}

void TagGoal::mix(const EncodedTarget&, const data::Target& made, EncodedTarget& out) const {
  out.tags = codec_.encode(made.tags);
}

const std::vector<std::string>& TagGoal::answer_columns() const {
  static const std::vector<std::string> kNone;
  return kNone;
}

Predictions TagGoal::say(const data::Subset& samples, std::vector<double> answers) const {
  Predictions out;
  const std::size_t K = columns_.size();
  const double* row = answers.data();
  for (int i = 0; i < samples.size(); ++i) {
    const auto steps = static_cast<std::size_t>(data::step_count(samples[i]));
    const std::string* text = data::text_of(samples[i]);
    const bool empty = text != nullptr && data::words_at_blanks(samples[i]).empty();
    const auto path = codec_.best(row, steps, columns_.size());
    if (!parts_.labels.empty()) {
      const double* p = row + codec_.size();
      out.labels.push_back(
          parts_.labels[static_cast<std::size_t>(std::max_element(p, p + whole_columns()) - p)]);
    }
    auto& sure = out.confidence.emplace_back();
    for (std::size_t t = 0; t < steps && !empty; ++t) {
      sure.push_back(std::clamp(row[t * K + static_cast<std::size_t>(path[t])], 0.0, 1.0));
    }
    out.decided.push_back(empty ? "" : join_tags(codec_.decode(path)));
    row += steps * K;
  }
  return out;
}

std::string TagGoal::decide(Row answer) const {
  return join_tags(codec_.decode(codec_.best(answer, 1, columns_.size())));
}

std::unique_ptr<score::Answers> TagGoal::answers(const data::Subset& view, Predictions said) const {
  auto out = std::make_unique<score::Tagging>();
  out->spans = codec_.spans();
  std::vector<score::Tags> words;
  bool texts = true;
  for (int i = 0; i < view.size(); ++i) {
    out->truth.push_back(split_tags(join_tags(view[i].tags)));  // spelled as the others
    out->predicted.push_back(split_tags(said.decided[static_cast<std::size_t>(i)]));
    texts = texts && data::text_of(view[i]) != nullptr;
    if (texts) words.push_back(data::words_at_blanks(view[i]));
  }
  out->confidence = std::move(said.confidence);
  if (!said.labels.empty()) {
    for (int i = 0; i < view.size(); ++i) out->label_truth.push_back(view[i].label);
    out->label_predicted = std::move(said.labels);
  }
  if (texts && codec_.spans() && !parts_.known.empty()) out->mark_seen(words, parts_.known);
  return out;
}

// Spans of types, or tags, and how often each occurs.
std::string TagGoal::foreign(const data::Subset& samples) const {
  std::set<std::string> known;
  const auto name_of = [&](const std::string& tag) {
    return codec_.spans() && tag != "O" && data::is_span_tag(tag) ? tag.substr(2) : tag;
  };
  for (const auto& tag : codec_.tags()) known.insert(name_of(tag));
  std::map<std::string, int> counts;
  for (int i = 0; i < samples.size(); ++i) {
    for (const auto& tag : samples[i].tags) {
      const bool counts_once = !codec_.spans() || !tag.starts_with("I-");
      if (counts_once && !known.contains(name_of(tag))) ++counts[name_of(tag)];
    }
  }
  if (counts.empty()) return {};
  std::string list;
  for (const auto& [name, count] : counts) {
    list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", name, count);
  }
  const bool one = counts.size() == 1;
  return fmt::format("{}: training had no {} {} {}{}, which count{} as wrong: {}",
                     samples.dataset.path, codec_.spans() ? "spans of" : "steps with",
                     counts.size(), codec_.spans() ? "type" : "tag", one ? "" : "s",
                     codec_.spans() || !one ? "" : "s", list);
}

base::Json TagGoal::to_json() const {
  base::Json known = base::Json::array();
  for (const auto& [words, type] : parts_.known) known.push_back({words, type});
  base::Json out = {{"tags", parts_.tags},
                    {"spans", parts_.spans},
                    {"closed", parts_.closed},
                    {"chain", parts_.chain},
                    {"known", std::move(known)}};
  if (!parts_.labels.empty()) out["labels"] = parts_.labels;
  return out;
}

namespace {

// Adds the tags and entities of some samples.
void collect(const data::Subset& view, std::set<std::string>& tags,
             std::set<score::Entity>& known) {
  for (int i = 0; i < view.size(); ++i) {
    tags.insert(view[i].tags.begin(), view[i].tags.end());
    const auto words = data::words_at_blanks(view[i]);
    if (words.size() == view[i].tags.size()) score::collect_entities(words, view[i].tags, known);
  }
}

bool mark_spans(const std::set<std::string>& tags) {
  return std::all_of(tags.begin(), tags.end(), [](const auto& t) { return data::is_span_tag(t); });
}

}  // namespace

std::shared_ptr<const Goal> fit_tag(const GoalParts& parts, const Spec& spec) {
  TagParts out;
  std::set<std::string> tags;
  collect(parts.training, tags, out.known);
  collect(parts.all, tags, out.known);
  out.spans = mark_spans(tags) && parts.training.dataset.tag_scheme != "plain";
  out.tags.assign(tags.begin(), tags.end());
  out.closed = out.spans && spec.tag.span_tags == "bioes";
  out.chain = spec.tag.head == "crf";
  if (!out.spans || parts.tested) out.known.clear();
  if (spec.tag.also == "label") {
    out.labels = labels_of(parts.all);
    for (auto& label : labels_of(parts.training)) out.labels.push_back(std::move(label));
    std::sort(out.labels.begin(), out.labels.end());
    out.labels.erase(std::unique(out.labels.begin(), out.labels.end()), out.labels.end());
    if (out.labels.size() < 2) {
      throw Error(Code::kData, parts.training.dataset.path + ": --also label needs two labels",
                  "leave it out where samples have tags alone");
    }
  }
  return std::make_shared<TagGoal>(std::move(out));
}

std::shared_ptr<const Goal> read_tag(const base::Json& head) {
  TagParts out;
  out.tags = head.at("tags").get<std::vector<std::string>>();
  out.spans = head.at("spans").get<bool>();
  out.closed = head.at("closed").get<bool>();
  out.chain = head.at("chain").get<bool>();
  for (const auto& entity : head.at("known")) {
    out.known.emplace(entity.at(0).get<std::string>(), entity.at(1).get<std::string>());
  }
  if (head.contains("labels")) out.labels = head.at("labels").get<std::vector<std::string>>();
  const std::set<std::string> once(out.tags.begin(), out.tags.end());
  if (once.size() != out.tags.size() || once.empty() || once.contains("") ||
      once.size() > TagCodec::kMostTags || (out.spans && !mark_spans(once)) ||
      out.labels.size() == 1 || !std::is_sorted(out.labels.begin(), out.labels.end())) {
    throw Error(Code::kData, "its tags are damaged");
  }
  return std::make_shared<TagGoal>(std::move(out));
}

void require_tags(const data::Subset& training) {
  std::set<std::string> tags;
  for (int i = 0; i < training.size(); ++i) {
    const auto steps = static_cast<std::size_t>(data::step_count(training[i]));
    if (training[i].tags.size() != steps) refuse_lengths(training[i], steps);
    tags.insert(training[i].tags.begin(), training[i].tags.end());
  }
  if (tags.size() > TagCodec::kMostTags) {
    throw Error(
        Code::kData,
        fmt::format("{}: the {} training samples have {} different tags, and at most {} can "
                    "be learned",
                    training.dataset.path, training.size(), tags.size(), TagCodec::kMostTags),
        "name the column of the tags with --tag-column");
  }
  if (tags.size() >= 2) return;
  throw Error(Code::kData,
              fmt::format("{}: all tags of the {} training samples are '{}'", training.dataset.path,
                          training.size(), tags.empty() ? "" : *tags.begin()),
              "tagging needs at least two tags; is --tag-column right?");
}

}  // namespace refrain::task

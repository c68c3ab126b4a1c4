#include "refrain/api/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/api/inside/explained.h"
#include "refrain/api/inside/explaining.h"
#include "refrain/api/inside/fix_list.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/base/nearest.h"
#include "refrain/explain/reading.h"
#include "refrain/explain/relatives.h"
#include "refrain/explain/tag_question.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

constexpr int kUsualSegments = 50, kUsualSegmentsOfOne = 20;  // of one channel
constexpr int kMostCutParts = 2500;  // of a series that is cut by channel, as a rule
constexpr const char* kNoRandomCheck =
    "No check with random weights was made: the model has members that are no networks.";
constexpr int kRelated = 5;              // training samples of each kind
constexpr std::size_t kBeginning = 200;  // bytes of a text

struct Asked {
  const task::Model& model;
  const ExplainChoice& choice;
  int threads = 1;
};

bool reads_text(const data::Dataset& d) {
  return d.streams.front().kind == data::StreamKind::kText;
}

std::string method_for(const ExplainChoice& choice, const data::Dataset& d) {
  if (!choice.method.empty()) return choice.method;
  return reads_text(d) ? "occlusion" : "rescaled";
}

// Texts that an encoder has read become texts again; what does it to changed ones.
explain::ModelQuestion::Prepare put_texts_back(const task::Model& model, int threads,
                                               data::Dataset& d) {
  if (d.streams.empty() || !d.streams.front().from_text) return {};
  const auto encoded = d.streams;
  d.streams = data::as_read(d.streams);
  for (auto& sample : d.samples) {
    sample.streams.front() = *sample.text;
    sample.text.reset();
    sample.mean_state.reset();
  }
  d.encoder.clear();
  return [&model, threads](data::Dataset& changed) {
    transformer::EncodingOf how = task::encoding_of(model);
    how.threads = threads;
    transformer::encode_texts(changed, how, {});
  };
}

explain::Cut cut_of(const explain::MethodEntry& method, const data::Dataset& d,
                    const data::Sample& sample, int segments) {
  explain::Cut cut;
  const auto* series = std::get_if<data::Series>(&sample.streams.front());
  if (series == nullptr) return cut;
  cut.segments = segments;
  const int usual = series->channels > 1 ? kUsualSegments : kUsualSegmentsOfOne;
  if (segments < 0) cut.segments = method.of_networks ? 0 : usual;
  const int runs = cut.segments > 0 ? std::min(cut.segments, series->steps) : series->steps;
  const bool sound = d.streams.front().from_sound;
  const bool many = std::int64_t{runs} * series->channels > kMostCutParts;
  cut.by_channel = !sound && (segments >= 0 || method.of_networks || !many);
  return cut;
}

int column_of(const Asked& asked, const explain::ModelQuestion& question,
              const data::Sample& sample) {
  const auto& classes = asked.model.goal->classes();
  const std::string& target = asked.choice.target;
  if (classes.empty() || target == "answer") return question.decided(sample);
  const std::string& wanted = target == "label" ? sample.label : target;
  const auto found = std::find(classes.begin(), classes.end(), wanted);
  if (found != classes.end()) return static_cast<int>(found - classes.begin());
  if (target == "label") return question.decided(sample);
  throw Error(Code::kUsage, fmt::format("--class: the model has no class '{}'", target),
              base::did_you_mean(target, classes));
}

// The model with random weights, where it has nothing but networks.
std::optional<task::Model> random_model(const task::Model& model) {
  for (const auto& m : model.members) {
    if (m.learner->network() == nullptr) return {};
  }
  task::Model out = task::parse_model(task::model_bytes(model), "a model with random weights");
  int seed = 0;
  for (auto& m : out.members) {
    auto* network = dynamic_cast<task::Network*>(m.learner.get());
    network->params().initialise(base::Rng(static_cast<std::uint64_t>(++seed)));
  }
  return out;
}

class Explaining {
 public:
  Explaining(const Asked& asked, data::Dataset& d)
      : asked_(asked),
        dataset_(d),
        prepare_(put_texts_back(asked.model, asked.threads, d)),
        scoring_(asked.choice, method_for(asked.choice, d)),
        question_(make_question(asked.model)) {
    out_.task = asked.model.goal->task();
    out_.method = method_for(asked.choice, d);
    const bool number = asked.model.goal->classes().empty() && !asked.model.goal->of_steps();
    out_.unit = number ? "units of the target" : "log odds";
    if (!reads_text(d)) out_.channels = d.streams.front().channel_names;
  }

  Explanations run() {
    if (asked_.choice.checks) random_ = random_model(asked_.model);
    if (random_) random_question_ = make_question(*random_);
    const int n = static_cast<int>(dataset_.samples.size());
    const int wanted = asked_.choice.samples > 0 ? std::min(n, asked_.choice.samples) : n;
    for (int i = 0; i < wanted; ++i) {
      const auto& sample = dataset_.samples[static_cast<std::size_t>(i)];
      asked_.model.goal->of_steps() ? explain_spans(sample) : explain_one(sample);
    }
    scoring_.judge(out_);
    if (asked_.choice.states) read_along();
    remark();
    return std::move(out_);
  }

 private:
  std::unique_ptr<explain::ModelQuestion> make_question(const task::Model& model) const {
    if (model.goal->of_steps()) {
      return std::make_unique<explain::TagQuestion>(model, dataset_, prepare_, asked_.threads);
    }
    return std::make_unique<explain::ModelQuestion>(model, dataset_, prepare_, asked_.threads);
  }

  explain::Subject subject_of(const data::Sample& sample) const {
    explain::Cut cut = cut_of(scoring_.method(), dataset_, sample, asked_.choice.segments);
    if (asked_.model.goal->of_steps()) cut.no_word = explain::kNoWord;
    return {asked_.model.features, sample, cut};
  }

  // An explanation of a column of this sample, without scores.
  Explanation begun(const data::Sample& sample, int column) const {
    Explanation e;
    e.id = sample.id;
    e.label = sample.label;
    e.value = question_->values({sample}, column).front();
    if (const auto* series = std::get_if<data::Series>(&sample.streams.front())) {
      e.steps = series->steps;
      e.channels = series->channels;
      e.values = series->values;
      e.sound = dataset_.streams.front().from_sound;
    }
    return e;
  }

  void explain_one(const data::Sample& sample) {
    const int column = column_of(asked_, *question_, sample);
    Explanation& e = out_.samples.emplace_back(begun(sample, column));
    const auto& classes = asked_.model.goal->classes();
    if (!classes.empty()) {
      e.target = classes[static_cast<std::size_t>(column)];
      e.answer = classes[static_cast<std::size_t>(question_->decided(sample))];
    }
    const explain::Subject subject = subject_of(sample);
    scoring_.put(scoring_.of(*question_, subject, column), random_question_.get(), e);
  }

  // Asks for the spans of a sample that are wanted.
  void ask_for_spans(const data::Sample& sample, explain::TagQuestion& question) const {
    const std::string& target = asked_.choice.target;
    const bool of_spans = asked_.model.goal->of_spans();
    auto spans =
        target == "label" ? explain::spans_in(sample.tags, of_spans) : question.answered(sample);
    if (target != "label" && target != "answer") {
      std::erase_if(spans, [&](const auto& span) { return span.type != target; });
    }
    question.ask(std::move(spans));
  }

  void explain_spans(const data::Sample& sample) {
    auto& question = dynamic_cast<explain::TagQuestion&>(*question_);
    const explain::Subject subject = subject_of(sample);
    if (subject.size() == 0) return;
    ask_for_spans(sample, question);
    if (auto* random = dynamic_cast<explain::TagQuestion*>(random_question_.get())) {
      random->ask(question.asked());
    }
    const auto& words = subject.words(0);
    for (std::size_t k = 0; k < question.asked().size(); ++k) {
      const auto& span = question.asked()[k];
      Explanation& e = out_.samples.emplace_back(begun(sample, static_cast<int>(k)));
      e.target = span.type;
      e.begin = span.begin;
      e.end = span.end;
      for (int t = span.begin; t < span.end && !words.empty(); ++t) {
        e.words += (e.words.empty() ? "" : " ") + words[static_cast<std::size_t>(t)];
      }
      scoring_.put(scoring_.of(question, subject, static_cast<int>(k)), random_question_.get(), e);
    }
  }

  // How each answer comes about, and the states on the way.
  void read_along() {
    out_.columns = asked_.model.goal->columns();
    std::vector<data::Sample> samples(
        dataset_.samples.begin(),
        dataset_.samples.begin() + static_cast<std::ptrdiff_t>(out_.samples.size()));
    auto paths = explain::state_paths(*question_, samples);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      auto cut = explain::beginnings(*question_, samples[i]);
      out_.samples[i].reading =
          AnswerPath{std::move(cut.steps),           std::move(cut.answer),
                     std::move(paths[i].size),       std::move(paths[i].speed),
                     std::move(paths[i].first_axis), std::move(paths[i].second_axis)};
    }
  }

  void remark() {
    double networks = 0, all = 0;
    for (const auto& m : asked_.model.members) {
      all += m.weight;
      networks += m.learner->network() != nullptr ? m.weight : 0;
    }
    if (scoring_.method().of_networks && networks < all) {
      out_.remarks.push_back(
          fmt::format("{} looks into the networks, which have {:.0f} % of the weight: the other "
                      "members have no part in it.",
                      out_.method, 100 * networks / all));
    }
    if (scoring_.method().of_networks && asked_.model.goal->chain_rules() != nullptr) {
      out_.remarks.push_back(
          "Gradients are those of the networks' scores of tags, before the chain above them.");
    }
    if (out_.checks && !random_) out_.remarks.push_back(kNoRandomCheck);
  }

  Asked asked_;
  data::Dataset& dataset_;
  explain::ModelQuestion::Prepare prepare_;
  ExplainScoring scoring_;
  std::unique_ptr<explain::ModelQuestion> question_;
  std::optional<task::Model> random_;
  std::unique_ptr<explain::ModelQuestion> random_question_;
  Explanations out_;
};

// The list of wrong labels by the training samples' lines and ids.
using Listed = std::map<std::pair<std::int64_t, std::string>, LabelCandidate>;

Listed listed_in(const ExplainChoice& choice) {
  Listed out;
  if (choice.fixes.empty()) return out;
  if (choice.train.empty()) {
    throw Error(Code::kUsage, "--fixes lists labels of the training file",
                "name that file with --train");
  }
  for (auto& c : listed_labels(choice.fixes, choice.train)) {
    if (c.flagged) out.try_emplace({c.line, c.id}, std::move(c));
  }
  return out;
}

// Puts the training samples that answers rest on into explanations, and which of them are on the
// list of wrong labels.
class Relating {
 public:
  Relating(const data::Dataset& training, Listed listed, Explanations& out)
      : training_(training), listed_(std::move(listed)), out_(out) {}

  void put(const explain::Relatives& found, Explanation& e) {
    e.nearest = related(found.nearest, e.id, &SuspectSample::near);
    e.supporting = related(found.supporting, e.id, &SuspectSample::supports);
    e.opposing = related(found.opposing, e.id, &SuspectSample::opposes);
  }

  void finish() {
    for (auto& [number, suspect] : suspects_) out_.suspects.push_back(std::move(suspect));
    const auto part = [](const SuspectSample& s) {
      return s.supports.size() + s.opposes.size() + s.near.size();
    };
    std::stable_sort(out_.suspects.begin(), out_.suspects.end(),
                     [&](const auto& x, const auto& y) { return part(x) > part(y); });
  }

 private:
  std::vector<RelatedSample> related(const std::vector<explain::Relative>& list,
                                     const std::string& id,
                                     std::vector<std::string> SuspectSample::*role) {
    std::vector<RelatedSample> out;
    for (const auto& r : list) {
      const data::Sample& sample = training_.samples[static_cast<std::size_t>(r.sample)];
      const std::string* text = data::text_of(sample);
      RelatedSample& one = out.emplace_back(
          RelatedSample{sample.id, sample.label, text != nullptr ? text->substr(0, kBeginning) : "",
                        r.value, ""});
      const auto suspect = listed_.find({sample.line, sample.id});
      if (suspect == listed_.end()) continue;
      const LabelCandidate& c = suspect->second;
      one.suggested = c.suggested;
      auto& kept = suspects_[r.sample];
      if (kept.id.empty())
        kept = {one.id, one.label, c.suggested, one.text, c.confidence, {}, {}, {}};
      (kept.*role).push_back(id);
    }
    return out;
  }

  const data::Dataset& training_;
  Listed listed_;
  Explanations& out_;
  std::map<int, SuspectSample> suspects_;
};

// A class, or a type of spans, that the model does not know.
void require_target(const task::Model& model, const std::string& target) {
  const auto* tags = dynamic_cast<const task::TagGoal*>(model.goal.get());
  if (tags == nullptr || target == "answer" || target == "label") return;
  std::vector<std::string> types;
  for (const auto& tag : tags->codec().tags()) {
    types.push_back(tags->of_spans() && tag.size() > 2 ? tag.substr(2) : tag);
  }
  if (std::find(types.begin(), types.end(), target) != types.end()) return;
  throw Error(Code::kUsage, fmt::format("--class: the model tags nothing as '{}'", target),
              base::did_you_mean(target, types));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> explanation_methods() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& item : explain::methods().items()) out.emplace_back(item.name, item.description);
  return out;
}

Explanations explain_samples(const task::Model& model, data::Dataset& samples,
                             const data::Dataset* training, const ExplainChoice& choice,
                             int threads) {
  require_target(model, choice.target);
  if (choice.states && model.goal->of_steps()) {
    throw Error(Code::kUnsupported, "--states is for models of classes and numbers",
                "leave it out: a tagger answers each step by itself");
  }
  Listed listed = listed_in(choice);
  std::vector<explain::Relatives> found;
  if (training != nullptr) {
    data::Dataset first = samples;
    const auto wanted = static_cast<std::size_t>(std::max(0, choice.samples));
    if (wanted > 0 && first.samples.size() > wanted) first.samples.resize(wanted);
    found = explain::relatives(model, first, *training, kRelated, threads);
  }
  Explanations out = Explaining({model, choice, threads}, samples).run();
  if (training == nullptr) return out;
  Relating relating(*training, std::move(listed), out);
  for (std::size_t i = 0; i < found.size(); ++i) relating.put(found[i], out.samples[i]);
  relating.finish();
  return out;
}

Explanations explain(const Model& model, const std::string& data, const Options& options,
                     const ExplainChoice& choice, const Hooks& hooks) {
  data::Dataset d = choice.target == "label" ? read_labelled_for(model, data, options, hooks)
                                             : read_unlabelled_for(model, data, options, hooks);
  std::optional<data::Dataset> training;
  if (!choice.train.empty()) training = read_labelled_for(model, choice.train, options, hooks);
  return explain_samples(model.impl().model, d, training ? &*training : nullptr, choice,
                         threads_of(options));
}

Explanations explain(const Model& model, const Samples& samples, const ExplainChoice& choice,
                     int threads, const Samples* training) {
  data::Dataset d = dataset_for(samples, model.impl().model);
  std::optional<data::Dataset> other;
  if (training != nullptr) other = dataset_for(*training, model.impl().model);
  return explain_samples(model.impl().model, d, other ? &*other : nullptr, choice, threads);
}

}  // namespace refrain::api

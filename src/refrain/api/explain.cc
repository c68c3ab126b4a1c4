#include "refrain/api/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/api/inside/explained.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/base/nearest.h"
#include "refrain/explain/checks.h"
#include "refrain/explain/relatives.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

constexpr int kUsualSegments = 50, kUsualSegmentsOfOne = 20;  // of one channel
constexpr int kMostParts = 2500;  // of a series that is cut by channel, as a rule
constexpr int kMostChecked = 20;
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

// Texts that an encoder has read become texts again; what does it to changed ones.
explain::Question::Prepare put_texts_back(const task::Model& model, int threads, data::Dataset& d) {
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
  const bool many = std::int64_t{runs} * series->channels > kMostParts;
  cut.by_channel = !sound && (segments >= 0 || method.of_networks || !many);
  return cut;
}

int column_of(const Asked& asked, const explain::Question& question, const data::Sample& sample) {
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
        question_(asked.model, d, prepare_, asked.threads) {
    out_.task = asked.model.goal->task();
    out_.method = asked.choice.method;
    if (out_.method.empty()) out_.method = reads_text(d) ? "occlusion" : "rescaled";
    out_.unit = asked.model.goal->classes().empty() ? "units of the target" : "log odds";
    if (!reads_text(d)) out_.channels = d.streams.front().channel_names;
  }

  Explanations run() {
    const auto& method = explain::methods().at(out_.method);
    if (asked_.choice.checks) random_ = random_model(asked_.model);
    if (random_) random_question_.emplace(*random_, dataset_, prepare_, asked_.threads);
    const int n = static_cast<int>(dataset_.samples.size());
    const int wanted = asked_.choice.samples > 0 ? std::min(n, asked_.choice.samples) : n;
    for (int i = 0; i < wanted; ++i) {
      explain_one(method, dataset_.samples[static_cast<std::size_t>(i)]);
    }
    if (asked_.choice.checks) judge();
    remark(method);
    return std::move(out_);
  }

 private:
  void explain_one(const explain::MethodEntry& method, const data::Sample& sample) {
    const explain::Subject subject(asked_.model.features, sample,
                                   cut_of(method, dataset_, sample, asked_.choice.segments));
    Explanation& e = out_.samples.emplace_back();
    e.id = sample.id;
    e.label = sample.label;
    const int column = column_of(asked_, question_, sample);
    const auto& classes = asked_.model.goal->classes();
    if (!classes.empty()) {
      e.target = classes[static_cast<std::size_t>(column)];
      e.answer = classes[static_cast<std::size_t>(question_.decided(sample))];
    }
    e.value = question_.values({sample}, column).front();
    if (const auto* series = std::get_if<data::Series>(&sample.streams.front())) {
      e.steps = series->steps;
      e.channels = series->channels;
      e.values = series->values;
    }
    if (subject.size() == 0) return;
    const explain::Case of{question_, subject, column,
                           static_cast<std::uint64_t>(asked_.choice.seed), asked_.choice.draws};
    const explain::Attribution found = method.explain(of);
    e.promised = found.promised;
    e.sum = found.sum;
    put_parts(subject, found.score, e);
    const bool checks = asked_.choice.checks && checked_.size() < kMostChecked;
    if (!checks || subject.size() < 2) return;
    checked_.push_back(
        explain::check(of, method, found.score, random_question_ ? &*random_question_ : nullptr));
  }

  static void put_parts(const explain::Subject& subject, const std::vector<double>& score,
                        Explanation& e) {
    for (std::size_t p = 0; p < score.size(); ++p) {
      const explain::Part& part = subject.parts()[p];
      const auto& words = subject.words(part.stream);
      e.parts.push_back({part.stream, part.channel, part.begin, part.end,
                         words.empty() ? "" : words[static_cast<std::size_t>(part.begin)],
                         score[p]});
    }
  }

  void judge() {
    const explain::Verdict v = explain::judge(checked_);
    const auto score = [](const explain::Gain& g) { return Score{g.value, g.low, g.high}; };
    out_.checks =
        Explanations::Checks{score(v.deletion), score(v.insertion),     v.stability,
                             v.randomised,      v.mean.share,           v.mean.deletion,
                             v.mean.insertion,  v.mean.random_deletion, v.mean.random_insertion,
                             v.against};
    if (checked_.empty()) out_.checks->against.push_back("no sample has two parts to compare");
  }

  void remark(const explain::MethodEntry& method) {
    for (const auto& e : out_.samples) {
      if (e.promised == 0) continue;
      out_.completeness_error =
          std::max(out_.completeness_error,
                   std::abs(e.sum - e.promised) / std::max(0.01, std::abs(e.promised)));
    }
    double networks = 0, all = 0;
    for (const auto& m : asked_.model.members) {
      all += m.weight;
      networks += m.learner->network() != nullptr ? m.weight : 0;
    }
    if (method.of_networks && networks < all) {
      out_.remarks.push_back(
          fmt::format("{} looks into the networks, which have {:.0f} % of the weight: the other "
                      "members have no part in it.",
                      out_.method, 100 * networks / all));
    }
    if (out_.checks && !random_) {
      out_.remarks.push_back(
          "No check with random weights was made: the model has members that are no networks.");
    }
  }

  Asked asked_;
  data::Dataset& dataset_;
  explain::Question::Prepare prepare_;
  explain::Question question_;
  std::optional<task::Model> random_;
  std::optional<explain::Question> random_question_;
  std::vector<explain::Checked> checked_;
  Explanations out_;
};

std::vector<RelatedSample> related(const std::vector<explain::Relative>& list,
                                   const data::Dataset& training) {
  std::vector<RelatedSample> out;
  for (const auto& r : list) {
    const data::Sample& sample = training.samples[static_cast<std::size_t>(r.sample)];
    const std::string* text = data::text_of(sample);
    out.push_back(
        {sample.id, sample.label, text != nullptr ? text->substr(0, kBeginning) : "", r.value});
  }
  return out;
}

void require_explainable(const task::Model& model) {
  if (!model.goal->of_steps()) return;
  throw Error(Code::kUnsupported, "a model that tags answers each word by itself",
              "explain is for classes and numbers");
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
  require_explainable(model);
  std::vector<explain::Relatives> found;
  if (training != nullptr) {
    data::Dataset first = samples;
    const auto wanted = static_cast<std::size_t>(std::max(0, choice.samples));
    if (wanted > 0 && first.samples.size() > wanted) first.samples.resize(wanted);
    found = explain::relatives(model, first, *training, kRelated, threads);
  }
  Explanations out = Explaining({model, choice, threads}, samples).run();
  for (std::size_t i = 0; i < found.size(); ++i) {
    out.samples[i].nearest = related(found[i].nearest, *training);
    out.samples[i].supporting = related(found[i].supporting, *training);
    out.samples[i].opposing = related(found[i].opposing, *training);
  }
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
                     int threads) {
  data::Dataset d = dataset_for(samples, model.impl().model);
  return explain_samples(model.impl().model, d, nullptr, choice, threads);
}

}  // namespace refrain::api

#include "refrain/api/transducer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/transducer_impl.h"
#include "refrain/base/at.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/recognised.h"
#include "refrain/transduce/model_file.h"
#include "refrain/transduce/settle.h"

namespace refrain::api {
namespace {

using base::at;

// How replies are searched for, and the language model that the options name.
struct Search {
  transduce::Writing how;
  std::optional<transduce::ReplyModel> language;
};

// Refuses what only a training can choose.
void refuse_choices_of_training(const std::set<std::string>& given) {
  for (const char* name :
       {"decoder", "repeat", "source_units", "reply_units", "vocabulary_size", "shared_vocabulary",
        "decoder_attention", "decoder_hidden", "input_feeding", "skip_impossible"}) {
    if (!given.contains(name)) continue;
    throw Error(
        Code::kUsage,
        "--" + base::option_name(name) + " is chosen in training, and this model is trained",
        "leave it out; --ctc-weight 0 or 1 asks one decoder of a model that has both");
  }
}

// The model's own penalties and weights, but for those that the options name.
transduce::ReplySpec weights_of(const transduce::ReplySpec& own, const task::Spec& spec) {
  const auto fields = transduce::reply_fields();
  const base::Json asked = base::fields_to_json(fields.list(), &spec.reply);
  transduce::ReplySpec out = own;
  for (const char* name : {"length_penalty", "coverage_penalty", "ctc_weight",
                           "language_model_weight", "symbol_bonus"}) {
    if (spec.given.contains(name)) base::set_field(fields.list(), &out, name, asked.at(name));
  }
  if (out.ctc_weight < 0) out.ctc_weight = own.ctc_weight;  // auto
  return out;
}

// The model's own language model holds unless the options name another.
void put_language(const transduce::Transducer& t, const task::Spec& spec, Search& out) {
  const auto& r = spec.reply;
  if (!spec.given.contains("language_model")) return;
  out.how.without_language = r.language_model == "none";
  if (r.language_model == "none" || r.language_model == "ngram") return;
  const std::string& path = r.language_model;
  out.language = transduce::ReplyModel::read(base::read_file(path).bytes, path);
  out.language->check(t.reply);
}

Search search_of(const transduce::Transducer& t, const Options& options, const Hooks& hooks) {
  const task::Spec& spec = options.impl().spec;
  refuse_choices_of_training(spec.given);
  transduce::ReplySpec asked = spec.reply;
  asked.decoder = t.settings.reply.decoder;
  Search search;
  search.how.search = weights_of(t.settings.reply, spec);
  asked.ctc_weight = search.how.search->ctc_weight;
  transduce::refuse_idle(asked, spec.given);
  put_language(t, spec, search);
  transduce::Writing& out = search.how;
  out.beam = spec.reply.beam;
  out.best = spec.reply.n_best;
  out.sampling = spec.reply.sampling;
  out.threads = spec.train.threads == 0 ? base::core_count() : spec.train.threads;
  out.stop = hooks.stop;
  return search;
}

// `search` must outlive it.
transduce::Writing with_language(const Search& search) {
  transduce::Writing out = search.how;
  if (search.language) out.language = &*search.language;
  return out;
}

// By CTC alone symbols stand at steps of the source.
bool tells_times(const transduce::Transducer& t) {
  return !t.reads_text() && !t.settings.attends();
}

// What a source is.
const char* source_kind_of(const transduce::Transducer& t) {
  if (t.reads_text()) return "texts";
  return writes_in_seconds(t) ? "recordings" : "series";
}

WrittenReply reply_of(const transduce::Transducer& t, const std::string& id,
                      const transduce::Reply& reply) {
  WrittenReply out;
  out.id = id;
  const double length = step_length(t);
  for (const auto& option : reply.options) {
    ReplyOption o{option.text, option.log_p, option.score, {}};
    for (std::size_t k = 0; k < option.first.size(); ++k) {
      o.symbols.push_back({t.reply.name(option.symbols[k]), option.first[k] * length,
                           (option.last[k] + 1) * length});
    }
    out.options.push_back(std::move(o));
  }
  return out;
}

// What a report says of the model and of the samples that it replied to.
void describe_evaluation(const transduce::Transducer& t, const data::Dataset& d, Report& report) {
  report.task = t.settings.task;
  report.recognised.format = d.format;
  report.recognised.summary = data::recognised_replies(d);
  report.units = unit_report(d, all_of(d));
  report.made = made_of(t);
  report.n_train = t.receipt.n_train;
  report.n_valid = t.receipt.n_valid;
  report.n_test = static_cast<int>(d.samples.size());
  report.params = static_cast<long long>(t.parameter_count());
  report.epochs = t.receipt.epochs;
  report.best_epoch = t.receipt.best_epoch;
  report.stop_reason = t.receipt.stop_reason;
  report.seed = t.settings.train.seed;
  report.columns = {"log_probability"};
}

}  // namespace

EvaluatedReplies evaluate_replies(const transduce::Transducer& t, const std::string& data,
                                  const Options& options, const Hooks& hooks) {
  task::Spec spec = options.impl().spec;
  const double start = now();
  auto d = std::make_shared<data::Dataset>(
      read_replies({data, t.settings.task, &t, true}, spec, log_of(hooks)));
  const double loaded = now() - start;
  auto out = evaluate_replies(t, std::move(d), options, hooks);
  out.report.seconds.load = loaded;
  out.report.test = data;
  return out;
}

EvaluatedReplies evaluate_replies(const transduce::Transducer& t,
                                  std::shared_ptr<const data::Dataset> data, const Options& options,
                                  const Hooks& hooks) {
  EvaluatedReplies out;
  out.data = std::move(data);
  const data::Dataset& d = *out.data;
  const auto all = all_of(d);
  const double start = now();
  const Search search = search_of(t, options, hooks);
  auto how = with_language(search);
  how.best = 1;
  std::vector<std::string> said;
  const auto units = related(d, all).group;
  for (const auto& reply : transduce::write(t, data::Subset{d, all}, how)) {
    if (reply.options.empty()) throw Error(Code::kUsage, "stopped before all was answered");
    const auto& best = reply.options.front();
    const auto& sample = d.samples[said.size()];
    out.predictions.push_back({0, 0, sample.id, sample.group, sample.label, best.text,
                               std::vector<double>{best.log_p},
                               units.empty() ? "" : std::to_string(units[said.size()])});
    said.push_back(best.text);
  }
  put_reply_scores(replies_beside(t.settings.task, {d, all}, std::move(said)),
                   t.settings.train.seed, hooks.stop, out.report);
  out.report.seconds.evaluate = now() - start;
  describe_evaluation(t, d, out.report);
  out.report.test = d.path;
  out.report.threads = how.threads;
  return out;
}

std::vector<WrittenReply> write_replies(const transduce::Transducer& t, const data::Dataset& d,
                                        const Options& options, const Hooks& hooks) {
  const Search search = search_of(t, options, hooks);
  auto how = with_language(search);
  how.aligned = tells_times(t);
  const auto replies = transduce::write(t, {d, all_of(d)}, how);
  std::vector<WrittenReply> out;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (replies[i].options.empty()) break;  // stopped
    out.push_back(reply_of(t, d.samples[i].id, replies[i]));
  }
  return out;
}

bool writes_in_seconds(const transduce::Transducer& t) {
  return !t.reads_text() && t.features.streams().front().from_sound;
}

double step_length(const transduce::Transducer& t) {
  const double steps = t.networks.front()->stride();
  return writes_in_seconds(t) ? steps * t.settings.features.sound.hop_ms / 1000 : steps;
}

Transducer::Transducer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transducer::~Transducer() = default;
Transducer::Transducer(Transducer&&) noexcept = default;
Transducer& Transducer::operator=(Transducer&&) noexcept = default;

Transducer Transducer::load(const std::string& path) {
  return from_bytes(base::read_file(path).bytes, path);
}

Transducer Transducer::from_bytes(const std::string& bytes, const std::string& path) {
  return Transducer(std::make_unique<Impl>(Impl{transduce::transducer_from(bytes, path)}));
}

const std::string& Transducer::task() const { return impl_->model.settings.task; }

bool Transducer::has_times() const { return tells_times(impl_->model); }

bool Transducer::in_seconds() const { return has_times() && writes_in_seconds(impl_->model); }

std::vector<WrittenReply> Transducer::predict(const std::string& data, const Options& options,
                                              const Hooks& hooks) const {
  const auto& t = impl_->model;
  task::Spec spec = options.impl().spec;
  const data::Dataset d = read_replies({data, t.settings.task, &t, false}, spec, log_of(hooks));
  return write_replies(t, d, options, hooks);
}

std::vector<WrittenReply> Transducer::predict_texts(const std::vector<std::string>& texts,
                                                    const Options& options) const {
  const auto& t = impl_->model;
  if (!t.reads_text()) {
    throw Error(Code::kUnsupported, "this model reads no texts", "give it a file of its own kind");
  }
  std::vector<data::EncodedSample> samples;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    data::Sample sample;
    sample.streams.emplace_back(texts[i]);
    samples.push_back(transduce::encode(t, sample, static_cast<std::int64_t>(i)));
  }
  const Search search = search_of(t, options, {});
  const auto replies = transduce::write(t, samples, with_language(search));
  std::vector<WrittenReply> out;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    out.push_back(reply_of(t, std::to_string(i + 1), replies[i]));
    // Nothing is said to nothing.
    if (transduce::tokens_of(texts[i]).empty()) out.back().options = {ReplyOption{}};
  }
  return out;
}

Report Transducer::evaluate(const std::string& data, const Options& options,
                            const Hooks& hooks) const {
  return evaluate_replies(impl_->model, data, options, hooks).report;
}

void Transducer::save(const std::string& path) const { base::write_file_atomically(path, bytes()); }

std::string Transducer::bytes() const { return transduce::transducer_bytes(impl_->model); }

void Transducer::keep_given(const std::string& given) { impl_->model.given = given; }

std::string Transducer::describe() const {
  const auto& t = impl_->model;
  base::Json json = {{"task", t.settings.task},
                     {"decoder", t.settings.reply.decoder},
                     {"reply_units", t.reply.kind_name()},
                     {"reply_symbols", t.reply.size()},
                     {"networks", t.networks.size()},
                     {"parameters", t.parameter_count()},
                     {"n_train", t.receipt.n_train},
                     {"n_valid", t.receipt.n_valid},
                     {"epochs", t.receipt.epochs},
                     {"best_epoch", t.receipt.best_epoch},
                     {"stop_reason", t.receipt.stop_reason},
                     {"reads", source_kind_of(t)},
                     {"channels", t.reads_text() ? 0 : t.features.streams().front().channels},
                     {"offset", t.offset},
                     {"options", reply_options_json(t)},
                     {"given", t.given}};
  if (t.reads_text()) {
    json["source_units"] = t.source->kind_name();
    json["source_symbols"] = t.source->size();
  }
  return json.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

std::vector<std::string> transducer_option_names(const std::string& task) {
  return reply_option_names(task);
}

bool is_transducer(const std::string& path) {
  try {
    return transduce::is_transducer(tensor::from_safetensors(base::read_file(path).bytes, path));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace refrain::api

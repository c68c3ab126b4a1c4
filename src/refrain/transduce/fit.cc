#include "refrain/transduce/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/augment/derive.h"
#include "refrain/base/at.h"
#include "refrain/base/digest.h"
#include "refrain/base/duration.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/data/reader.h"
#include "refrain/tape/ctc_loss.h"
#include "refrain/train/checkpoint.h"
#include "refrain/train/stopwatch.h"
#include "refrain/train/tuning.h"
#include "refrain/transduce/settle.h"

namespace refrain::transduce {
namespace {

using base::at;
using data::EncodedSample;

constexpr std::size_t kMostValidated = 500;  // samples that are answered after each epoch
constexpr int kValidBatch = 32;
constexpr int kMostRepeats = 10;
// With a time limit: the share that is tried out to learn how long a training takes, its most
// seconds, and how many times longer than so the training may take.
constexpr double kTried = 0.03, kLongestTry = 10, kSlower = 1.2;

// Steps that CTC needs to write the sample's reply.
int needed_steps(const EncodedSample& sample) {
  const auto& ids = sample.streams.back().ids;
  return tape::ctc_steps(ids.data() + 1, static_cast<int>(ids.size()) - 1);
}

// Samples from all parts of the file, which may be sorted.
std::vector<EncodedSample> spread(std::vector<EncodedSample> samples, std::size_t most) {
  if (samples.size() <= most) return samples;
  std::vector<EncodedSample> out;
  out.reserve(most);
  for (std::size_t i = 0; i < most; ++i) {
    out.push_back(std::move(samples[i * samples.size() / most]));
  }
  return out;
}

// Answers the trainer's questions about the networks of one transducer.
class ReplyProblem : public train::Problem {
 public:
  ReplyProblem(const ReplyNetwork& network, const Transducer& judged,
               const std::vector<EncodedSample>& valid)
      : network_(network), judged_(judged), valid_(valid) {}

  tape::Var loss(nn::Context& context, double total_weight) const override {
    return network_.loss(context, total_weight);
  }
  double weight(const EncodedSample& sample) const override {
    return static_cast<double>(sample.streams.back().length);
  }
  bool has_valid() const override { return !valid_.empty(); }
  train::ValidScore validate() const override {
    return {1 - symbol_errors(judged_, valid_, judged_.settings.train.threads), mean_loss()};
  }

 private:
  double mean_loss() const {
    std::vector<int> lengths;
    double total = 0;
    for (const auto& s : valid_) {
      lengths.push_back(data::length_of(s));
      total += s.streams.back().length;
    }
    const auto batches = data::ordered_batches(lengths, kValidBatch);
    std::vector<double> losses(batches.size());
    base::parallel_for(
        static_cast<int>(batches.size()), judged_.settings.train.threads, [&](int i) {
          const auto& chosen = batches[at(i)];
          tape::Tape tape;
          data::Batch batch;
          data::assemble(valid_, chosen.data(), static_cast<int>(chosen.size()), judged_.streams(),
                         batch);
          tape.reset(false);
          nn::Context context{tape, network_.params(), nullptr, false, base::Rng(0), batch};
          const auto loss = tape.value(network_.loss(context, total));
          losses[at(i)] = static_cast<double>(loss.data[0]);
        });
    double sum = 0;
    for (const double loss : losses) sum += loss;
    return sum;
  }

  const ReplyNetwork& network_;
  const Transducer& judged_;
  const std::vector<EncodedSample>& valid_;
};

// Fresh variants of the training sources.
class SourceVariants {
 public:
  SourceVariants(const Transducer& t, const data::Subset& training, int first_tagged,
                 const std::vector<EncodedSample>& encoded)
      : t_(t),
        first_tagged_(first_tagged),
        encoded_(encoded),
        pipeline_(augment::Pipeline::from(t.settings.augment)),
        pool_(training.dataset, training.chosen) {
    pipeline_.check(training.dataset);
    if (pipeline_.mixes()) {
      throw Error(Code::kUsage, "--augment: replies cannot be mixed",
                  "leave mixup, cutmix and their like out");
    }
  }
  std::vector<std::string> prepare() { return pipeline_.prepare(pool_); }

  void vary(int place, const base::Rng& epoch, EncodedSample& out) const {
    const EncodedSample& source = encoded_[at(place)];
    out = source;
    const bool made = first_tagged_ >= 0 && pool_.number(place) >= first_tagged_;
    auto stream = encode_source(t_, augment::derive(pipeline_, pool_, place, epoch), made);
    if (stream.length < 1 || !fits(stream.length, source)) return;
    out.streams.front() = std::move(stream);
  }

 private:
  bool fits(int length, const EncodedSample& source) const {
    if (!t_.settings.has_ctc()) return true;
    return t_.networks.back()->steps_of(length) >= needed_steps(source);
  }

  const Transducer& t_;
  int first_tagged_;
  const std::vector<EncodedSample>& encoded_;
  augment::Pipeline pipeline_;
  augment::Pool pool_;
};

class Fitting {
 public:
  Fitting(const FitParts& parts, const Settings& settings, const FitHooks& hooks)
      : parts_(parts), hooks_(hooks) {
    out_.model.settings = settings;
    if (out_.model.settings.train.threads == 0) {
      out_.model.settings.train.threads = base::core_count();
    }
  }

  FittedTransducer run() {
    if (parts_.training.size() == 0) {
      throw Error(Code::kData, "there is no sample to learn from", "give more samples");
    }
    facts_ = facts_of(parts_.training, settings());
    settle(facts_, settings());
    read_words();
    fit_symbols();
    if (words_) words_->check(out_.model.reply);
    encode_parts();
    begun_ = base::steady_seconds();
    for (int m = 0; m < settings().ensemble && !out_.interrupted && has_time(m); ++m) {
      train_network(m);
    }
    if (out_.interrupted) return std::move(out_);
    learn_language();
    put_receipt();
    remove_checkpoints();
    settings().ensemble = static_cast<int>(out_.model.networks.size());
    return std::move(out_);
  }

 private:
  Settings& settings() { return out_.model.settings; }
  const Settings& settings() const { return out_.model.settings; }

  void fit_symbols() {
    Transducer& t = out_.model;
    if (hooks_.start != nullptr) {
      t.source = hooks_.start->source;
      t.reply = hooks_.start->reply;
      t.features = hooks_.start->features;
      t.tagged = hooks_.start->tagged;
      return;
    }
    std::vector<std::string_view> sources, replies;
    for (int i = 0; i < parts_.training.size(); ++i) {
      const auto* text = std::get_if<std::string>(&parts_.training[i].streams.front());
      if (text != nullptr) sources.push_back(*text);
      replies.push_back(parts_.training[i].label);
    }
    const int size = settings().reply.vocabulary_size;
    if (facts_.text && settings().reply.shared_vocabulary) {
      auto both = sources;
      both.insert(both.end(), replies.begin(), replies.end());
      t.reply = Symbols::fit(both, facts_.reply_kind, size);
      t.source = t.reply;
      return;
    }
    t.reply = Symbols::fit(replies, facts_.reply_kind, size);
    if (facts_.text) {
      t.source = Symbols::fit(sources, facts_.source_kind, size);
    } else {
      t.features =
          data::Features::fit(parts_.training.dataset, parts_.training.chosen, settings().features);
    }
  }

  void encode_parts() {
    const bool repeats = facts_.text && settings().has_ctc();
    if (!repeats && settings().reply.repeat == kAuto) settings().reply.repeat = 1;
    if (settings().reply.repeat == kAuto) choose_repeats();
    out_.model.tagged = out_.model.tagged || parts_.first_tagged >= 0;
    train_ = encoded(parts_.training);
    valid_ = spread(encoded(parts_.validation), kMostValidated);
    for (const auto& s : train_) {
      out_.model.longest = std::max(out_.model.longest, s.streams.front().length);
    }
    if (settings().has_ctc()) refuse_impossible();
  }

  bool is_tagged(const data::Subset& part, int number) const {
    return &part == &parts_.training && parts_.first_tagged >= 0 && number >= parts_.first_tagged;
  }
  bool is_made(const EncodedSample& training) const {
    return parts_.first_made >= 0 && training.index >= parts_.first_made;
  }

  std::vector<EncodedSample> encoded(const data::Subset& part) const {
    std::vector<EncodedSample> out(at(part.size()));
    base::parallel_for(part.size(), settings().train.threads, [&](int i) {
      const int number = part.chosen[at(i)];
      out[at(i)] = encode(out_.model, part[i], number, is_tagged(part, number));
    });
    return out;
  }

  // So that every true training reply has steps enough, if it can be done.
  void choose_repeats() {
    int& repeat = settings().reply.repeat;
    repeat = 1;
    for (const auto& s : encoded(parts_.training)) {
      if (is_made(s)) continue;
      const int length = std::max(1, s.streams.front().length - 1);
      repeat = std::max(repeat, (needed_steps(s) + length - 1) / length);
    }
    repeat = std::min(repeat, kMostRepeats);
  }

  // CTC needs a step for each symbol, and one more between equal ones. Made pairs that have too few
  // are no fault of the user's.
  void refuse_impossible() {
    const ReplyNetwork probe(out_.model.form());
    const bool skips = settings().reply.skip_impossible;
    const data::Dataset& from = parts_.training.dataset;
    const bool in_memory = from.format == "memory";
    data::Problems problems(from.path, "samples", !in_memory);
    std::vector<EncodedSample> kept;
    for (auto& s : train_) {
      const int needed = needed_steps(s);
      const int steps = probe.steps_of(s.streams.front().length);
      if (needed <= steps) {
        kept_.push_back(static_cast<int>(s.index));
        kept.push_back(std::move(s));
        continue;
      }
      if (is_made(s)) continue;
      ++out_.skipped;
      if (skips) continue;
      const auto& sample = from.samples[static_cast<std::size_t>(s.index)];
      const std::string place = in_memory ? fmt::format("{}[{}]: ", from.path, s.index) : "";
      problems.add(
          sample.line, 0,
          fmt::format("{}the reply needs {} steps, and the network makes {} of this source", place,
                      needed, steps));
    }
    if (!skips) {
      problems.throw_if_any(
          "leave these samples out with --skip-impossible, or make more steps: --stem-pool 1, "
          "--segment 1, --repeat; or write by --decoder attention");
    }
    if (kept.empty()) {
      throw Error(Code::kData, "no training reply is short enough for CTC",
                  "write by --decoder attention");
    }
    if (out_.skipped > 0) {
      hooks_.train.log.warning(
          fmt::format("{} of {} training samples are left out: their replies need more steps than "
                      "the network makes",
                      out_.skipped, train_.size()));
    }
    train_ = std::move(kept);
    std::erase_if(valid_, [&](const EncodedSample& s) {
      return needed_steps(s) > probe.steps_of(s.streams.front().length);
    });
  }

  std::uint64_t seed_of(int member) const {
    return static_cast<std::uint64_t>(settings().train.seed) * 1000 +
           static_cast<std::uint64_t>(member);
  }

  void train_network(int member) {
    Transducer& t = out_.model;
    auto network = std::make_unique<ReplyNetwork>(t.form());
    network->params().initialise(base::Rng(seed_of(member)).fork("transduce"));
    if (hooks_.start != nullptr) begin(member, *network);
    train::freeze(t.settings.train.freeze, network->params());
    // The network that is trained answers alone while it is validated.
    Transducer judged;
    judged.settings = t.settings;
    judged.features = t.features;
    judged.source = t.source;
    judged.reply = t.reply;
    judged.longest = t.longest;
    judged.tagged = t.tagged;
    judged.networks.push_back(std::move(network));
    ReplyNetwork& own = *judged.networks.front();
    const ReplyProblem problem(own, judged, valid_);
    std::optional<SourceVariants> variants;
    train::Fit fit;
    fit.samples = &train_;
    for (int i = 0; i < static_cast<int>(train_.size()); ++i) fit.training.push_back(i);
    const auto streams = t.streams();
    fit.streams = &streams;
    fit.params = &own.params();
    fit.problem = &problem;
    fit.train = t.settings.train;
    fit.train.seed = static_cast<int>(seed_of(member) % 1'000'000'007);
    fit.optim = t.settings.optim;
    fit.hooks = hooks_.watch ? hooks_.watch(member, t.settings.ensemble) : hooks_.train;
    fit.hooks.log = hooks_.train.log;
    if (!t.settings.augment.empty()) add_variants(judged, variants, fit);
    limit_time(fit);
    const auto from = prepare_checkpoint(fit, member);
    const double start = base::steady_seconds();
    auto outcome = train::fit(fit, from ? &*from : nullptr);
    expected_ = std::max(member == 0 && !from ? 0 : expected_, base::steady_seconds() - start);
    out_.interrupted = outcome.reason == train::StopReason::kInterrupted;
    out_.outcomes.push_back(std::move(outcome));
    t.networks.push_back(std::move(judged.networks.front()));
  }

  void add_variants(const Transducer& judged, std::optional<SourceVariants>& variants,
                    train::Fit& fit) {
    if (kept_.empty()) kept_ = parts_.training.chosen;
    variants.emplace(judged, data::Subset{parts_.training.dataset, kept_}, parts_.first_tagged,
                     train_);
    for (const auto& note : variants->prepare()) hooks_.train.log.info(note);
    fit.hooks.vary = [&variants](int number, const base::Rng& epoch, EncodedSample& out) {
      variants->vary(number, epoch, out);
    };
  }

  // Weights of a network with the same name and shape are taken over.
  void begin(int member, ReplyNetwork& network) const {
    const auto& from = hooks_.start->networks[at(member) % hooks_.start->networks.size()]->params();
    auto& to = network.params();
    for (std::size_t i = 0; i < to.params().size(); ++i) {
      for (std::size_t k = 0; k < from.params().size(); ++k) {
        const auto a = to.value(static_cast<int>(i)), b = from.value(static_cast<int>(k));
        if (to.params()[i].name != from.params()[k].name || a.count() != b.count()) continue;
        std::copy_n(b.data, b.count(), a.data);
      }
    }
  }

  double time_left() const { return begun_ + settings().seconds - base::steady_seconds(); }

  // Whether another network can be trained to its end.
  bool has_time(int member) const {
    if (settings().seconds <= 0 || member == 0 || time_left() >= kSlower * expected_) return true;
    hooks_.train.log.info(fmt::format("{} of {} networks {} into the time limit", member,
                                      settings().ensemble, member == 1 ? "fits" : "fit"));
    return false;
  }

  // Where there is no time for all epochs of the first network, its schedule follows the clock.
  void limit_time(train::Fit& fit) {
    if (settings().seconds <= 0) return;
    if (expected_ <= 0) {
      expected_ = train::measure_training(fit, std::min(kLongestTry, kTried * settings().seconds));
    }
    const double span = std::max(1.0, time_left()), start = base::steady_seconds();
    fit.hooks.deadline = start + span;
    if (kSlower * expected_ <= span) return;
    fit.hooks.share = [start, span] { return (base::steady_seconds() - start) / span; };
  }

  std::string checkpoint_of(int member) const {
    return fmt::format("{}.network{}", hooks_.checkpoint, member + 1);
  }

  std::optional<train::State> prepare_checkpoint(train::Fit& fit, int member) {
    if (hooks_.checkpoint.empty()) return std::nullopt;
    if (print_.empty()) print_ = fingerprint();
    const std::string path = checkpoint_of(member);
    fit.hooks.checkpoint = [this, path](const train::State& state) {
      train::save_checkpoint(path, state, print_);
    };
    if (!hooks_.resume) return std::nullopt;
    auto from = train::load_checkpoint(path, print_);
    if (!from && member == 0) {
      hooks_.train.log.info("there is no checkpoint yet: starting from the beginning");
    }
    if (from && from->values.size() != fit.params->count()) {
      throw Error(Code::kData, path + ": damaged checkpoint", "leave --resume out to start anew");
    }
    return from;
  }

  // Data, options and parts: who has the same continues with the same bits.
  std::string fingerprint() const {
    Settings s = settings();
    s.train.threads = 0;
    base::Digest digest;
    for (const auto* part : {&train_, &valid_}) {
      for (const auto& sample : *part) {
        for (const auto& stream : sample.streams) {
          digest.add_list(stream.ids).add_list(stream.values);
        }
      }
    }
    if (hooks_.start != nullptr) {
      for (const auto& n : hooks_.start->networks) digest.add_list(n->params().values());
    }
    const base::Json json = {s.task,
                             base::fields_to_json(reply_fields().list(), &s.reply),
                             base::fields_to_json(nn::encoder_fields().list(), &s.encoder),
                             base::fields_to_json(train::train_fields().list(), &s.train),
                             base::fields_to_json(optim::optim_fields().list(), &s.optim),
                             s.label_smoothing,
                             s.augment,
                             s.ensemble,
                             digest.hex()};
    return base::sha256(json.dump(-1, ' ', false, base::Json::error_handler_t::replace));
  }

  void learn_language() {
    Transducer& t = out_.model;
    std::string& wanted = t.settings.reply.language_model;
    if (wanted == "none") return;
    if (wanted != "ngram") {
      t.language = std::move(words_);
      wanted = std::filesystem::path(wanted).filename().string();
      return;
    }
    std::vector<int> text;
    for (const auto& s : train_) {
      const auto& ids = s.streams.back().ids;
      text.insert(text.end(), ids.begin() + 1, ids.end());
      text.push_back(Symbols::kMark);
    }
    t.language = ReplyModel::of_symbols(std::move(text), t.reply.size());
  }

  // Before the training, so that a broken file is said at once.
  void read_words() {
    const std::string& path = settings().reply.language_model;
    if (path == "none" || path == "ngram") return;
    words_ = ReplyModel::read(base::read_file(path).bytes, path);
  }

  void put_receipt() {
    auto& r = out_.model.receipt;
    r.n_train = static_cast<int>(train_.size());
    r.n_valid = parts_.validation.size();
    for (const auto& o : out_.outcomes) {
      r.epochs = std::max(r.epochs, o.epochs);
      r.best_epoch = std::max(r.best_epoch, o.best_epoch);
      r.stop_reason = train::to_string(o.reason);
    }
  }

  void remove_checkpoints() const {
    if (hooks_.checkpoint.empty()) return;
    std::error_code ignored;
    for (int m = 0; m < settings().ensemble; ++m) {
      std::filesystem::remove(checkpoint_of(m), ignored);
    }
  }

  const FitParts& parts_;
  const FitHooks& hooks_;
  FittedTransducer out_;
  Facts facts_;
  std::optional<ReplyModel> words_;
  std::vector<EncodedSample> train_, valid_;
  std::vector<int> kept_;  // numbers of the training samples that are learned from
  std::string print_;
  double begun_ = 0;
  double expected_ = 0;  // seconds that the training of a network takes, with a time limit
};

}  // namespace

FittedTransducer fit_transducer(const FitParts& parts, const Settings& settings,
                                const FitHooks& hooks) {
  return Fitting(parts, settings, hooks).run();
}

}  // namespace refrain::transduce

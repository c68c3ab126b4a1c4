#include "refrain/language/pretrain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/digest.h"
#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/language/kneser_ney.h"
#include "refrain/language/resolve.h"
#include "refrain/language/text_rule.h"
#include "refrain/train/checkpoint.h"

namespace refrain::language {
namespace {

using base::steady_seconds;

constexpr int kFewestUnits = 50;
constexpr double kBytesHeldOut = 50'000;  // of a long text for validation
constexpr int kMostValidated = 100'000;   // units looked at after each round
constexpr double kRoundUnits = 2e6;       // units of a long text between validations
constexpr int kLeastRound = 20;           // updates
constexpr int kEndless = 1'000'000;       // rounds: the time ends it
constexpr int kMostBlended = 10'000'000;  // units of a text whose n-grams a file holds

// The end of a text from the line on that begins there.
std::size_t cut_place(const std::string& text, double share) {
  const auto wanted = static_cast<std::size_t>(static_cast<double>(text.size()) * (1 - share));
  const std::size_t line = text.find('\n', std::min(wanted, text.size()));
  if (line != std::string::npos && line + 1 < text.size()) return line + 1;
  std::size_t place = wanted;
  while (place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80) ++place;
  return place;
}

std::vector<double> count_units(const std::vector<int>& text, int vocabulary) {
  std::vector<double> counts(static_cast<std::size_t>(vocabulary));
  for (const int id : text) counts[static_cast<std::size_t>(id)] += 1;
  return counts;
}

Figures figures_of(const Units& units, const std::string& text, const std::vector<int>& ids,
                   const std::vector<double>& nats) {
  Figures f;
  f.units = static_cast<int>(ids.size());
  const auto unknown = std::count(ids.begin(), ids.end(), units.unknown());
  f.unknown = ids.empty() ? 0 : static_cast<double>(unknown) / static_cast<double>(ids.size());
  f.size = measure_text(text);
  f.nats = mean_over_blocks(nats, 1);
  return f;
}

int ngram_order(const LanguageSpec& spec, const Units& units, std::size_t n) {
  if (spec.reading.ngram_order != kAuto) return spec.reading.ngram_order;
  const bool characters = units.kind() == UnitKind::kCharacter;
  if (n > 5'000'000) return characters ? 6 : 4;
  return characters ? 8 : 5;
}

// Answers the trainer's questions about a language model.
class TextProblem : public train::Problem {
 public:
  TextProblem(const LanguageNetwork& network, std::vector<int> valid, const Evaluation& how)
      : network_(network), valid_(std::move(valid)), how_(how) {}

  tape::Var loss(nn::Context&, double) const override {
    throw Error(Code::kInternal, "a text has batches of its own");
  }
  double weight(const data::EncodedSample&) const override { return 1; }
  bool has_valid() const override { return !valid_.empty(); }
  train::ValidScore validate() const override {
    double sum = 0;
    for (int way = 0; way < network_.ways(); ++way) {
      for (const double nats : surprises(network_, valid_, way, how_)) sum += nats;
    }
    const double mean = sum / static_cast<double>(valid_.size()) / network_.ways();
    return {-mean, mean};
  }

 private:
  const LanguageNetwork& network_;
  std::vector<int> valid_;
  Evaluation how_;
};

class Pretraining {
 public:
  Pretraining(Texts texts, const LanguageSpec& spec, const PretrainHooks& hooks)
      : texts_(std::move(texts)), hooks_(hooks) {
    check_options(spec);
    out_.source.spec = spec;
    if (options().train.threads == 0) options().train.threads = base::core_count();
  }

  Pretrained run() {
    prepare();
    train();
    if (out_.interrupted) return std::move(out_);
    score();
    return std::move(out_);
  }

 private:
  LanguageSpec& options() { return out_.source.spec; }
  LanguageNetwork& network() { return *out_.source.network; }

  void prepare() {
    out_.scored_valid = texts_.test.empty();
    double& fraction = options().reading.valid_fraction;
    if (fraction < 0) {
      fraction = std::min(0.1, kBytesHeldOut / static_cast<double>(texts_.train.size()));
    }
    if (texts_.valid.empty() && fraction > 0) {
      const std::size_t place = cut_place(texts_.train, fraction);
      texts_.valid = texts_.train.substr(place);
      texts_.train.resize(place);
    }
    if (out_.scored_valid && texts_.valid.empty()) {
      throw Error(Code::kUsage, "there is no text to score",
                  "give --test FILE, or a --valid-fraction above 0");
    }
    Units& units = out_.source.units;
    units = Units::fit(texts_.train, options().units);
    options().units = units.settled();
    train_ = units.encode(texts_.train);
    valid_ = units.encode(texts_.valid);
    out_.n_train = static_cast<int>(train_.size());
    out_.n_valid = static_cast<int>(valid_.size());
    if (out_.n_train < kFewestUnits) {
      throw Error(Code::kData,
                  fmt::format("the text has {} {}s for training, at least {} are needed",
                              out_.n_train, units.name(), kFewestUnits),
                  "give a longer text");
    }
    settle_blend();
    const auto counts = count_units(train_, units.size());
    const auto limit = base::parse_duration(options().reading.time_limit);
    seconds_ = limit ? *limit : 0;
    const Circumstances c{static_cast<double>(train_.size()), seconds_, options().train.threads};
    const NetworkForm form = resolve(c, units, counts, options());
    out_.source.network = std::make_unique<LanguageNetwork>(form);
    operations_ = operations_of(form, counts);
    hooks_.train.log.info(fmt::format(
        "{} {}s, vocabulary {}: {} {} x {}, softmax {}", train_.size(), units.name(), units.size(),
        form.spec.cell, form.spec.layers, form.spec.hidden,
        form.clusters.empty() ? "over all" : fmt::format("in {} parts", form.clusters.size() + 1)));
  }

  // Resolves `auto` for this text.
  void settle_blend() {
    std::string& blend = options().reading.blend;
    if (blend == "auto") {
      const bool can =
          !options().network.bidirectional && !valid_.empty() && out_.n_train <= kMostBlended;
      blend = can ? "kneser_ney" : "none";
    }
    if (blend == "none" || !valid_.empty()) return;
    throw Error(Code::kUsage, "without a held-out text nothing tells the weight of n-grams",
                "give --valid FILE or a --valid-fraction above 0, or --blend none");
  }

  Evaluation evaluation(int warm_up) {
    Evaluation how;
    how.mark = out_.source.units.mark();
    how.warm_up = warm_up;
    how.threads = options().train.threads;
    return how;
  }

  Reading reading() {
    Reading r;
    r.network = &network();
    r.text = &train_;
    r.mark = out_.source.units.mark();
    r.streams = options().train.batch_size;
    r.bptt = options().reading.bptt;
    r.jitter = options().reading.jitter;
    r.zero_state = options().reading.zero_state;
    r.threads = options().train.threads;
    r.seed = static_cast<std::uint64_t>(options().train.seed);
    return r;
  }

  void initialise() {
    network().params().initialise(
        base::Rng(static_cast<std::uint64_t>(options().train.seed)).fork("language"));
  }

  // How many updates are a round, after which is validated, and when to stop.
  void plan(train::Fit& fit, const train::State* from) {
    Windows windows(train_.size(), reading());
    const int pass = windows.first_pass();
    const double window = static_cast<double>(options().train.batch_size) * options().reading.bptt;
    const std::int64_t updates = static_cast<std::int64_t>(pass) * options().train.epochs;
    fit.rule_batches = std::min(pass, std::max(1, static_cast<int>(kRoundUnits / window)));
    fit.updates = fit.planned_updates = updates;
    if (seconds_ <= 0) return;
    const int tenth = static_cast<int>(std::min<std::int64_t>(updates / 10, pass));
    fit.rule_batches = std::min(fit.rule_batches, std::max(kLeastRound, tenth));
    fit.updates = fit.planned_updates = 0;
    fit.train.epochs = kEndless;
    const double left = 1 - (from == nullptr ? 0 : from->share);
    const double start = steady_seconds(), reserve = seconds_to_score();
    const double end = std::max(start + 0.2 * seconds_, hooks_.begun + seconds_ - reserve);
    const double span = left < 1 ? left * (seconds_ - reserve) : end - start;
    fit.hooks.deadline = start + span;
    fit.hooks.share = [=] { return 1 - left + left * (steady_seconds() - start) / span; };
  }

  // Seconds that scoring will take: a forward pass, and the n-grams.
  double seconds_to_score() const {
    const double scored = static_cast<double>(texts_.test.empty() ? valid_.size() : test_size());
    const double words = scored * operations_ / 3 / kOperationsPerSecond;
    const double ngrams = static_cast<double>(train_.size() + valid_.size()) * 4e-6;
    return std::min(0.3 * seconds_, 0.01 * seconds_ + words + ngrams);
  }

  std::size_t test_size() const {
    return static_cast<std::size_t>(
        static_cast<double>(texts_.test.size()) * static_cast<double>(train_.size()) /
        static_cast<double>(std::max<std::size_t>(1, texts_.train.size())));
  }

  std::string fingerprint() {
    LanguageSpec spec = options();
    spec.train.threads = 0;
    base::Json json = {base::fields_to_json(language_fields(), &spec), texts_.train, texts_.valid};
    return base::sha256(json.dump(-1, ' ', false, base::Json::error_handler_t::replace));
  }

  void train() {
    const double begun = steady_seconds();
    initialise();
    const auto validated = valid_.size() > kMostValidated
                               ? std::vector<int>(valid_.begin(), valid_.begin() + kMostValidated)
                               : valid_;
    TextProblem problem(network(), validated, evaluation(64));
    train::Fit fit;
    fit.params = &network().params();
    fit.problem = &problem;
    fit.train = options().train;
    fit.optim = options().optim;
    fit.hooks = hooks_.train;
    std::optional<train::State> from;
    const std::string print = hooks_.checkpoint.empty() ? "" : fingerprint();
    if (hooks_.resume) from = train::load_checkpoint(hooks_.checkpoint, print);
    if (hooks_.resume && !from) {
      hooks_.train.log.info("there is no checkpoint yet: starting from the beginning");
    }
    if (!hooks_.checkpoint.empty()) {
      fit.hooks.checkpoint = [&](const train::State& state) {
        train::save_checkpoint(hooks_.checkpoint, state, print);
      };
    }
    plan(fit, from ? &*from : nullptr);
    TextRule rule(reading());
    fit.rule = &rule;
    if (from) require_sound(*from, rule.carried()->size());
    const double started = steady_seconds();
    const std::int64_t done = from ? from->step : 0;
    out_.outcome = train::fit(fit, from ? &*from : nullptr);
    out_.interrupted = out_.outcome.reason == train::StopReason::kInterrupted;
    const auto* enough = hooks_.train.enough;
    if (enough != nullptr && *enough && out_.outcome.reason == train::StopReason::kTime) {
      out_.outcome.reason = train::StopReason::kInterrupted;
    }
    out_.train_seconds = steady_seconds() - begun;
    const double units = static_cast<double>(rule.updates() - done) * options().train.batch_size *
                         options().reading.bptt;
    out_.units_per_second = units / std::max(1e-9, steady_seconds() - started);
  }

  // All blocks have the length that this network and this optimiser need.
  void require_sound(const train::State& s, std::size_t carried) {
    const std::size_t count = network().params().count();
    const auto& optim = options().optim;
    const auto optimiser =
        optim::optimisers().at(optim.optimiser)(optim, optim::slot_size(network().params()));
    const auto as_long = [](const auto& a, const auto& b) { return a.size() == b.size(); };
    const bool sound = s.values.size() == count && s.carried.size() == carried &&
                       s.best_values.size() == (s.best_epoch > 0 ? count : s.best_values.size()) &&
                       s.average.size() == (s.averaged > 0 ? count : 0) &&
                       std::equal(s.slots.begin(), s.slots.end(), optimiser->slots().begin(),
                                  optimiser->slots().end(), as_long);
    if (sound) return;
    throw Error(Code::kData, hooks_.checkpoint + ": damaged checkpoint",
                "leave --resume out to start anew");
  }

  void score() {
    const double begun = steady_seconds();
    const std::string& text = out_.scored_valid ? texts_.valid : texts_.test;
    const Units& units = out_.source.units;
    const std::vector<int> ids = out_.scored_valid ? valid_ : units.encode(text);
    out_.n_test = static_cast<int>(ids.size());
    for (int way = 0; way < network().ways(); ++way) {
      const auto nats = surprises(network(), ids, way, evaluation(512));
      (way == 0 ? out_.figures : out_.backward) = figures_of(units, text, ids, nats);
      if (way == 0) blend(text, ids, nats);
    }
    if (options().reading.baselines) score_ngrams(text, ids);
    out_.evaluate_seconds = steady_seconds() - begun;
    auto& r = out_.source.receipt;
    r.n_train = out_.n_train;
    r.n_valid = out_.n_valid;
    r.epochs = out_.outcome.epochs;
    r.best_epoch = out_.outcome.best_epoch;
    r.stop_reason = train::to_string(out_.outcome.reason);
    r.perplexity = std::exp(out_.figures.nats.value);
  }

  // Mixes the network with n-grams, by a weight from the validation part.
  void blend(const std::string& text, const std::vector<int>& ids,
             const std::vector<double>& nats) {
    if (options().reading.blend == "none") return;
    const Units& units = out_.source.units;
    const int order = ngram_order(options(), units, train_.size());
    auto& blend = out_.source.blend;
    blend =
        std::make_unique<NgramBlend>(NgramBlend::Form{train_, units.size(), units.mark(), order});
    const std::span<const int> held(valid_.data(),
                                    std::min<std::size_t>(valid_.size(), kMostValidated));
    const std::vector<int> seen(held.begin(), held.end());
    blend->choose_weight(held, surprises(network(), seen, 0, evaluation(512)));
    out_.network = std::move(out_.figures);
    out_.figures = figures_of(units, text, ids, blend->surprises(ids, nats));
  }

  void score_ngrams(const std::string& text, const std::vector<int>& ids) {
    const double begun = steady_seconds();
    const Units& units = out_.source.units;
    const int order = ngram_order(options(), units, train_.size());
    const auto& blend = out_.source.blend;
    const auto nats =
        blend ? blend->ngrams().surprises(ids)
              : KneserNey::fit(train_, units.size(), units.mark(), order).surprises(ids);
    NgramResult result{fmt::format("kneser_ney_{}", order), figures_of(units, text, ids, nats),
                       steady_seconds() - begun};
    out_.ngrams.push_back(std::move(result));
  }

  Texts texts_;
  const PretrainHooks& hooks_;
  Pretrained out_;
  std::vector<int> train_, valid_;
  double seconds_ = 0, operations_ = 0;
};

}  // namespace

Mean Figures::scaled(double measure) const {
  const double factor = static_cast<double>(units) / std::max(1.0, measure);
  return {nats.value * factor, nats.low * factor, nats.high * factor};
}

Pretrained pretrain(const Texts& texts, const LanguageSpec& spec, const PretrainHooks& hooks) {
  return Pretraining(texts, spec, hooks).run();
}

Figures score_text(const Source& source, const std::string& text, int way, int threads) {
  const std::vector<int> ids = source.units.encode(text);
  if (ids.empty()) {
    throw Error(Code::kData, "there is no text to score", "give one with at least a line");
  }
  Evaluation how;
  how.mark = source.units.mark();
  how.threads = threads;
  auto nats = surprises(*source.network, ids, way, how);
  if (source.blend && way == 0) nats = source.blend->surprises(ids, nats);
  return figures_of(source.units, text, ids, nats);
}

}  // namespace refrain::language

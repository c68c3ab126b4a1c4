#include "refrain/pretext/pretrain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/digest.h"
#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/split.h"
#include "refrain/pretext/rule.h"
#include "refrain/pretext/samples.h"
#include "refrain/score/draws.h"
#include "refrain/train/checkpoint.h"

namespace refrain::pretext {
namespace {

using base::steady_seconds;

constexpr const char* kUsualViews =
    "window_slice(keep=0.7..1, p=1) | time_warp(sigma=0.15, p=0.5) | scale(sigma=0.2, p=0.5) | "
    "magnitude_warp(sigma=0.2, p=0.5) | jitter(sigma=0.02..0.15, p=0.8)";
constexpr double kUsualUpdates = 3000;
constexpr int kAllEpochs = 1'000'000;  // the time ends it
constexpr int kFewest = 8;             // samples

// Answers the trainer's questions about a source.
class HeldOut : public train::Problem {
 public:
  explicit HeldOut(const Course& course) : course_(course) {}

  tape::Var loss(nn::Context&, double) const override {
    throw Error(Code::kInternal, "a source has batches of its own");
  }
  double weight(const data::EncodedSample&) const override { return 1; }
  bool has_valid() const override { return course_.samples.pool.size() > 1; }
  train::ValidScore validate() const override {
    const double loss = judge_held_out(course_, nullptr);
    return {-loss, loss};
  }

 private:
  Course course_;
};

class SeriesTraining {
 public:
  SeriesTraining(const std::vector<std::string>& paths, PretextSpec spec, const SeriesHooks& hooks)
      : paths_(paths), hooks_(hooks) {
    out_.source.spec = std::move(spec);
    check_options(options());
    if (options().train.threads == 0) options().train.threads = base::core_count();
  }

  SeriesPretrained run() {
    const double begun = steady_seconds();
    read();
    make();
    out_.load_seconds = steady_seconds() - begun;
    train();
    if (!out_.interrupted) score();
    return std::move(out_);
  }

 private:
  PretextSpec& options() { return out_.source.spec; }
  PretextNetwork& network() { return *out_.source.network; }
  bool wants_labels() { return objectives().at(options().objective.objective).wants_labels; }

  void read() {
    all_ = collect(paths_, options(), wants_labels(), hooks_.train.log);
    const auto n = static_cast<int>(all_.dataset.samples.size());
    if (n < kFewest) {
      throw Error(Code::kData,
                  fmt::format("there are {} series, at least {} are needed", n, kFewest),
                  all_.apart ? "give more data"
                             : "give more data, or take each channel as a series of its own: "
                               "--channels apart");
    }
    std::vector<int> every(static_cast<std::size_t>(n));
    std::iota(every.begin(), every.end(), 0);
    double& fraction = options().objective.valid_fraction;
    if (fraction == kAutoFraction) fraction = std::clamp(20.0 / n, 0.1, 0.25);
    auto split = data::split_off(all_.dataset, every, fraction, base::Rng(seed()).fork("held out"));
    training_ = std::move(split.train);
    held_out_ = std::move(split.held_out);
  }

  std::uint64_t seed() { return static_cast<std::uint64_t>(options().train.seed); }

  std::vector<int> labels_at(const std::vector<int>& numbers) const {
    std::vector<int> out;
    for (const int i : numbers) {
      if (!all_.label.empty()) out.push_back(all_.label[static_cast<std::size_t>(i)]);
    }
    return out;
  }

  void make() {
    auto& source = out_.source;
    source.features = data::Features::fit(all_.dataset, training_, options().features);
    source.classes = all_.classes;
    source.apart = all_.apart;
    source.network = std::make_unique<PretextNetwork>(options(), source.features,
                                                      static_cast<int>(all_.classes.size()));
    const auto& o = options().objective;
    std::string views = o.augment == kAutoViews ? kUsualViews : o.augment;
    if (wants_labels() && o.augment == kAutoViews) views.clear();
    pipeline_ = augment::Pipeline::from(views);
    pipeline_.check(all_.dataset);
    for (auto* numbers : {&training_, &held_out_}) {
      pools_.push_back(std::make_unique<augment::Pool>(all_.dataset, *numbers));
      labels_.push_back(std::make_unique<std::vector<int>>(labels_at(*numbers)));
    }
    if (pools_.front()->size() > 0) {
      for (const auto& note : pipeline_.prepare(*pools_.front())) hooks_.train.log.info(note);
    }
    auto& batch = options().train.batch_size;
    const auto n = static_cast<int>(training_.size());
    if (batch == 0) batch = std::clamp(n / 4, 4, 64);
    batch = std::min(batch, n);
    if (options().train.epochs == 0) {
      options().train.epochs = std::clamp(static_cast<int>(kUsualUpdates * batch / n), 10, 500);
    }
    hooks_.train.log.info(fmt::format(
        "{} series for training, {} held out, up to {} steps of {} numbers: {} of {} parameters", n,
        held_out_.size(), source.features.length(0), source.features.inputs(0),
        options().encoder.cell, network().params.parameter_count()));
  }

  // Returns the samples of the training part, or the held-out ones.
  Samples samples(std::size_t part) {
    const auto& labels = *labels_[part];
    return {all_.dataset, out_.source.features, *pools_[part],
            pipeline_.empty() ? nullptr : &pipeline_, labels.empty() ? nullptr : &labels};
  }

  Course course(const Samples& samples) {
    return {network(), samples, options().train.batch_size, options().train.threads, seed()};
  }

  void plan(train::Fit& fit, int pass, const train::State* from) {
    const auto limit = base::parse_duration(options().objective.time_limit);
    fit.rule_batches = pass;
    fit.updates = fit.planned_updates = static_cast<std::int64_t>(pass) * options().train.epochs;
    if (!limit) return;
    fit.updates = fit.planned_updates = 0;
    fit.train.epochs = kAllEpochs;
    const double left = 1 - (from == nullptr ? 0 : from->share);
    const double start = steady_seconds();
    const double span = std::max(0.2 * *limit, 0.95 * *limit - (start - hooks_.begun)) * left;
    fit.hooks.deadline = start + span;
    fit.hooks.share = [=] {
      return 1 - left + left * (steady_seconds() - start) / std::max(1e-9, span);
    };
  }

  std::string fingerprint() {
    PretextSpec spec = options();
    spec.train.threads = 0;
    base::Digest digest;
    digest.add_text(base::fields_to_json(pretext_fields(), &spec).dump());
    for (const auto& sample : all_.dataset.samples) {
      digest.add_text(sample.group);
      digest.add_text(sample.label);
      digest.add_list(std::get<data::Series>(sample.streams.front()).values);
    }
    return digest.hex();
  }

  void train() {
    const double begun = steady_seconds();
    const Samples learned = samples(0), held = samples(1);
    HeldOut problem(course(held));
    SeriesRule rule(course(learned));
    train::Fit fit;
    fit.params = &network().params;
    fit.problem = &problem;
    fit.rule = &rule;
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
    if (from && from->values.size() != network().params.count()) {
      throw Error(Code::kData, hooks_.checkpoint + ": damaged checkpoint",
                  "leave --resume out to start anew");
    }
    plan(fit, rule.updates_of_pass(), from ? &*from : nullptr);
    out_.outcome = train::fit(fit, from ? &*from : nullptr);
    out_.interrupted = out_.outcome.reason == train::StopReason::kInterrupted;
    out_.batch_size = options().train.batch_size;
    out_.train_seconds = steady_seconds() - begun;
    auto& r = out_.source.receipt;
    r.files = static_cast<int>(paths_.size());
    r.n_train = static_cast<int>(training_.size());
    r.n_valid = static_cast<int>(held_out_.size());
    r.epochs = out_.outcome.epochs;
    r.best_epoch = out_.outcome.best_epoch;
    r.stop_reason = train::to_string(out_.outcome.reason);
  }

  void score() {
    const double begun = steady_seconds();
    if (!held_out_.empty()) {
      Figures figures;
      const Samples held = samples(1);
      out_.loss = judge_held_out(course(held), &figures);
      out_.metric = figures.metric;
      const int seed = options().train.seed;
      out_.score = share_of(figures.rows, figures.explained, seed);
      for (const auto& [name, rows] : figures.simple) {
        out_.simple.emplace_back(name, share_of(rows, figures.explained, seed));
      }
    }
    out_.source.receipt.metric = out_.metric;
    out_.source.receipt.score = out_.score.value;
    out_.evaluate_seconds = steady_seconds() - begun;
  }

  const std::vector<std::string>& paths_;
  const SeriesHooks& hooks_;
  SeriesPretrained out_;
  Collected all_;
  std::vector<int> training_, held_out_;
  augment::Pipeline pipeline_;
  std::vector<std::unique_ptr<augment::Pool>> pools_;
  std::vector<std::unique_ptr<std::vector<int>>> labels_;
};

double share_in(const std::vector<Figures::Row>& rows, const std::vector<double>& times,
                bool explained) {
  double part = 0, whole = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    part += times[i] * rows[i].part;
    whole += times[i] * rows[i].whole;
  }
  const double share = whole > 0 ? part / whole : 0;
  return explained ? 1 - share : share;
}

}  // namespace

Share share_of(const std::vector<Figures::Row>& rows, bool explained, int seed) {
  constexpr int kDraws = 1000;
  Share out;
  if (rows.empty()) return out;
  out.value = share_in(rows, std::vector<double>(rows.size(), 1.0), explained);
  base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("share");
  std::vector<double> drawn;
  for (int d = 0; d < kDraws; ++d) {
    drawn.push_back(share_in(rows, score::draw_counts(rows.size(), rng), explained));
  }
  const auto interval = score::percentiles(drawn, out.value, score::lower_share(rows.size()));
  out.low = interval.low;
  out.high = interval.high;
  return out;
}

SeriesPretrained pretrain_series(const std::vector<std::string>& paths, PretextSpec spec,
                                 const SeriesHooks& hooks) {
  return SeriesTraining(paths, std::move(spec), hooks).run();
}

}  // namespace refrain::pretext

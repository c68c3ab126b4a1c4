#include "refrain/forecast/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "refrain/base/at.h"
#include "refrain/base/digest.h"
#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/forecast/blend.h"
#include "refrain/forecast/simple/simple.h"
#include "refrain/forecast/window_rule.h"
#include "refrain/train/checkpoint.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr int kRoundUpdates = 100;     // between two looks at the validation part
constexpr int kMostValidated = 1000;   // windows of such a look
constexpr int kFewestRead = 3;         // steps before the first origin that is trained on
constexpr double kNetworkPrior = 0.5;  // share of the networks beside simple methods

std::vector<std::string> usual_blend(const Plan& plan, bool few_and_long) {
  std::vector<std::string> out = {"theta", "ets", "seasonal_ar"};
  if (few_and_long) out = {"linear_window"};
  if (plan.season() > 1) out.emplace_back("seasonal_naive");
  return out;
}

std::vector<std::string> members_listed(const std::string& names) {
  std::vector<std::string> out;
  std::stringstream in(names);
  for (std::string name; std::getline(in, name, ',');) {
    std::erase(name, ' ');
    if (!name.empty()) out.push_back(name);
  }
  return out;
}

// The mean absolute error of the medians over inner windows, in units of their series.
class WindowProblem : public train::Problem {
 public:
  WindowProblem(const ForecastNetwork& network, const Windows& windows, std::vector<Origin> valid,
                const std::vector<int>& known_end, int threads)
      : network_(network), windows_(windows), valid_(std::move(valid)), threads_(threads) {
    for (const Origin& o : valid_) {
      end_.push_back(known_end[at(o.series)]);
      const auto& history = windows.histories().series[at(o.series)];
      unit_.push_back(error_unit(history, o.at, windows.form().season));
    }
  }

  tape::Var loss(nn::Context&, double) const override {
    throw Error(Code::kInternal, "a forecast has batches of its own");
  }
  double weight(const data::EncodedSample&) const override { return 1; }
  bool has_valid() const override { return !valid_.empty(); }
  train::ValidScore validate() const override {
    const auto said = predict(network_, windows_, valid_, threads_);
    const auto& levels = network_.form().quantiles;
    const auto Q = levels.size();
    const auto median =
        static_cast<std::size_t>(std::find(levels.begin(), levels.end(), 0.5) - levels.begin());
    double sum = 0, n = 0;
    for (std::size_t i = 0; i < valid_.size(); ++i) {
      const auto& value = windows_.histories().series[at(valid_[i].series)].value;
      double own = 0, steps = 0;
      for (int h = 0; h < network_.form().steps(); ++h) {
        const int t = valid_[i].at + h;
        if (t >= end_[i] || !std::isfinite(value[at(t)])) continue;
        own += std::fabs(value[at(t)] - said[i][at(h) * Q + median]) / unit_[i];
        steps += 1;
      }
      if (steps == 0) continue;
      sum += own / steps;
      n += 1;
    }
    const double error = n > 0 ? sum / n : 0;
    return {-error, error};
  }

 private:
  const ForecastNetwork& network_;
  const Windows& windows_;
  std::vector<Origin> valid_;
  std::vector<int> end_;
  std::vector<double> unit_;
  int threads_;
};

// Returns enough origins, evenly spaced.
std::vector<Origin> thinned(const std::vector<Origin>& origins) {
  if (origins.size() <= kMostValidated) return origins;
  std::vector<Origin> out;
  for (std::size_t i = 0; i < kMostValidated; ++i) {
    out.push_back(origins[i * origins.size() / kMostValidated]);
  }
  return out;
}

class Fitting {
 public:
  Fitting(const data::Histories& histories, const Parts& parts, const Plan& plan,
          const Settings& settings, const FitHooks& hooks)
      : histories_(histories), parts_(parts), hooks_(hooks) {
    Forecaster& f = out_.model;
    f.plan = plan;
    f.settings = settings;
    f.calendar = histories.calendar;
    f.known = histories.known;
    f.past = histories.past;
    f.fixed = histories.fixed;
  }

  FittedForecaster run() {
    Forecaster& f = out_.model;
    if (hooks_.start != nullptr) f.settings = formed_as(*hooks_.start, f.settings);
    settle(histories_, parts_.known_end, f.settings);
    f.covariates = fit_covariates(histories_, parts_.known_end);
    f.simple = simple_names();
    // Without inner windows nothing tells whether networks are better than simple methods.
    const bool blind = parts_.inner.empty() && !f.simple.empty();
    const bool networks = f.settings.model == "network" && !blind;
    if (f.settings.model == "network" && blind) {
      hooks_.train.log.info("the series are too short to try networks on: simple methods alone");
    }
    if (networks && !train_networks(parts_.train_end, true)) return std::move(out_);
    for (const auto& name : f.simple) {
      if (simple_methods().at(name).learn == nullptr) continue;
      f.shared[name] = learn_shared(name, histories_, parts_, f.plan, f.settings.train.threads);
    }
    weigh_and_measure();
    for (auto& [name, fit] : f.shared) fit = learn_again(name, histories_, parts_, f.plan, fit);
    const bool again = networks && f.settings.refit && !parts_.fixed && !parts_.inner.empty() &&
                       (f.weights.empty() || f.weights.front() > 0);
    if (again && !train_networks(parts_.known_end, false)) return std::move(out_);
    put_receipt();
    remove_checkpoints();
    return std::move(out_);
  }

 private:
  std::vector<std::string> simple_names() const {
    const Settings& s = out_.model.settings;
    if (s.model != "network") return {s.model};
    auto names = s.blend == "auto"
                     ? usual_blend(out_.model.plan, are_few_and_long(histories_, parts_.known_end))
                     : members_listed(s.blend);
    for (const auto& name : names) simple_methods().at(name);
    return names;
  }

  Drawing drawing(const ForecastNetwork& network, const Windows& windows,
                  const std::vector<int>& ends, int member) const {
    Drawing d;
    d.network = &network;
    d.windows = &windows;
    d.end = ends;
    for (std::size_t s = 0; s < ends.size(); ++s) {
      // A window that is a quarter full tells enough; of a short series each one that tells
      // anything.
      const int wanted = std::max(kFewestRead, windows.form().window / 4);
      d.first.push_back(
          std::max(1, std::min({wanted, ends[s] - windows.form().horizon, ends[s] - 1})));
      if (ends[s] < 2) d.first.back() = ends[s];
      const bool alike = heads().at(network.form().head).likelihood;
      if (windows.form().transform == Transform::kNone && !alike) {
        d.error.push_back(error_unit(histories_.series[s], ends[s], windows.form().season));
      }
    }
    d.batch_size = out_.model.settings.train.batch_size;
    d.threads = out_.model.settings.train.threads;
    d.seed = seed_of(member);
    return d;
  }

  std::uint64_t seed_of(int member) const {
    return static_cast<std::uint64_t>(out_.model.settings.train.seed) * 1000 +
           static_cast<std::uint64_t>(member);
  }

  // False where it was interrupted.
  bool train_networks(const std::vector<int>& ends, bool first_time) {
    Forecaster& f = out_.model;
    const int windows_there = *std::max_element(ends.begin(), ends.end());
    if (windows_there < 2) {
      f.networks.clear();
      return true;
    }
    for (int m = 0; m < f.settings.ensemble; ++m) {
      if (!train_network(ends, m, first_time)) {
        out_.interrupted = true;
        return false;
      }
    }
    return true;
  }

  bool train_network(const std::vector<int>& ends, int member, bool first_time) {
    Forecaster& f = out_.model;
    const NetworkForm form =
        first_time ? make_form(histories_, parts_.train_end, f.plan, f.settings, member)
                   : f.networks[at(member)]->form();
    auto network = std::make_unique<ForecastNetwork>(form);
    network->params().initialise(base::Rng(seed_of(member)).fork("forecast"));
    if (hooks_.start != nullptr) begin(member, *network);
    const Windows windows(histories_, form.window, f.covariates);
    const WindowProblem problem(*network, windows,
                                first_time ? thinned(parts_.inner) : std::vector<Origin>(),
                                parts_.known_end, f.settings.train.threads);
    WindowRule rule(drawing(*network, windows, ends, member));
    train::Fit fit;
    fit.params = &network->params();
    fit.problem = &problem;
    fit.rule = &rule;
    fit.rule_batches = kRoundUpdates;
    fit.train = f.settings.train;
    fit.train.seed = static_cast<int>(seed_of(member) % 1'000'000'007);
    fit.optim = f.settings.optim;
    fit.hooks = hooks_.train;
    if (!first_time) {
      const auto& found = out_.outcomes[at(member)];
      fit.updates = found.best_updates;
      fit.planned_updates = found.planned_updates;
      fit.optim.lr = found.lr;
    }
    const auto from = prepare_checkpoint(fit, member, first_time);
    if (first_time) limit_time(rule, fit);
    auto outcome = train::fit(fit, from ? &*from : nullptr);
    const bool done = outcome.reason != train::StopReason::kInterrupted;
    if (first_time) {
      out_.outcomes.push_back(std::move(outcome));
      f.networks.push_back(std::move(network));
    } else {
      f.networks[at(member)] = std::move(network);
    }
    return done;
  }

  void begin(int member, ForecastNetwork& network) {
    const auto& from = hooks_.start->networks;
    auto taken = take_over(*from[at(member) % from.size()], network);
    if (member == 0) out_.begun = std::move(taken);
  }

  std::string checkpoint_of(int member, bool first_time) const {
    return fmt::format("{}.{}{}", hooks_.checkpoint, first_time ? "network" : "again", member + 1);
  }

  // Returns the state to continue from, if any, and saves checkpoints from now on.
  std::optional<train::State> prepare_checkpoint(train::Fit& fit, int member, bool first_time) {
    if (hooks_.checkpoint.empty()) return std::nullopt;
    if (print_.empty()) print_ = fingerprint();
    const std::string path = checkpoint_of(member, first_time);
    fit.hooks.checkpoint = [this, path](const train::State& state) {
      train::save_checkpoint(path, state, print_);
    };
    if (!hooks_.resume) return std::nullopt;
    auto from = train::load_checkpoint(path, print_);
    if (!from && first_time && member == 0) {
      hooks_.train.log.info("there is no checkpoint yet: starting from the beginning");
    }
    if (from && from->values.size() != fit.params->count()) {
      throw Error(Code::kData, path + ": damaged checkpoint", "leave --resume out to start anew");
    }
    return from;
  }

  // Data, options and parts: who has the same continues with the same bits.
  std::string fingerprint() const {
    Settings s = out_.model.settings;
    s.train.threads = 0;
    base::Digest digest;
    for (const auto& h : histories_.series) digest.add_list(h.value);
    digest.add_list(parts_.train_end).add_list(parts_.known_end);
    if (hooks_.start != nullptr) {
      for (const auto& n : hooks_.start->networks) digest.add_list(n->params().values());
    }
    const base::Json json = {base::fields_to_json(forecast_fields().list(), &s.forecast),
                             base::fields_to_json(nn::encoder_fields().list(), &s.encoder),
                             base::fields_to_json(train::train_fields().list(), &s.train),
                             base::fields_to_json(optim::optim_fields().list(), &s.optim),
                             s.ensemble,
                             digest.hex()};
    return base::sha256(json.dump(-1, ' ', false, base::Json::error_handler_t::replace));
  }

  // With a time limit: as many rounds for each network, and as many networks, as fit in.
  void limit_time(WindowRule& rule, train::Fit& fit) {
    Settings& s = out_.model.settings;
    if (s.seconds <= 0) return;
    if (rounds_ == 0) {
      constexpr int kTried = 3;
      const double begun = base::steady_seconds();
      for (int update = 0; update < kTried; ++update) {
        rule.take({&update, 1}, base::Rng(0));
        rule.evaluate(base::Rng(0), update + 1);
      }
      const double round = (base::steady_seconds() - begun) / kTried * kRoundUpdates * 1.1;
      const double trainings = s.refit && !parts_.fixed ? 2 : 1;
      const double rounds = std::max(2.0, 0.8 * s.seconds / trainings / round);
      s.ensemble =
          std::clamp(static_cast<int>(rounds / std::max(5.0, 0.5 * s.train.epochs)), 1, s.ensemble);
      rounds_ = std::clamp(static_cast<int>(rounds / s.ensemble), 1, s.train.epochs);
      hooks_.train.log.info(fmt::format("in {:.0f} s: {} network{} of {} rounds", s.seconds,
                                        s.ensemble, s.ensemble == 1 ? "" : "s", rounds_));
      s.train.epochs = rounds_;
    }
    fit.train.epochs = rounds_;
  }

  std::vector<double> truth_of(const Origin& o) const {
    const auto& value = histories_.series[at(o.series)].value;
    std::vector<double> out;
    for (int h = 0; h < out_.model.plan.horizon; ++h) {
      const int t = o.at + h;
      const bool seen = t < parts_.known_end[at(o.series)];
      out.push_back(seen ? value[at(t)] : std::nan(""));
    }
    return out;
  }

  // Weights of the parts and the rule of quantiles, by the inner origins.
  void weigh_and_measure() {
    Forecaster& f = out_.model;
    const bool networks = !f.networks.empty();
    f.quantiles.levels = f.plan.quantiles;
    f.quantiles.logs = all_positive(histories_, parts_.known_end);
    if (!networks && f.simple.empty()) f.simple = {"naive"};
    const Voices voices = parts_.inner.empty()
                              ? Voices()
                              : listen(f, histories_, parts_.inner, f.settings.train.threads);
    const auto K = f.simple.size() + (networks ? 1 : 0);
    std::vector<double> prior(K, 1 / static_cast<double>(K));
    if (networks && K > 1) {
      prior.front() = kNetworkPrior;
      std::fill(prior.begin() + 1, prior.end(), (1 - kNetworkPrior) / static_cast<double>(K - 1));
    }
    const auto windows = blend_windows(voices);
    f.weights = blend_weights(windows, prior);
    say_weights(errors_alone(windows, K));
    const auto points =
        parts_.inner.empty() ? std::vector<std::vector<double>>() : mean_of(f, voices);
    std::vector<Spoken> spoken;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Origin& o = parts_.inner[i];
      spoken.push_back({points[i],
                        voices.distances.empty() ? std::vector<double>() : voices.distances[i],
                        error_unit(histories_.series[at(o.series)], o.at, f.plan.season()),
                        truth_of(o), o.series});
    }
    f.quantiles = fit_quantiles(spoken, f.quantiles, f.plan.horizon);
  }

  std::vector<BlendWindow> blend_windows(const Voices& voices) const {
    std::vector<BlendWindow> out;
    for (std::size_t i = 0; i < parts_.inner.size(); ++i) {
      const Origin& o = parts_.inner[i];
      BlendWindow w;
      w.truth = truth_of(o);
      w.unit = error_unit(histories_.series[at(o.series)], o.at, out_.model.plan.season());
      if (!voices.network.empty()) w.forecasts.push_back(voices.network[i]);
      for (const auto& said : voices.simple) w.forecasts.push_back(said[i]);
      out.push_back(std::move(w));
    }
    return out;
  }

  void say_weights(const std::vector<double>& errors) const {
    const Forecaster& f = out_.model;
    if (f.weights.size() < 2 || parts_.inner.empty()) return;
    std::string text;
    std::size_t k = 0;
    const auto add = [&](const std::string& name) {
      text +=
          fmt::format("{}{} {:.2f} ({:.3f})", k == 0 ? "" : ", ", name, f.weights[k], errors[k]);
      ++k;
    };
    if (!f.networks.empty()) add("networks");
    for (const auto& name : f.simple) add(name);
    hooks_.train.log.info(
        fmt::format("weights by {} inner windows (and the error of each alone): {}",
                    parts_.inner.size(), text));
  }

  void remove_checkpoints() const {
    if (hooks_.checkpoint.empty()) return;
    std::error_code ignored;
    for (int m = 0; m < out_.model.settings.ensemble; ++m) {
      std::filesystem::remove(checkpoint_of(m, true), ignored);
      std::filesystem::remove(checkpoint_of(m, false), ignored);
    }
  }

  void put_receipt() {
    Forecaster& f = out_.model;
    f.receipt.n_series = static_cast<int>(histories_.series.size());
    for (const int end : parts_.known_end) f.receipt.n_values += end;
    f.receipt.stop_reason = "fitted";
    for (const auto& o : out_.outcomes) {
      f.receipt.epochs = std::max(f.receipt.epochs, o.epochs);
      f.receipt.best_epoch = std::max(f.receipt.best_epoch, o.best_epoch);
      f.receipt.stop_reason = train::to_string(o.reason);
    }
  }

  const data::Histories& histories_;
  const Parts& parts_;
  const FitHooks& hooks_;
  FittedForecaster out_;
  std::string print_;
  int rounds_ = 0;  // that a time limit allows
};

}  // namespace

FittedForecaster fit_forecaster(const data::Histories& histories, const Parts& parts,
                                const Plan& plan, const Settings& settings, const FitHooks& hooks) {
  return Fitting(histories, parts, plan, settings, hooks).run();
}

}  // namespace refrain::forecast

#include "refrain/task/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"
#include "refrain/augment/usual.h"
#include "refrain/base/duration.h"
#include "refrain/data/streams.h"
#include "refrain/method/method.h"
#include "refrain/task/held_out.h"
#include "refrain/task/preset.h"
#include "refrain/task/task.h"
#include "refrain/task/variants.h"

namespace refrain::task {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(1, values.size()));
}

// How much lower the loss of b is than that of a, in standard errors of the paired difference.
double advantage(const Tried& a, const Tried& b) {
  std::vector<double> gain(a.loss.size());
  for (std::size_t i = 0; i < gain.size(); ++i) gain[i] = a.loss[i] - b.loss[i];
  const double m = mean(gain), n = static_cast<double>(gain.size());
  double squares = 0;
  for (const double g : gain) squares += (g - m) * (g - m);
  const double error = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
  return error > 0 ? m / error : 0;
}

std::string name_of(const OptionValues& options) {
  std::string out;
  for (const auto& [name, value] : options) {
    std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    if (name == "augment") shown = shown.empty() ? "none" : "'" + shown + "'";
    if (name == "meanings" && shown.empty()) shown = "none";
    out += fmt::format("{}--{} {}", out.empty() ? "" : " ", base::option_name(name), shown);
  }
  return out.empty() ? "the options as they are" : out;
}

void set_all(Spec& spec, const OptionValues& options) {
  const auto fields = spec_fields();
  for (const auto& [name, value] : options) {
    spec.given.insert(base::set_field(fields.list(), &spec, name, value));
  }
}

// Returns the share of the networks in the average with the simple methods.
double share_of_networks(const Spec& spec) {
  const auto methods =
      static_cast<double>(method::methods_of(spec.model.blend, predicts(spec)).size());
  const double weight = spec.model.blend_weight == kAutoWeight ? 1 : spec.model.blend_weight;
  return 1 / (1 + methods * weight);
}

// With less than this another choice would cost minutes and change next to no decision.
constexpr double kLeastShare = 0.25;
// With less than this an augmentation is judged without the networks.
constexpr double kShareToJudge = 0.4;

// A candidate as it is tried: one network, and where the members count what is averaged with it.
Spec tried_as(const Spec& spec, const OptionValues& options, bool members) {
  Spec out = spec;
  set_all(out, options);
  if (out.augment.augment == "auto") out.augment.augment = "";  // it is chosen later
  if (!members) set_all(out, {{"blend", ""}});
  if (!members || out.model.blend_weight == kAutoWeight) set_all(out, {{"blend_weight", 1}});
  set_all(out, {{"ensemble", 1},
                {"blend_repeats", 1},
                {"calibrate", false},
                {"distil", false},
                {"refit", false},
                {"time_limit", ""}});
  if (members && methods_judge(spec)) set_all(out, {{"epochs", 1}});
  return out;
}

class Search {
 public:
  Search(Spec& spec, const FitParts& parts, const FitHooks& hooks, Choice choice)
      : spec_(spec), parts_(parts), hooks_(hooks), choice_(choice), pool_(parts.train) {
    if (parts.valid_data == parts.train_data) {
      pool_.insert(pool_.end(), parts.valid.begin(), parts.valid.end());
      std::sort(pool_.begin(), pool_.end());
    }
    const data::Subset all{*parts.train_data, pool_};
    goal_ = task_of(spec).fit({all, all, parts.classes}, spec);
    gather_kinds();
  }

  void run(const std::vector<OptionValues>& candidates, const SearchTime& time) {
    settle_on(spec_, candidates, candidates.front());
    if (cut_inner_folds(*parts_.train_data, pool_, task_of(spec_), rng()).empty()) {
      hooks_.log.info(fmt::format("search: left out, {}", kNoInnerFolds));
      return;
    }
    const double start = base::steady_seconds();
    double longest = time.each;
    for (const auto& options : candidates) {
      const double begin = base::steady_seconds();
      const double needed = tried_.empty() ? 2 * longest : longest;  // one alone says nothing
      if (time.seconds > 0 && begin - start + needed > time.seconds) break;
      if (!attempt(options)) return;
      longest = std::max(longest, base::steady_seconds() - begin);
    }
    if (tried_.empty()) {
      hooks_.log.info("search: left out, there is no time for it");
      return;
    }
    if (tried_.size() < candidates.size()) {
      hooks_.log.info(fmt::format("search: {} of {} candidates fit into the time", tried_.size(),
                                  candidates.size()));
    }
    const auto& best = tried_[choose(tried_, choice_)];
    hooks_.log.info(fmt::format("search: taken is {}", name_of(best.options)));
    set_all(spec_, best.options);
  }

 private:
  base::Rng rng() const {
    return base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("search");
  }

  // The kinds of members that are tried, and their shares of the answers.
  void gather_kinds() {
    const auto& m = spec_.model;
    std::vector<double> weights = {1};
    kinds_ = {m.model};
    if (choice_.members && m.model == "network") {
      if (methods_judge(spec_)) weights.front() = 0;
      for (const auto& method : method::methods_of(m.blend, predicts(spec_))) {
        kinds_.push_back(method);
        weights.push_back(m.blend_weight == kAutoWeight ? 1 : m.blend_weight);
      }
    }
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (const double weight : weights) shares_.push_back(weight / total);
  }

  // False where it was stopped.
  bool attempt(const OptionValues& options) {
    const Spec spec = tried_as(spec_, options, choice_.members);
    const auto held =
        hold_out({spec, *parts_.train_data, pool_, goal_, kinds_, rng()}, hooks_.stop);
    if (!held) return false;
    const Tried tried = judged(options, *held);
    std::string beside;
    if (!tried_.empty()) {
      beside = fmt::format(" ({:+.1f} standard errors)", advantage(tried_.front(), tried));
    }
    const Judge& judge = goal_->judge();
    const std::string right =
        judge.has_right() ? fmt::format(", {} of {} right", tried.right, tried.loss.size()) : "";
    hooks_.log.info(fmt::format("search: {}: {} {:.3f}{}{}", name_of(options), judge.loss_name(),
                                mean(tried.loss), right, beside));
    tried_.push_back(tried);
    return true;
  }

  Tried judged(const OptionValues& options, const HeldOut& held) const {
    const Judge& judge = goal_->judge();
    const auto answers = held.averaged(shares_);
    const auto width = static_cast<std::size_t>(goal_->width());
    Tried tried{options, {}, 0};
    Row row = answers.data();
    for (std::size_t i = 0; i < held.truth.size(); ++i) {
      tried.loss.push_back(judge.loss(row, held.truth[i]));
      tried.right += judge.is_right(row, held.truth[i]) ? 1 : 0;
      row += rows_of(held.truth[i]) * width;
    }
    return tried;
  }

  Spec& spec_;
  const FitParts& parts_;
  const FitHooks& hooks_;
  Choice choice_;
  std::vector<int> pool_;
  std::shared_ptr<const Goal> goal_;
  std::vector<std::string> kinds_;
  std::vector<double> shares_;
  std::vector<Tried> tried_;
};

}  // namespace

bool methods_judge(const Spec& spec) { return share_of_networks(spec) < kShareToJudge; }

std::vector<OptionValues> candidates_of(const Spec& spec, const TrainingData& data) {
  if (spec.model.model != "network") return {};
  std::vector<OptionValues> list;
  const bool free_views =
      !spec.given.contains("views") && !data.text && !data.sound && !data.states;
  if (spec.encoder.hidden == nn::kAutoHidden) {
    list = {{{"hidden", 64}, {"layers", 1}}, {{"hidden", 32}, {"layers", 1}},
            {{"hidden", 16}, {"layers", 1}}, {{"hidden", 128}, {"layers", 1}},
            {{"hidden", 64}, {"layers", 2}}, {{"hidden", 32}, {"layers", 2}}};
  } else if (spec.preset == "best" && free_views && share_of_networks(spec) >= kLeastShare) {
    list = {{}, {{"views", "raw"}}, {{"views", "raw,step_scaled,difference"}}};
  }
  return list;
}

std::size_t choose(const std::vector<Tried>& tried, const Choice& choice) {
  std::size_t best = 0;
  if (tried.size() > 1 && choice.expected && tried[1].right >= tried[0].right &&
      advantage(tried[0], tried[1]) > 0) {
    best = 1;
  }
  const std::size_t first = best;
  for (std::size_t k = first + 1; k < tried.size(); ++k) {
    const double gain = advantage(tried[first], tried[k]);
    if (gain <= 0 || gain < choice.errors) continue;
    if (choice.strict && tried[k].right < tried[first].right) continue;
    if (best == first || mean(tried[k].loss) < mean(tried[best].loss)) best = k;
  }
  return best;
}

void settle_on(Spec& spec, const std::vector<OptionValues>& candidates,
               const OptionValues& chosen) {
  set_all(spec, chosen);
  for (const auto& options : candidates) {
    for (const auto& [name, value] : options) spec.given.insert(name);
  }
}

void search_options(Spec& spec, const FitParts& parts, const FitHooks& hooks,
                    const SearchTime& time) {
  const auto candidates = candidates_of(spec, facts_of(parts));
  if (candidates.empty()) return;
  Search(spec, parts, hooks, {}).run(candidates, time);
}

namespace {

constexpr int kVariants = 8;  // of a series that is predicted

// True if a simple method reads meanings of words and --meanings was not given.
bool wants_meanings(const Spec& spec) {
  if (spec.given.contains("meanings")) return false;
  for (const auto& method : simple_methods(spec)) {
    if (method::all_methods().at(method).make()->reads_meanings()) return true;
  }
  return false;
}

}  // namespace

void search_augmentation(Spec& spec, const FitParts& parts, const FitHooks& hooks,
                         const SearchTime& time) {
  const augment::Pool pool(*parts.train_data, parts.train);
  const std::string meanings = wants_meanings(spec) ? augment::usual_meanings(pool) : "";
  if (!meanings.empty()) {
    const std::vector<OptionValues> readings = {{{"meanings", ""}}, {{"meanings", meanings}}};
    Search(spec, parts, hooks, {0, false, false, true}).run(readings, time);
    if (hooks.stop != nullptr && hooks.stop->load()) return;
  }
  std::vector<OptionValues> candidates = {{{"augment", ""}}};
  if (methods_judge(spec) && variant_rounds(pool.size()) == 0) {
    settle_on(spec, candidates, candidates.front());
    hooks.log.info(
        fmt::format("search: --augment none: the simple methods learn from {} samples as they are",
                    pool.size()));
    return;
  }
  const bool heard = parts.train_data->front != nullptr;
  const bool series = data::are_all(parts.train_data->streams, data::StreamKind::kSeries);
  const bool varies = series && !heard && !spec.given.contains("tta");
  for (auto& usual : augment::usual_of(*parts.train_data)) {
    if (!augment::can_be_done(usual, pool)) continue;
    OptionValues options = {{"augment", usual}};
    if (varies) options.emplace_back("tta", kVariants);
    candidates.push_back(std::move(options));
  }
  Search(spec, parts, hooks, {2, true, !heard, true}).run(candidates, time);
}

}  // namespace refrain::task

#include <algorithm>

#include "refrain/task/distil.h"
#include "refrain/task/expected_time.h"
#include "refrain/task/fitting.h"

namespace refrain::task {
namespace {

NetworksJob networks_job(const Fitting& fit) {
  NetworksJob job{fit.spec, fit.parts, nullptr, fit.model().goal};
  if (fit.spec.split.refit) job.all = &fit.whole.all;
  job.count = fit.spec.model.ensemble;
  job.alone = fit.spec.model.ensemble == 1 && !fit.spec.split.refit && !fit.spec.model.distil;
  return job;
}

// Where a training was stopped some networks may not have begun: only the others are members.
void leave_unbegun_out(Networks& trained) {
  const auto begun = [](const train::Outcome& o) { return o.epochs > 0; };
  if (std::none_of(trained.outcomes.begin(), trained.outcomes.end(), begun)) return;
  std::vector<std::unique_ptr<Network>> kept;
  for (std::size_t k = 0; k < trained.networks.size(); ++k) {
    const auto& o = trained.outcomes[k];
    const bool stopped = o.reason == train::StopReason::kInterrupted;
    if (!stopped || begun(o)) kept.push_back(std::move(trained.networks[k]));
  }
  trained.networks = std::move(kept);
}

// The networks become the first members, even if simple methods were fitted before them.
void put_in(Fitting& fit, Networks trained) {
  leave_unbegun_out(trained);
  Model& model = fit.model();
  fit.fitted.outcomes = std::move(trained.outcomes);
  fit.fitted.refits = std::move(trained.refits);
  fit.fitted.begun = std::move(trained.begun);
  model.features = trained.networks.front()->features();
  const auto count = static_cast<double>(trained.networks.size());
  std::vector<Member> members;
  for (auto& network : trained.networks) {
    members.push_back({"network", std::move(network), 1 / count});
  }
  for (auto& other : model.members) members.push_back(std::move(other));
  model.members = std::move(members);
}

train::ValidScore valid_score(const train::Outcome& outcome) {
  if (!outcome.has_valid || outcome.best_epoch < 1) return {};
  return outcome.history[static_cast<std::size_t>(outcome.best_epoch - 1)].valid;
}

// On the validation part, or where there is none on all that was held out in the inner folds.
// Nobody was trained on a validation file, unless it was trained on again.
void judge_all_members(const Fitting& fit, const std::vector<double>& held_out, Distilled& d) {
  if (!d.has_valid || !fit.whole.valid.empty()) {
    judge_members(*fit.held, fit.judge(), held_out, fit.whole.valid, d);
    return;
  }
  const data::Subset valid{*fit.parts.valid_data, fit.parts.valid};
  d.samples = valid.size();
  d.of_members = fit.judge().score(fit.model().goal->truths(valid), fit.model().predict(valid, 1));
}

}  // namespace

void add_networks(Fitting& fit) {
  const auto job = networks_job(fit);
  if (fit.hooks.inner || fit.is_limited()) {
    put_in(fit, fit_networks(job, fit.hooks));
    return;
  }
  const bool folds = fit.spec.model.blend_weight == kAutoWeight ||
                     fit.model().goal->wants_held_out() || fit.spec.model.distil;
  put_in(fit, fit_networks(job, with_expected_time(fit.hooks, rounds_of(fit.spec, folds))));
}

void distil(Fitting& fit) {
  const auto taught = fit.held->averaged(shares_of(fit.model()));
  Distilled d;
  d.members = static_cast<int>(fit.model().members.size());
  d.has_valid = !fit.parts.valid.empty();
  judge_all_members(fit, taught, d);
  const auto soft = soft_targets(*fit.held, taught);
  NetworksJob job = networks_job(fit);
  job.count = 1;
  job.stage = "distilled";
  job.alone = false;
  job.soft = &soft;
  fit.model().members.clear();
  put_in(fit, fit_networks(job, fit.hooks));
  d.of_network = valid_score(fit.fitted.outcomes.front());
  if (!fit.goes_on()) return;
  fit.hooks.log.info(sentence_of(d, fit.judge()));
  fit.fitted.distilled = d;
}

}  // namespace refrain::task

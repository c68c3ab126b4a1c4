#include "refrain/task/networks.h"

#include <fmt/format.h>

#include "refrain/base/threads.h"
#include "refrain/task/augmenting.h"
#include "refrain/task/source.h"
#include "refrain/task/transfer.h"
#include "refrain/task/tuned.h"

namespace refrain::task {
namespace {

using data::EncodedSample;
using train::StopReason;

int seed_of(int seed, int number) {
  if (number == 0) return seed;
  const auto rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("ensemble");
  return static_cast<int>(rng.fork(static_cast<std::uint64_t>(number)).key() >> 33);
}

// The networks of one round, with what they are trained on.
class Round {
 public:
  Round(const NetworksJob& job, const FitParts& parts, std::string stage)
      : job_(job),
        parts_(parts),
        n_train_(static_cast<int>(parts.train.size())),
        stage_(std::move(stage)) {
    const auto lists = data::Views::lists(job.spec.features.views);
    const auto source = source_of(job.spec);
    const data::Features* known = source == nullptr ? nullptr : &source->features;
    for (int i = 0; i < job.count; ++i) {
      Spec own = job.spec;
      own.train.seed = seed_of(job.spec.train.seed, i);
      own.features.views = lists[static_cast<std::size_t>(i) % lists.size()];
      if (job.count > 1) own.train.threads = 1;
      const auto features =
          static_cast<std::size_t>(i) < lists.size()
              ? data::Features::fit(*parts.train_data, parts.train, own.features, known)
              : networks[static_cast<std::size_t>(i) % lists.size()]->features();
      networks.push_back(std::make_unique<Network>(std::move(own), features, job.goal));
      begin_tuned();
      if (source != nullptr) begin_with(*source, i);
      const std::string& vectors = job.spec.transfer.vectors;
      if (vectors.empty()) continue;
      auto found = take_vectors(vectors, *parts.train_data, *networks.back());
      if (i == 0) begun_.sentences.push_back(std::move(found));
    }
    for (std::size_t k = 0; k < std::min(lists.size(), networks.size()); ++k) {
      samples_.push_back(encode_parts(*networks[k], parts));
      if (job.soft != nullptr) soften(samples_.back());
    }
    states_.resize(networks.size());
    for (const auto& network : networks) frozen_.push_back(frozen_of(network->params()));
    if (job.spec.augment.augment.empty()) return;
    for (std::size_t k = 0; k < samples_.size(); ++k) {
      augmenting_.push_back(
          std::make_unique<Augmenting>(*networks[k], *parts.train_data, parts.train, samples_[k]));
    }
  }

  // After the training: whether what is frozen is as it was.
  Begun begun() const {
    Begun out = begun_;
    for (std::size_t i = 0; i < networks.size(); ++i) {
      const Frozen now = frozen_of(networks[i]->params());
      out.unchanged = out.unchanged && now.hash == frozen_[i].hash;
    }
    out.frozen = frozen_.front().count;
    out.frozen_hash = frozen_.front().hash;
    return out;
  }

  void resume(const FitHooks& hooks) {
    for (int i = 0; hooks.resume && i < job_.count; ++i) {
      states_[static_cast<std::size_t>(i)] = hooks.resume(run(i));
    }
  }

  // `first`: the training before, after which this one is the second.
  train::Outcome fit(int i, const FitHooks& hooks, const train::Outcome* first) {
    const auto& state = states_[static_cast<std::size_t>(i)];
    train::Hooks watching;
    watching.stop = hooks.stop;
    if (hooks.watch) watching = hooks.watch(run(i));
    watching.deadline = hooks.deadline;
    if (!augmenting_.empty()) {
      const auto& own = *augmenting_[static_cast<std::size_t>(i) % augmenting_.size()];
      watching.vary = [&own](int place, const base::Rng& epoch, EncodedSample& out) {
        own.vary(place, epoch, out);
      };
    }
    Network& network = *networks[static_cast<std::size_t>(i)];
    const train::State* from = state ? &*state : nullptr;
    if (first != nullptr) return network.fit_again(samples_of(i), *first, watching, from);
    return network.fit(samples_of(i), n_train_, watching, from);
  }

  int size() const { return n_train_; }
  void tell(const base::Log& log) const {
    for (const auto& sentence : begun_.sentences) log.info(sentence);
    if (augmenting_.empty()) return;
    for (const auto& note : augmenting_.front()->notes()) log.info(note);
  }

  std::vector<std::unique_ptr<Network>> networks;

 private:
  NetworkRun run(int i) const {
    return {i,      job_.count, *networks[static_cast<std::size_t>(i)], samples_of(i),
            stage_, job_.alone};
  }

  void begin_tuned() {
    Network& network = *networks.back();
    if (!is_tuned(network)) return;
    if (!tuned_) tuned_.emplace(network, data::Subset{*parts_.train_data, parts_.train});
    tuned_->put_in(network);
  }

  void begin_with(const Source& source, int number) {
    Moved moved = move_over(source, *networks.back());
    if (number > 0) return;
    begun_.source = source.path;
    begun_.sentences = sentences_of(moved, source);
    begun_.taken = std::move(moved.taken);
    begun_.anew = std::move(moved.anew);
  }

  const std::vector<EncodedSample>& samples_of(int i) const {
    return samples_[static_cast<std::size_t>(i) % samples_.size()];
  }

  void soften(std::vector<EncodedSample>& samples) const {
    for (int i = 0; i < n_train_; ++i) {
      EncodedSample& sample = samples[static_cast<std::size_t>(i)];
      const auto found = job_.soft->find(sample.index);
      if (found != job_.soft->end()) job_.goal->soften(sample, found->second.data());
    }
  }

  const NetworksJob& job_;
  const FitParts& parts_;
  int n_train_;
  std::string stage_;
  std::vector<std::vector<EncodedSample>> samples_;      // one a list of views
  std::vector<std::unique_ptr<Augmenting>> augmenting_;  // the same; none without --augment
  std::vector<std::optional<train::State>> states_;
  std::optional<TunedStart> tuned_;
  Begun begun_;
  std::vector<Frozen> frozen_;  // of each network, before the training
};

}  // namespace

Networks fit_networks(const NetworksJob& job, const FitHooks& hooks) {
  Round first(job, job.parts, job.stage);
  std::optional<Round> second;
  if (job.all != nullptr)
    second.emplace(job, *job.all, job.stage.empty() ? "refit" : job.stage + ".refit");
  first.tell(hooks.log);
  first.resume(hooks);
  if (second) second->resume(hooks);
  Networks out;
  out.outcomes.resize(first.networks.size());
  if (second) out.refits.resize(first.networks.size());
  base::parallel_for(job.count, job.count == 1 ? 1 : job.spec.train.threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    auto& outcome = out.outcomes[at];
    outcome = first.fit(i, hooks, nullptr);
    const bool cut =
        outcome.reason == StopReason::kInterrupted || outcome.reason == StopReason::kTime;
    if (!second || cut) return;
    if (i == 0) {
      hooks.log.info(
          fmt::format("training again on all {} samples, for the {} updates that early "
                      "stopping found best",
                      second->size(), outcome.best_updates));
    }
    const auto again = second->fit(i, hooks, &outcome);
    const bool stopped = again.reason == StopReason::kInterrupted;
    if (stopped) outcome.reason = again.reason;
    // A part of it is worth less than the first.
    if (stopped || again.reason == StopReason::kTime) return;
    first.networks[at] = std::move(second->networks[at]);
    out.refits[at] = {second->size(), again.epochs, outcome.best_updates};
  });
  out.begun = first.begun();
  out.networks = std::move(first.networks);
  return out;
}

}  // namespace refrain::task

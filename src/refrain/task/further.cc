#include "refrain/task/further.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"

namespace refrain::task {
namespace {

std::unique_ptr<Network> copy_of(const Member& member) {
  const Network* network = member.learner->network();
  if (network == nullptr) {
    throw Error(Code::kUnsupported,
                fmt::format("the method {} cannot be trained further", member.method),
                "fit networks alone (--preset none, or --blend '') to train them further");
  }
  auto copy =
      std::make_unique<Network>(network->spec(), network->features(), network->shared_goal());
  copy->params().values() = network->params().values();
  return copy;
}

// All of a model but its members.
Model frame_of(const Model& model) {
  Model out;
  out.spec = model.spec;
  out.features = model.features;
  out.goal = model.goal;
  out.columns = model.columns;
  out.temperature = model.temperature;
  out.receipt = model.receipt;
  out.label_kind = model.label_kind;
  out.given = model.given;
  out.offset = model.offset;
  return out;
}

Spec settled(const Spec& how, const Network& network, const Model& model, int threads) {
  Spec out = how;
  const auto seed = static_cast<std::uint64_t>(network.spec().train.seed);
  const auto passes = static_cast<std::uint64_t>(model.receipt.epochs);
  out.train.seed = static_cast<int>(base::Rng(seed).fork("further").fork(passes).key() >> 33);
  out.train.threads = threads;
  out.train.average = "none";
  out.optim.schedule = "constant";
  out.optim.warmup = 0;
  return out;
}

}  // namespace

Fitted fit_further(const Model& model, const Spec& how, const FitParts& parts,
                   const FitHooks& hooks) {
  model.features.check(*parts.train_data);
  Fitted out;
  out.model = frame_of(model);
  std::vector<std::unique_ptr<Network>> networks;
  for (const Member& member : model.members) networks.push_back(copy_of(member));
  const int count = static_cast<int>(networks.size());
  const int threads = how.train.threads > 0 ? how.train.threads : base::core_count();
  out.outcomes.resize(networks.size());
  base::parallel_for(count, count == 1 ? 1 : threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    Network& network = *networks[at];
    const Spec own = settled(how, network, model, count == 1 ? threads : 1);
    const auto samples = network.encode(*parts.train_data, parts.train);
    train::Hooks watching;
    watching.stop = hooks.stop;
    if (hooks.watch) watching = hooks.watch({i, count, network, samples, "", count == 1});
    watching.deadline = hooks.deadline;
    out.outcomes[at] = network.fit_further(samples, own.train, own.optim, watching);
  });
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const Member& member = model.members[i];
    out.model.members.push_back(
        {member.method, std::move(networks[i]), member.weight, member.temperature});
  }
  int epochs = 0;
  for (const auto& outcome : out.outcomes) epochs = std::max(epochs, outcome.epochs);
  Receipt& receipt = out.model.receipt;
  receipt.epochs += epochs;
  receipt.best_epoch = receipt.epochs;
  receipt.n_train += static_cast<int>(parts.train.size());
  return out;
}

}  // namespace refrain::task

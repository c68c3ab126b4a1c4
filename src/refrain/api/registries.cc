#include "refrain/api/registries.h"

#include "refrain/data/reader.h"
#include "refrain/kernels/cells.h"
#include "refrain/optim/optimiser.h"
#include "refrain/optim/schedule.h"
#include "refrain/score/metrics.h"
#include "refrain/task/baselines/baseline.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

template <class T>
std::vector<Listed> rows(const base::Registry<T>& registry) {
  std::vector<Listed> out;
  for (const auto& item : registry.items()) out.push_back({item.name, item.description});
  return out;
}

using Lister = std::vector<Listed> (*)();

const base::Registry<Lister>& registries() {
  static const base::Registry<Lister> list(
      "registry",
      {{"cells", "recurrent cells", [] { return rows(kernels::cells()); }},
       {"optimisers", "how gradients become steps", [] { return rows(optim::optimisers()); }},
       {"schedules", "learning rate over the training", [] { return rows(optim::schedules()); }},
       {"readers", "data formats", [] { return rows(data::readers()); }},
       {"tasks", "what can be learned", [] { return rows(task::tasks()); }},
       {"baselines", "simple methods beside the network", [] { return rows(task::baselines()); }},
       {"metrics", "scores", [] { return rows(score::classification_metrics()); }}});
  return list;
}

}  // namespace

std::vector<std::string> registry_names() { return registries().names(); }

std::vector<Listed> list_registry(const std::string& name) { return registries().at(name)(); }

}  // namespace refrain::api

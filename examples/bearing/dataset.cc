#include "bearing/dataset.h"

#include <fmt/format.h>

#include "bearing/machine.h"
#include "bearing/sensor.h"
#include "refrain/base/rng.h"

namespace refrain::bearing {
namespace {

std::vector<Condition> shuffled_conditions(int per_condition, base::Rng rng) {
  std::vector<Condition> out;
  for (const Condition condition : kConditions) out.insert(out.end(), per_condition, condition);
  rng.shuffle(out);
  return out;
}

LabelledRun make_run(const Machine& machine, Condition condition, const DatasetSpec& spec,
                     const base::Rng& rng) {
  const Run run = draw_run(rng.fork("run"), condition);
  Recording recording = record(machine, run, spec.length, rng);
  LabelledRun out{"", machine.name, condition_name(condition), {}};
  out.channels.push_back(std::move(recording.envelope));
  if (spec.channels == 2) out.channels.push_back(std::move(recording.acceleration));
  return out;
}

}  // namespace

std::vector<LabelledRun> make_dataset(const DatasetSpec& spec) {
  const base::Rng root = base::Rng(spec.seed).fork("bearing");
  std::vector<LabelledRun> out;
  for (int i = 0; i < spec.machines; ++i) {
    const int number = spec.first_machine + i;
    const Machine machine = draw_machine(root, number);
    const base::Rng rng = root.fork("runs").fork(static_cast<std::uint64_t>(number));
    const auto conditions = shuffled_conditions(spec.per_condition, rng.fork("order"));
    for (std::size_t k = 0; k < conditions.size(); ++k) {
      out.push_back(make_run(machine, conditions[k], spec, rng.fork(k)));
      out.back().id = fmt::format("{}_run_{:02}", machine.name, k + 1);
    }
  }
  return out;
}

}  // namespace refrain::bearing

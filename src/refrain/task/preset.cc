#include "refrain/task/preset.h"

#include <algorithm>
#include <array>

namespace refrain::task {
namespace {

using base::Json;

struct Setting {
  const char* option;
  Json value;
};
using Settings = std::vector<Setting>;

Settings fast(const TrainingData&) { return {}; }

Settings good(const TrainingData& data) {
  return {{"ensemble", 3}, {"blend", data.text ? "pieces_logistic" : "minirocket"}};
}

Settings best(const TrainingData& data) {
  Settings list = good(data);
  list.push_back({"ensemble", 10});
  return list;
}

// Whoever names one of these wants this network, and not another one around it.
bool tells_the_network(const base::Field& field) {
  constexpr std::array kSections = {"Model",          "Network",  "Regularisation",
                                    "Classification", "Training", "Optimisation"};
  constexpr std::array kHarmless = {"calibrate", "cost", "seed", "class_weight"};
  return std::find(kSections.begin(), kSections.end(), field.section) != kSections.end() &&
         std::find(kHarmless.begin(), kHarmless.end(), field.name) == kHarmless.end();
}

bool network_is_told(const Spec& spec) {
  const auto fields = spec_fields();
  for (const auto& field : fields.list()) {
    if (spec.given.contains(field.name) && tells_the_network(field)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> preset_names() { return {"auto", "none", "fast", "good", "best"}; }

void apply_preset(Spec& spec, const TrainingData& data) {
  if (spec.preset == "auto") spec.preset = network_is_told(spec) ? "none" : "good";
  if (spec.preset == "none" || spec.model.model != "network") return;
  const auto fields = spec_fields();
  const Settings settings = spec.preset == "fast"   ? fast(data)
                            : spec.preset == "good" ? good(data)
                                                    : best(data);
  for (const auto& [option, value] : settings) {
    if (!spec.given.contains(option)) base::set_field(fields.list(), &spec, option, value);
  }
}

}  // namespace refrain::task

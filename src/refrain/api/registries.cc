#include "refrain/api/registries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/augment/pipeline.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/reader.h"
#include "refrain/kernels/cells.h"
#include "refrain/method/method.h"
#include "refrain/optim/optimiser.h"
#include "refrain/optim/schedule.h"
#include "refrain/score/metrics.h"
#include "refrain/score/regression.h"
#include "refrain/score/replies.h"
#include "refrain/score/tagging.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

template <class T>
std::vector<Listed> rows(const base::Registry<T>& registry) {
  std::vector<Listed> out;
  for (const auto& item : registry.items()) out.push_back({item.name, item.description});
  return out;
}

// "sigma=0.03  deviation of the noise (0 to 1000)", and so on, and last the probability.
std::vector<std::string> options_of(const augment::Kind& kind) {
  std::vector<std::string> out;
  const base::Json values = kind.make(base::Json::object())->options();
  for (const auto& field : kind.fields) {
    const base::Json& value = values[field.name];
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    std::string range;
    if (field.type == base::FieldType::kInteger || field.type == base::FieldType::kNumber) {
      range = fmt::format(" ({:g} to {:g})", field.low, field.high);
    } else if (field.type == base::FieldType::kChoice) {
      range = fmt::format(" ({})", fmt::join(field.choices, ", "));
    }
    out.push_back(fmt::format("{}={}  {}{}", field.name, shown, field.help, range));
  }
  out.push_back(fmt::format("p={}  how often it is applied", kind.p));
  return out;
}

std::vector<Listed> augmentations() {
  std::vector<Listed> out;
  for (const auto& item : augment::operations().items()) {
    out.push_back({item.name, item.description, options_of(item.value)});
  }
  for (const auto& group : augment::groups()) {
    out.push_back({group.name, group.description, {group.options}});
  }
  return out;
}

using Lister = std::vector<Listed> (*)();

// A name that several kinds of answers have stands there once.
std::vector<Listed> metrics() {
  std::vector<Listed> out;
  for (const auto* registry : {&score::classification_metrics(), &score::regression_metrics(),
                               &score::tagging_metrics(), &score::reply_metrics()}) {
    for (auto& row : rows(*registry)) {
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const Listed& item) { return item.name == row.name; });
      if (!known) out.push_back(std::move(row));
    }
  }
  return out;
}

// Of samples, and of pairs of texts and transcripts, which are read for one task each.
std::vector<Listed> reader_rows() {
  auto out = rows(data::readers());
  for (auto& row : rows(data::pair_readers())) out.push_back(std::move(row));
  out.push_back({"transcripts", "transcribe: a folder with x.txt beside x.wav, or *.trans.txt"});
  return out;
}

// Forecasts continue histories, and replies are written symbol by symbol: both have a path of their
// own.
std::vector<Listed> tasks() {
  auto out = rows(task::tasks());
  out.push_back({"forecast", "the next values of series in time; scored by MASE"});
  out.push_back({"translate", "a text for each text; scored by BLEU"});
  out.push_back({"transcribe", "the text of each recording or series; scored by word errors"});
  return out;
}

const base::Registry<Lister>& registries() {
  static const base::Registry<Lister> list(
      "registry",
      {{"augmentations", "what --augment is made of", augmentations},
       {"cells", "recurrent cells", [] { return rows(kernels::cells()); }},
       {"optimisers", "how gradients become steps", [] { return rows(optim::optimisers()); }},
       {"schedules", "learning rate over the training", [] { return rows(optim::schedules()); }},
       {"readers", "data formats", reader_rows},
       {"tasks", "what can be learned", tasks},
       {"baselines", "simple methods beside the network",
        [] { return rows(method::all_methods()); }},
       {"metrics", "scores", metrics}});
  return list;
}

}  // namespace

std::vector<std::string> registry_names() { return registries().names(); }

std::vector<Listed> list_registry(const std::string& name) { return registries().at(name)(); }

}  // namespace refrain::api

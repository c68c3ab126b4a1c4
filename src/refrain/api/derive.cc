#include "refrain/api/derive.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/option_info.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/augment/derive.h"
#include "refrain/base/threads.h"

namespace refrain::api {
namespace {

using augment::Pipeline;

constexpr int kMostCopies = 1000;

const char* name_of(data::StreamKind kind) {
  if (kind == data::StreamKind::kSound) return "sound";
  return kind == data::StreamKind::kText ? "text" : "series";
}

void add(data::Sample& sample, bool labelled, Derived& out) {
  data::Value& value = sample.streams.front();
  if (auto* series = std::get_if<data::Series>(&value)) {
    out.series.push_back(std::move(series->values));
  } else if (auto* sound = std::get_if<data::Sound>(&value)) {
    out.series.push_back(std::move(sound->samples));
    out.rates.push_back(sound->rate);
  } else {
    out.texts.push_back(std::move(std::get<std::string>(value)));
  }
  out.sources.push_back(static_cast<int>(sample.source));
  if (labelled) out.labels.push_back(augment::main_label(sample));
  out.shares.push_back(std::move(sample.shares));
}

OptionInfo p_info(const std::string& value) {
  return {"p", "", "number", value, "how often it is applied", 0, 1, {}};
}

// Splits options that are written as "n=2, p=1".
std::vector<OptionInfo> options_of(const augment::Group& group) {
  const std::string text = group.options;
  std::vector<OptionInfo> out;
  const std::size_t comma = text.find(", ");
  if (comma != std::string::npos) {
    out.push_back({"n",
                   "",
                   "integer",
                   text.substr(2, comma - 2),
                   "number of steps or times",
                   1,
                   augment::kMostRepeats,
                   {}});
  }
  out.push_back(p_info(text.substr(text.find("p=") + 2)));
  return out;
}

OperationInfo operation_info(const base::RegistryItem<augment::Kind>& item) {
  const augment::Kind& kind = item.value;
  OperationInfo out{item.name, name_of(kind.input), item.description, kind.mixes, {}};
  const base::Json values = kind.make(base::Json::object())->options();
  for (const auto& field : kind.fields) out.options.push_back(info_of(field, values[field.name]));
  out.options.push_back(p_info(fmt::format("{}", kind.p)));
  return out;
}

}  // namespace

Derived derive(const Samples& samples, const Options& options, int copies, const Hooks& hooks) {
  const task::Spec& spec = options.impl().spec;
  if (copies < 1 || copies > kMostCopies) {
    throw Error(Code::kUsage, fmt::format("copies is {}", copies),
                fmt::format("give a whole number of 1 to {}", kMostCopies));
  }
  Pipeline pipeline = Pipeline::from(require_augment(spec));
  const data::Dataset dataset = dataset_of(samples);
  pipeline.check(dataset);
  const augment::Pool pool(dataset, pool_of(dataset));
  Derived out;
  out.channels = samples.sound() ? 1 : dataset.streams.front().channels;
  out.notes = pipeline.prepare(pool);
  const int threads = spec.train.threads > 0 ? spec.train.threads : base::core_count();
  for (int k = 0; k < copies && (hooks.stop == nullptr || !*hooks.stop); ++k) {
    const auto epoch = augment::epoch_rng(spec.train.seed, k);
    for (auto& sample : augment::derive_all(pipeline, pool, epoch, threads)) {
      add(sample, dataset.has_labels, out);
    }
  }
  return out;
}

std::vector<OperationInfo> augmentations() {
  std::vector<OperationInfo> out;
  for (const auto& item : augment::operations().items()) out.push_back(operation_info(item));
  for (const auto& group : augment::groups()) {
    out.push_back({group.name, "group", group.description, false, options_of(group)});
  }
  return out;
}

std::string augmentation_text(const std::string& spec) { return Pipeline::from(spec).text(); }

}  // namespace refrain::api

#include "refrain/api/pretrain_series.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/option_info.h"
#include "refrain/api/inside/pretrain_hooks.h"
#include "refrain/api/output.h"
#include "refrain/api/version.h"
#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/language/spec.h"
#include "refrain/pretext/pretrain.h"

namespace refrain::api {
namespace {

using base::Json;
using NamedValues = std::vector<std::pair<std::string, std::string>>;

// An option of another objective would do nothing.
void refuse_idle(const std::string& name, const std::string& objective) {
  static const std::map<std::string, std::vector<std::string>> kOf = {
      {"temperature", {"contrast"}},
      {"mask-share", {"mask"}},
      {"mask-length", {"mask"}},
      {"horizon", {"next"}},
      {"augment", {"contrast", "labels"}}};
  const auto found = kOf.find(base::option_name(name));
  if (found == kOf.end()) return;
  const auto& those = found->second;
  if (std::find(those.begin(), those.end(), objective) != those.end()) return;
  throw Error(Code::kUsage,
              fmt::format("--{} does nothing with --objective {}", found->first, objective),
              fmt::format("leave it out, or choose --objective {}", fmt::join(those, " or ")));
}

pretext::PretextSpec series_spec_of(const SeriesPretrainJob& job) {
  pretext::PretextSpec spec;
  for (const auto& [name, value] : job.options) {
    const bool limit = base::option_name(name) == "time" && base::parse_duration(value);
    base::set_field(pretext::pretext_fields(), &spec, limit ? "time_limit" : name, value);
  }
  for (const auto& [name, value] : job.options) refuse_idle(name, spec.objective.objective);
  return spec;
}

Score score_of(const pretext::Share& s) { return {s.value, s.low, s.high}; }

SeriesPretrainReport series_report_of(const pretext::SeriesPretrained& found) {
  SeriesPretrainReport r;
  const auto& source = found.source;
  r.objective = source.spec.objective.objective;
  r.files = source.receipt.files;
  r.n_train = source.receipt.n_train;
  r.n_valid = source.receipt.n_valid;
  r.classes = source.classes;
  r.params = static_cast<long long>(source.network->params.parameter_count());
  r.epochs = found.outcome.epochs;
  r.best_epoch = found.outcome.best_epoch;
  r.updates = found.outcome.best_updates;
  r.stop_reason = train::to_string(found.outcome.reason);
  r.seconds_load = found.load_seconds;
  r.seconds_train = found.train_seconds;
  r.seconds_evaluate = found.evaluate_seconds;
  r.seed = source.spec.train.seed;
  r.threads = source.spec.train.threads;
  pretext::PretextSpec spec = source.spec;
  r.options_json = base::fields_to_json(pretext::pretext_fields(), &spec).dump();
  if (found.interrupted) return r;
  r.metric = found.metric;
  r.score = score_of(found.score);
  r.loss = found.loss;
  for (const auto& [name, share] : found.simple) r.baselines.emplace_back(name, score_of(share));
  return r;
}

bool has_field(const std::vector<base::Field>& fields, const std::string& name) {
  return std::any_of(fields.begin(), fields.end(), [&](const base::Field& f) {
    return f.name == name || base::option_name(f.name) == base::option_name(name);
  });
}

bool looks_like_series(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return true;
  std::filesystem::path name(path);
  if (name.extension() == ".gz") name.replace_extension();
  static const std::vector<std::string> kSeries = {".ts",   ".arff", ".csv", ".tsv",  ".jsonl",
                                                   ".json", ".npz",  ".npy", ".xlsx", ".wav",
                                                   ".flac", ".mat",  ".edf", ".h5"};
  std::string extension = name.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kSeries.begin(), kSeries.end(), extension) != kSeries.end();
}

Json interval_json(const Score& s) {
  return {{"value", s.value}, {"low", s.low}, {"high", s.high}};
}

std::string share_text(const Score& s) {
  return fmt::format("{:.3f}  [{:.3f}, {:.3f}]", s.value, s.low, s.high);
}

std::string meaning_of(const std::string& metric) {
  if (metric == "matched") return "of the held-out series whose two variants are matched";
  if (metric == "explained") return "of the variance of the held-out values that is explained";
  return "of the held-out series whose label is told";
}

}  // namespace

const std::vector<OptionInfo>& series_pretrain_options() {
  static const std::vector<OptionInfo> list = [] {
    std::vector<OptionInfo> out;
    const pretext::PretextSpec usual;
    for (const auto& field : pretext::pretext_fields()) {
      out.push_back(info_of(field, field.get(&usual)));
    }
    return out;
  }();
  return list;
}

bool is_of_series(const std::vector<std::string>& data, const NamedValues& options) {
  std::string series, text;
  for (const auto& [name, value] : options) {
    const bool s = has_field(pretext::pretext_fields(), name);
    const bool t = has_field(language::language_fields(), name);
    if (s && !t && series.empty()) series = name;
    if (t && !s && text.empty()) text = name;
  }
  if (!series.empty() && !text.empty()) {
    throw Error(Code::kUsage,
                fmt::format("--{} is for series and --{} for texts", base::option_name(series),
                            base::option_name(text)),
                "leave one of them out");
  }
  if (!series.empty()) return true;
  if (!text.empty()) return false;
  return data.size() > 1 || looks_like_series(data.front());
}

SeriesPretrainReport pretrain_series(const SeriesPretrainJob& job) {
  const double begun = base::steady_seconds();
  const auto spec = series_spec_of(job);
  std::string checkpoint = job.checkpoint;
  if (checkpoint.empty() && !job.out.empty()) checkpoint = job.out + ".checkpoint";
  require_apart(job.data, {job.out, checkpoint});
  if (!job.out.empty()) require_writable(job.out);
  if (job.resume && checkpoint.empty()) {
    throw Error(Code::kUsage, "--resume needs to know where the checkpoint is",
                "name it with --checkpoint, or the source with --out");
  }
  if (!checkpoint.empty()) require_writable(checkpoint);
  const pretext::SeriesHooks hooks{pretrain_hooks(job.hooks, ""), checkpoint, job.resume, begun};
  auto found = pretext::pretrain_series(job.data, spec, hooks);
  found.source.receipt.version = version();
  SeriesPretrainReport report = series_report_of(found);
  if (found.interrupted) return report;
  if (!job.out.empty()) {
    base::write_file_atomically(job.out, pretext::series_source_bytes(found.source));
    report.model = job.out;
  }
  std::error_code ignored;
  if (job.checkpoint.empty() && !checkpoint.empty()) std::filesystem::remove(checkpoint, ignored);
  return report;
}

std::string SeriesPretrainReport::json() const {
  Json out = {{"task", "series-source"},
              {"objective", objective},
              {"files", files},
              {"n_train", n_train},
              {"n_valid", n_valid},
              {"n_test", n_valid},
              {"scored", "valid"},
              {"classes", classes},
              {"metric", metric},
              {"score", interval_json(score)},
              {"metrics", Json::object()},
              {"loss", loss},
              {"baselines", Json::object()},
              {"baseline_scores", Json::object()},
              {"params", params},
              {"epochs", epochs},
              {"best_epoch", best_epoch},
              {"updates", updates},
              {"stop_reason", stop_reason},
              {"seconds",
               {{"load", seconds_load}, {"train", seconds_train}, {"evaluate", seconds_evaluate}}},
              {"seed", seed},
              {"threads", threads},
              {"model", model.empty() ? Json() : Json(model)},
              {"options", Json::parse(options_json)}};
  if (!metric.empty()) out["metrics"][metric] = interval_json(score);
  for (const auto& [name, value] : baselines) {
    out["baselines"][name] = value.value;
    out["baseline_scores"][name] = interval_json(value);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string SeriesPretrainReport::text() const {
  std::string out = fmt::format("{} series for training, {} held out; objective {}\n", n_train,
                                n_valid, objective);
  if (stop_reason == "interrupted") return out + "interrupted: continue with --resume\n";
  if (!metric.empty()) {
    out += fmt::format("{:<20} {}  {}\n", metric, share_text(score), meaning_of(metric));
  }
  for (const auto& [name, value] : baselines) {
    out += fmt::format("  {:<18} {}  simple method\n", name, share_text(value));
  }
  out += fmt::format("{} parameters, best after {} of {} epochs ({})\n", params, best_epoch, epochs,
                     stop_reason);
  if (!metric.empty()) {
    out +=
        "what is held out also chose when to stop; whether a source helps, only the task it "
        "is for can tell: refrain train --init\n";
  }
  if (!model.empty()) out += fmt::format("source: {}\n", model);
  return out;
}

}  // namespace refrain::api

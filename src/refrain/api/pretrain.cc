#include "refrain/api/pretrain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/option_info.h"
#include "refrain/api/inside/plain_text.h"
#include "refrain/api/inside/pretrain_hooks.h"
#include "refrain/api/language.h"
#include "refrain/api/output.h"
#include "refrain/api/version.h"
#include "refrain/base/config.h"
#include "refrain/base/duration.h"
#include "refrain/base/encoding.h"
#include "refrain/base/files.h"
#include "refrain/language/pretrain.h"
#include "refrain/pretext/spec.h"

namespace refrain::api {
namespace {

using base::Json;
using language::LanguageSpec;
using language::Mean;

Json pretrain_score(const Score& s) {
  return {{"value", s.value}, {"low", s.low}, {"high", s.high}};
}

Score as_score(const Mean& m, double factor = 1) {
  return {m.value * factor, m.low * factor, m.high * factor};
}
Score perplexity(const Mean& m) { return {std::exp(m.value), std::exp(m.low), std::exp(m.high)}; }

// With line ends of one kind.
std::string even_lines(const std::string& text, const std::string& path) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n')) continue;
    lines += text[i];
  }
  if (lines.empty()) throw Error(Code::kData, path + " is empty", "give a text");
  return lines;
}

}  // namespace

std::string read_text(const std::string& path, const std::string& encoding) {
  if (path.empty()) return "";
  try {
    return even_lines(base::to_utf8(base::read_file(path).bytes, encoding), path);
  } catch (const Error& e) {
    if (e.code() == Code::kIo || std::string(e.what()).starts_with(path)) throw;
    throw Error(e.code(), fmt::format("{}: {}", path, e.what()), e.hint());
  }
}

std::string text_in_memory(const std::string& text) {
  return even_lines(base::to_utf8(text, "utf-8"), "the text");
}

namespace {

language::Texts texts_of(const PretrainJob& job, const std::string& encoding) {
  if (!job.in_memory) {
    return {read_text(job.text, encoding), read_text(job.valid, encoding),
            read_text(job.test, encoding)};
  }
  const auto given = [](const std::string& text) {
    return text.empty() ? text : text_in_memory(text);
  };
  return {text_in_memory(job.text), given(job.valid), given(job.test)};
}

LanguageSpec spec_of(const PretrainJob& job) {
  LanguageSpec spec;
  for (const auto& [name, value] : job.options) {
    const bool limit = base::option_name(name) == "time" && base::parse_duration(value);
    base::set_field(language::language_fields(), &spec, limit ? "time_limit" : name, value);
  }
  language::check_options(spec);
  return spec;
}

std::string checkpoint_of(const PretrainJob& job) {
  if (!job.checkpoint.empty()) return job.checkpoint;
  return job.out.empty() ? "" : job.out + ".checkpoint";
}

}  // namespace

std::vector<std::pair<std::string, Score>> metrics_of(const language::Figures& f) {
  const Mean character = f.scaled(f.size.characters);
  return {{"perplexity", perplexity(f.nats)},
          {"nats", as_score(f.nats)},
          {"word_perplexity", perplexity(f.scaled(f.size.words))},
          {"character_nats", as_score(character)},
          {"bits_per_character", as_score(character, 1 / std::log(2.0))}};
}

namespace {

void add_metrics(const language::Pretrained& found, PretrainReport& r) {
  r.metrics = metrics_of(found.figures);
  r.score = r.metrics.front().second;
  if (found.network.units > 0) {
    r.metrics.emplace_back("network_perplexity", perplexity(found.network.nats));
  }
  if (found.backward.units > 0) {
    r.metrics.emplace_back("backward_perplexity", perplexity(found.backward.nats));
  }
}

PretrainReport report_of(const language::Pretrained& found) {
  PretrainReport r;
  const auto& source = found.source;
  r.unit = source.units.name();
  r.vocabulary = source.units.size();
  r.n_train = found.n_train;
  r.n_valid = found.n_valid;
  r.n_test = found.n_test;
  r.scored = found.scored_valid ? "valid" : "test";
  r.params = static_cast<long long>(source.network->params().parameter_count());
  r.epochs = found.outcome.epochs;
  r.best_epoch = found.outcome.best_epoch;
  r.updates = found.outcome.best_updates;
  r.stop_reason = train::to_string(found.outcome.reason);
  r.seconds_train = found.train_seconds;
  r.seconds_evaluate = found.evaluate_seconds;
  r.units_per_second = found.units_per_second;
  r.seed = source.spec.train.seed;
  r.threads = source.spec.train.threads;
  LanguageSpec spec = source.spec;
  r.options_json = base::fields_to_json(language::language_fields(), &spec).dump();
  for (const auto& e : found.outcome.history) {
    r.history.push_back(
        {e.epoch, e.loss, e.lr, e.gradient_norm, found.outcome.has_valid, e.valid.loss});
  }
  if (found.interrupted) return r;
  r.unknown = found.figures.unknown;
  add_metrics(found, r);
  for (const auto& n : found.ngrams) {
    r.baselines.push_back({n.name, perplexity(n.figures.nats), n.seconds});
  }
  return r;
}

std::string with_interval(const Score& s, int digits) {
  return fmt::format("{:.{}f}  [{:.{}f}, {:.{}f}]", s.value, digits, s.low, digits, s.high, digits);
}

}  // namespace

const std::vector<OptionInfo>& pretrain_options() {
  static const std::vector<OptionInfo> list = [] {
    std::vector<OptionInfo> out;
    const LanguageSpec usual;
    for (const auto& field : language::language_fields()) {
      out.push_back(info_of(field, field.get(&usual)));
    }
    return out;
  }();
  return list;
}

std::vector<std::pair<std::string, std::string>> pretrain_config(const std::string& path) {
  std::vector<std::pair<std::string, std::string>> out;
  LanguageSpec checked;
  pretext::PretextSpec of_series;
  const Json config = base::parse_config(path, base::read_file(path).bytes);
  for (const auto& [name, value] : config.items()) {
    const auto& fields = pretext::pretext_fields();
    const bool series = std::any_of(fields.begin(), fields.end(),
                                    [&, n = name](const base::Field& f) { return f.name == n; });
    try {
      if (series) {
        base::set_field(fields, &of_series, name, value);
      } else {
        base::set_field(language::language_fields(), &checked, name, value);
      }
    } catch (const Error& e) {
      throw Error(e.code(), fmt::format("{}: {}", path, e.what()), e.hint());
    }
    out.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

PretrainReport pretrain(const PretrainJob& job) {
  const double begun = base::steady_seconds();
  const LanguageSpec spec = spec_of(job);
  const std::string checkpoint = checkpoint_of(job);
  if (!job.in_memory) require_apart({job.text, job.valid, job.test}, {job.out, checkpoint});
  if (!job.out.empty()) require_writable(job.out);
  if (job.resume && checkpoint.empty()) {
    throw Error(Code::kUsage, "--resume needs to know where the checkpoint is",
                "name it with --checkpoint, or the source with --out");
  }
  if (!checkpoint.empty()) require_writable(checkpoint);
  const language::Texts texts = texts_of(job, spec.reading.encoding);
  const double loaded = base::steady_seconds();
  language::PretrainHooks hooks{pretrain_hooks(job.hooks, "perplexity"), checkpoint, job.resume,
                                begun};
  hooks.train.enough = job.enough;
  auto found = language::pretrain(texts, spec, hooks);
  found.source.receipt.version = version();
  PretrainReport report = report_of(found);
  report.seconds_load = loaded - begun;
  if (found.interrupted) return report;
  report.source = language::source_bytes(found.source);
  if (!job.out.empty()) {
    base::write_file_atomically(job.out, report.source);
    report.model = job.out;
  }
  std::error_code ignored;
  if (job.checkpoint.empty() && !checkpoint.empty()) std::filesystem::remove(checkpoint, ignored);
  return report;
}

std::string PretrainReport::json() const {
  Json out = {{"task", "language-model"},
              {"unit", unit},
              {"vocabulary", vocabulary},
              {"n_train", n_train},
              {"n_valid", n_valid},
              {"n_test", n_test},
              {"scored", scored},
              {"unknown", unknown},
              {"classes", Json::array()},
              {"metric", "perplexity"},
              {"score", pretrain_score(score)},
              {"metrics", Json::object()},
              {"baselines", Json::object()},
              {"baseline_scores", Json::object()},
              {"baseline_seconds", Json::object()},
              {"params", params},
              {"epochs", epochs},
              {"best_epoch", best_epoch},
              {"updates", updates},
              {"stop_reason", stop_reason},
              {"seconds",
               {{"load", seconds_load}, {"train", seconds_train}, {"evaluate", seconds_evaluate}}},
              {"units_per_second", units_per_second},
              {"seed", seed},
              {"threads", threads},
              {"model", model.empty() ? Json() : Json(model)},
              {"options", Json::parse(options_json)}};
  for (const auto& [name, value] : metrics) out["metrics"][name] = pretrain_score(value);
  for (const auto& b : baselines) {
    out["baselines"][b.name] = b.perplexity.value;
    out["baseline_scores"][b.name] = pretrain_score(b.perplexity);
    out["baseline_seconds"][b.name] = b.seconds;
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string PretrainReport::text() const {
  std::string out = fmt::format("{} {}s for training, vocabulary {}; {} scored ({})\n", n_train,
                                unit, vocabulary, n_test, scored);
  if (stop_reason == "interrupted") return out + "interrupted: continue with --resume\n";
  out += fmt::format("perplexity per {:<14} {}\n", unit, with_interval(score, 2));
  for (const auto& [name, value] : metrics) {
    if (name == "perplexity") continue;
    std::string words = name;
    for (char& c : words) c = c == '_' ? ' ' : c;
    out += fmt::format("  {:<27} {}\n", words == "nats" ? "nats per " + unit : words,
                       with_interval(value, name.ends_with("perplexity") ? 2 : 4));
  }
  for (const auto& b : baselines) {
    out +=
        fmt::format("  {:<27} {}  perplexity of n-grams\n", b.name, with_interval(b.perplexity, 2));
  }
  if (unknown > 0) out += fmt::format("  {:.2f} % of the {}s are unknown\n", 100 * unknown, unit);
  out += fmt::format("{} parameters, best after {} of {} validations ({}), {:.0f} {}s a second\n",
                     params, best_epoch, epochs, stop_reason, units_per_second, unit);
  if (scored == "valid") {
    out += "the scored text also chose when to stop: give --test FILE for an independent score\n";
  }
  if (!model.empty()) out += fmt::format("source: {}\n", model);
  return out;
}

std::string generate(const GenerateJob& job) {
  return LanguageModel::load(job.source).generate(job);
}

}  // namespace refrain::api

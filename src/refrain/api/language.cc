#include "refrain/api/language.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "refrain/api/inside/plain_text.h"
#include "refrain/base/encoding.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/language/generate.h"
#include "refrain/language/pretrain.h"

namespace refrain::api {
namespace {

void require_between(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(Code::kUsage, fmt::format("--{} must be in [{}, {}], got {}", name, low, high, value),
              "choose a value within");
}

}  // namespace

struct LanguageModel::Impl {
  language::Source source;
};

LanguageModel::LanguageModel(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
LanguageModel::~LanguageModel() = default;
LanguageModel::LanguageModel(LanguageModel&&) noexcept = default;
LanguageModel& LanguageModel::operator=(LanguageModel&&) noexcept = default;

LanguageModel LanguageModel::load(const std::string& path) {
  return from_bytes(base::read_file(path).bytes, path);
}

LanguageModel LanguageModel::from_bytes(const std::string& bytes, const std::string& path) {
  return LanguageModel(std::make_unique<const Impl>(Impl{language::source_from(bytes, path)}));
}

void LanguageModel::save(const std::string& path) const {
  base::write_file_atomically(path, bytes());
}

std::string LanguageModel::bytes() const { return language::source_bytes(impl_->source); }

std::string LanguageModel::describe() const {
  const auto& source = impl_->source;
  language::LanguageSpec spec = source.spec;
  const auto& r = source.receipt;
  const base::Json out = {{"task", "language-model"},
                          {"unit", source.units.name()},
                          {"vocabulary", source.units.size()},
                          {"params", source.network->params().parameter_count()},
                          {"options", base::fields_to_json(language::language_fields(), &spec)},
                          {"receipt",
                           {{"version", r.version},
                            {"n_train", r.n_train},
                            {"n_valid", r.n_valid},
                            {"epochs", r.epochs},
                            {"best_epoch", r.best_epoch},
                            {"stop_reason", r.stop_reason},
                            {"perplexity", r.perplexity}}}};
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

TextScore LanguageModel::score(const Scoring& what) const {
  const std::string text =
      what.in_memory ? text_in_memory(what.text) : read_text(what.text, what.encoding);
  const int threads = what.threads > 0 ? what.threads : base::core_count();
  const auto& source = impl_->source;
  const auto figures = language::score_text(source, text, 0, threads);
  TextScore out{figures.units, figures.unknown, metrics_of(figures)};
  if (source.network->ways() > 1) {
    const auto backward = language::score_text(source, text, 1, threads);
    out.metrics.emplace_back("backward_perplexity", metrics_of(backward).front().second);
  }
  return out;
}

std::string LanguageModel::generate(const GenerateJob& job) const {
  if (base::first_invalid_utf8(job.prompt) != std::string_view::npos) {
    throw Error(Code::kUsage, "--prompt is not UTF-8", "give it in UTF-8");
  }
  require_between("length", job.length, 0, 1e7);
  require_between("temperature", job.temperature, 0, 100);
  require_between("top-p", job.top_p, 0, 1);
  require_between("seed", job.seed, 0, 2147483647);
  return language::generate(impl_->source, {job.prompt, job.length, job.temperature, job.top_p,
                                            job.seed, job.hooks.stop});
}

}  // namespace refrain::api

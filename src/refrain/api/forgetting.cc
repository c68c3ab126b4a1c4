#include "refrain/api/inside/forgetting.h"

#include <fmt/format.h>

#include <cmath>

#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/run_checks.h"
#include "refrain/api/model.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/language/evaluate.h"
#include "refrain/language/pretrain.h"
#include "refrain/pretext/source.h"
#include "refrain/task/forgetting.h"
#include "refrain/task/model_file.h"

namespace refrain::api {
namespace {

const task::Network& first_network(const task::Model& model) {
  for (const auto& member : model.members) {
    if (const task::Network* network = member.learner->network()) return *network;
  }
  throw Error(Code::kInternal, "a model that began with a source has no network");
}

void require_whole(bool whole) {
  if (whole) return;
  throw Error(Code::kUnsupported,
              "the new data have other channels or layers than the source: what it has forgotten "
              "cannot be told",
              "leave --source-test out");
}

bool same_channels(const task::Network& a, const task::Network& b) {
  const auto &x = a.features().streams(), &y = b.features().streams();
  if (x.size() != y.size()) return false;
  for (std::size_t s = 0; s < x.size(); ++s) {
    const bool named = !x[s].channel_names.empty() && !y[s].channel_names.empty();
    if (x[s].channels != y[s].channels || (named && x[s].channel_names != y[s].channel_names)) {
      return false;
    }
  }
  return true;
}

// The source's first network alone as a model, with these parameters in place of its own where
// `tuned` is given.
Model source_alone(const task::Model& source, const task::Network* tuned) {
  const task::Network& own = first_network(source);
  auto network = std::make_unique<task::Network>(own.spec(), own.features(), own.shared_goal());
  network->params().values() = own.params().values();
  if (tuned != nullptr) {
    require_whole(same_channels(own, *tuned) && task::put_back(tuned->params(), network->params()));
  }
  task::Model alone = task::model_of(std::move(network), source.receipt);
  alone.columns = source.columns;
  alone.label_kind = source.label_kind;
  alone.offset = source.offset;
  alone.encoder = source.encoder;
  return Model::from_bytes(task::model_bytes(alone), "the source");
}

Forgetting of_model(const std::string& bytes, const task::Network& tuned, const RunState& run) {
  const auto& t = run.spec.transfer;
  const task::Model source = task::parse_model(bytes, t.init);
  Hooks quiet;
  quiet.stop = run.job.hooks.stop;
  const Report before = source_alone(source, nullptr).evaluate(t.source_test, Options(), quiet);
  const Report after = source_alone(source, &tuned).evaluate(t.source_test, Options(), quiet);
  return {t.source_test, before.metric, before.n_test, before.score, after.score};
}

Score perplexity_of(const language::Figures& f) {
  return {std::exp(f.nats.value), std::exp(f.nats.low), std::exp(f.nats.high)};
}

Forgetting of_language(const std::string& bytes, const task::Network& tuned, const RunState& run) {
  const auto& t = run.spec.transfer;
  auto source = language::source_from(bytes, t.init);
  source.blend.reset();  // n-grams forget nothing
  const std::string text = base::read_file(t.source_test).bytes;
  const int threads = run.spec.train.threads;
  const auto before = language::score_text(source, text, 0, threads);
  require_whole(task::put_back(tuned.params(), source.network->params()));
  const auto after = language::score_text(source, text, 0, threads);
  return {t.source_test, "perplexity", before.units, perplexity_of(before), perplexity_of(after)};
}

}  // namespace

void check_source_test(const task::Spec& spec) {
  const auto& t = spec.transfer;
  if (t.source_test.empty()) return;
  if (t.init.empty()) {
    throw Error(Code::kUsage, "--source-test scores the source of --init, and there is none",
                "add --init, or leave --source-test out");
  }
  if (folds_wanted(spec)) {
    throw Error(Code::kUsage, "--source-test is about one model, and --folds trains several",
                "leave one of both out");
  }
  base::read_file(t.source_test);
  const auto file = tensor::from_safetensors(base::read_file(t.init).bytes, t.init);
  if (!pretext::is_series_source(file)) return;
  throw Error(Code::kUsage, t.init + " has no task of its own that could be forgotten",
              "--source-test is for models and language models");
}

void judge_forgetting(const task::Model& model, RunState& run) {
  const auto& t = run.spec.transfer;
  if (t.source_test.empty() || !run.report.transfer) return;
  const std::string bytes = base::read_file(t.init).bytes;
  const bool language = language::is_source(tensor::from_safetensors(bytes, t.init));
  const task::Network& tuned = first_network(model);
  try {
    Forgetting f = language ? of_language(bytes, tuned, run) : of_model(bytes, tuned, run);
    run.log.info(sentence_of(f));
    run.report.transfer->forgetting = std::move(f);
  } catch (const Error& e) {  // the training is done, and its report is worth more
    run.log.warning(fmt::format("--source-test: {}", e.what()));
  }
}

}  // namespace refrain::api

// The page of a language model, from the report of its training.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/language.h"
#include "refrain/api/page.h"
#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using base::Json;
using report::Words;

Json job_of_language(const PretrainJob& job, const PretrainReport& r) {
  Json given = Json::object();
  for (const auto& [name, value] : job.options) given[name] = value;
  return {{"data", whole_path(job.text)},
          {"test", whole_path(job.test)},
          {"valid", whole_path(job.valid)},
          {"out", whole_path(job.out)},
          {"recognised",
           fmt::format("plain text in units of a {}, {} of them different", r.unit, r.vocabulary)},
          {"options", given},
          {"told", {{"best_epoch", r.best_epoch}}}};
}

store::Run run_of_language(const PretrainJob& job, const PretrainReport& r) {
  store::Run run;
  run.command = "pretrain";
  run.task = "language-model";
  run.model = r.unit + " model";
  run.data = data_name(job.text);
  run.data_path = whole_path(job.text);
  run.protocol = r.scored == "test" ? "test file" : "the end of the text held out";
  run.n_train = r.n_train;
  run.n_valid = r.n_valid;
  run.n_test = r.n_test;
  run.parameters = r.params;
  run.seed = r.seed;
  run.stop_reason = r.stop_reason;
  run.seconds = {r.seconds_load, r.seconds_train, r.seconds_evaluate};
  run.metric = "perplexity";
  for (const auto& [name, s] : r.metrics) run.scores.push_back({name, s.value, s.low, s.high});
  for (const auto& b : r.baselines) {
    const Score& s = b.perplexity;
    run.baselines.push_back({b.name, {"perplexity", s.value, s.low, s.high}, b.seconds});
  }
  for (const auto& line : r.history) {
    run.curve.push_back({0, 0, line.round, line.loss, line.lr, store::kUnknown,
                         line.has_valid ? line.valid_nats : store::kUnknown});
  }
  run.options = r.options_json.empty() ? "{}" : r.options_json;
  run.job = job_of_language(job, r).dump(-1, ' ', false, Json::error_handler_t::replace);
  complete(run);
  return run;
}

// Some lines that the model writes by itself.
std::string written(const std::string& source) {
  if (source.empty()) return "";
  GenerateJob job;
  job.length = 400;
  job.temperature = 0.8;
  const std::string text = LanguageModel::from_bytes(source, "this").generate(job);
  std::string out;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    out += report::escaped(text.substr(from, end - from)) + "\n";
    from = end + 1;
  }
  return "<pre><bdi>" + out + "</bdi></pre>\n";
}

}  // namespace

std::string language_page(const PretrainJob& job, const PretrainReport& report,
                          const std::string& language) {
  Told told;
  told.run = run_of_language(job, report);
  report::Page page(task_words(told.run.task) + report::same(": " + told.run.data),
                    page_language(language));
  std::vector<Words> more;
  if (report.unknown > 0) {
    more = {{fmt::format("{:.1f} % of the scored units are unknown to it.", 100 * report.unknown),
             fmt::format("评分文本中有 {:.1f}% 的单位是它不认识的。", 100 * report.unknown)}};
  }
  put_verdict(told, more, page);
  put_score_part(told, page);
  put_learning(told, page);
  page.add("written", {"Written by the model", "模型写的文字"}, written(report.source));
  put_data_part(told, page);
  put_settings(told, page);
  return page.html();
}

}  // namespace refrain::api

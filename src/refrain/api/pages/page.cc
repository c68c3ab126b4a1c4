// A run, or the run that trained a model file, as a page.
#include "refrain/api/page.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/pages/parts.h"
#include "refrain/base/error.h"

namespace refrain::api {
namespace {

// What a task adds to the page; a task without a line here has the parts that all share.
const std::map<std::string, void (*)(const Told&, report::Page&)>& task_pages() {
  static const std::map<std::string, void (*)(const Told&, report::Page&)> pages = {
      {"classify", put_classify},
      {"regress", put_regress},
      {"tag", put_tag},
      {"forecast", put_forecast}};
  return pages;
}

// The newest run that wrote this model file, as it is now.
store::Run run_of_model(const std::string& model, store::Store& store) {
  const std::string path = whole_path(model);
  for (const auto& run : store.list({})) {
    const base::Json out = job_member(run, "out");
    if (out.is_string() && out.get<std::string>() == path) return store.find(run.id);
  }
  throw Error(Code::kUsage, "no run in the store wrote the model " + model,
              "name the run: 'refrain runs list' shows them");
}

}  // namespace

report::Language page_language(const std::string& name) {
  if (name.empty() || name == "en") return report::Language::kEnglish;
  if (name == "zh") return report::Language::kChinese;
  throw Error(Code::kUsage, "a report is written in en or zh, not in '" + name + "'",
              "leave it out: both languages are in the page");
}

std::string page_of(store::Run run, const std::string& language, const Hooks& hooks) {
  const report::Language first = page_language(language);
  const Told told = tell(std::move(run), hooks);
  const report::Words title = task_words(told.run.task) + report::same(": " + told.run.data);
  report::Page page(title, first);
  const auto own = task_pages().find(told.run.task);
  if (own != task_pages().end()) {
    own->second(told, page);
  } else {
    put_verdict(told, {}, page);
    put_score_part(told, page);
    put_learning(told, page);
  }
  // Here the page of the data ('inspect') and what the model looked at ('explain') join.
  put_data_part(told, page);
  put_settings(told, page);
  return page.html();
}

std::string report_page(const PageJob& job) {
  page_language(job.language);
  auto store = stored_runs(job.store);
  const bool model = std::filesystem::is_regular_file(job.subject);
  return page_of(model ? run_of_model(job.subject, store) : store.find(job.subject), job.language,
                 job.hooks);
}

}  // namespace refrain::api

// Parts of a page for which files are opened again: what is in the data, what the model looked at.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/explained.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/run_changes.h"
#include "refrain/api/inspection.h"
#include "refrain/api/pages/parts.h"
#include "refrain/base/threads.h"
#include "refrain/report/escape.h"
#include "refrain/task/model_file.h"

namespace refrain::api {
namespace {

using report::paragraph;

constexpr std::size_t kMostInspected = 20'000;  // samples
constexpr int kExplained = 4;                   // samples
constexpr double kSpans = 3;                    // of a tagged sample, about
constexpr double kMostWork = 3e11;              // some ten seconds
constexpr double kAnswersExplained = 6e3;  // about as many as a few explanations and checks ask for

std::string inspected(const TrainJob& job) {
  InspectJob look;
  look.data = job.data;
  for (const auto& other : {job.valid, job.test}) {
    if (!other.empty()) look.others.push_back(other);
  }
  look.label_errors = "no";
  look.options = job.options;
  const Inspection found = inspect(look);
  std::string out;
  for (const auto& sentence : found.verdict) out += paragraph(report::same(sentence));
  out += findings_told(found);
  std::string tables;
  for (const auto& table : found.tables) tables += table_markup(table);
  if (!tables.empty()) out += report::folded({"All tables", "全部表格"}, tables);
  return out;
}

// The samples that the run scored, the first ones, as a dataset of their own.
data::Dataset first_scored(const Told& told) {
  const data::Dataset& from = told.scored ? *told.scored : told.data->test_data();
  data::Dataset out;
  out.path = from.path;
  out.format = from.format;
  out.front = from.front;
  out.encoder = from.encoder;
  out.columns = from.columns;
  out.offset = from.offset;
  out.streams = from.streams;
  for (const auto* sample : told.samples) {
    if (sample != nullptr && out.samples.size() < kExplained) out.samples.push_back(*sample);
  }
  return out;
}

// Multiplications that explanations of these samples take, roughly: the same on every machine.
double work_of(const task::Model& model, const data::Dataset& d) {
  int longest = 1;
  for (const auto& sample : d.samples) longest = std::max(longest, length_of(sample));
  const double spans = model.goal->of_steps() ? kSpans : 1;
  return kAnswersExplained * spans * static_cast<double>(model.parameter_count()) * longest;
}

// The model that the run scored, where its file is still there.
std::unique_ptr<task::Model> scored_model(const Told& told) {
  const base::Json out = job_member(told.run, "out");
  if (!out.is_string() || !std::filesystem::is_regular_file(out.get<std::string>())) return {};
  auto model = std::make_unique<task::Model>(task::load_model(out.get<std::string>()));
  base::Digest digest;
  model->add_to(digest);
  if (digest.hex() != told.run.parameters_hash) return {};
  return model;
}

std::string looked_at(const Told& told) {
  const auto model = scored_model(told);
  if (!model) return "";
  data::Dataset d = first_scored(told);
  if (d.samples.empty() || !d.encoder.empty() || d.lives) return "";
  shift(d, model->offset);
  model->features.check(d);
  if (work_of(*model, d) > kMostWork) {
    return paragraph(
        {"It would take long: see 'refrain explain'.", "耗时较长：请使用 'refrain explain'。"});
  }
  ExplainChoice choice;
  choice.samples = kExplained;
  return explained_markup(explain_samples(*model, d, nullptr, choice, base::core_count()));
}

}  // namespace

void put_inspected(const Told& told, report::Page& page) {
  if (told.data == nullptr || told.data->data.samples.size() > kMostInspected) return;
  try {
    page.add("inspected", {"What is in the data", "数据检查"}, inspected(job_of(told.run).job));
  } catch (const Error&) {  // a page without this part is better than none
  }
}

void put_looked_at(const Told& told, report::Page& page) {
  if (told.data == nullptr || told.samples.empty()) return;
  try {
    page.add("looked-at", {"What the model looks at", "模型关注的内容"}, looked_at(told));
  } catch (const Error&) {
  }
}

}  // namespace refrain::api

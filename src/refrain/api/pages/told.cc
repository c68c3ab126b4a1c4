#include "refrain/api/pages/told.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/recall.h"
#include "refrain/api/inside/run_changes.h"
#include "refrain/api/inside/run_checks.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/inside/settle.h"
#include "refrain/data/history/read.h"
#include "refrain/data/tokenise.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

// The answers of each repetition, samples in the order of their ids: the same in all of them.
std::vector<ToldAnswers> answers_told(const store::Run& run) {
  std::map<int, std::vector<int>> by_repeat;
  for (std::size_t i = 0; i < run.predictions.size(); ++i) {
    by_repeat[run.predictions[i].repeat].push_back(static_cast<int>(i));
  }
  if (by_repeat.empty()) return {};
  const auto recall = recall_of(run.task);
  std::map<std::string, int> units;
  std::vector<ToldAnswers> out;
  for (auto& [repeat, which] : by_repeat) {
    const auto prediction = [&](int i) -> const store::Prediction& {
      return run.predictions[static_cast<std::size_t>(i)];
    };
    if (by_repeat.size() > 1) {
      std::stable_sort(which.begin(), which.end(),
                       [&](int a, int b) { return prediction(a).sample < prediction(b).sample; });
    }
    task::Recalled recalled{run.classes, run.classes, {}};
    std::vector<int> group;
    bool related = false;
    for (const int i : which) {
      const auto& p = prediction(i);
      recalled.answers.push_back({p.truth, p.predicted, p.probability});
      related = related || !p.unit.empty() || !p.group.empty();
      const std::string unit = !p.unit.empty()    ? "unit " + p.unit
                               : !p.group.empty() ? "group " + p.group
                                                  : "sample " + p.sample;
      group.push_back(units.try_emplace(unit, static_cast<int>(units.size())).first->second);
    }
    out.push_back({recall(recalled), which});
    if (related) out.back().answers->group = group;
  }
  return out;
}

report::Words changed_files() {
  return {"The samples are not shown: the data files have changed since the run.",
          "未显示样本：运行之后数据文件已被修改。"};
}

void read_histories_told(const TrainJob& job, Told& told) {
  auto h = std::make_shared<data::Histories>(
      data::read_histories(job.data, history_spec(job.options.impl().spec), base::Log()));
  told.histories = std::move(h);
}

// The files of the run, as a training reads them.
void read_samples_told(const TrainJob& job, Told& told) {
  RunState run{job, job.options.impl().spec, base::Log()};
  run.spec.task = told.run.task;
  auto data = std::make_shared<RunData>(is_reply_task(told.run.task) ? read_reply_files(run)
                                                                     : read_files(run));
  Kept kept;
  for (const auto* d : {&data->data, &data->valid_file, &data->test_file}) add_data(*d, kept);
  if (kept.data.hex() != told.run.data_hash) {
    told.why_not = changed_files();
    return;
  }
  std::map<std::string, const data::Sample*> by_id;
  for (const auto& sample : data->test_data().samples) by_id[sample.id] = &sample;
  for (const auto& p : told.run.predictions) {
    const auto found = by_id.find(p.sample);
    told.samples.push_back(found == by_id.end() ? nullptr : found->second);
  }
  told.data = std::move(data);
}

}  // namespace

score::Repeats Told::answers() const {
  std::vector<const score::Answers*> list;
  for (const auto& r : repeats) list.push_back(r.answers.get());
  return {list};
}

const data::Sample* Told::sample(int prediction) const {
  const auto i = static_cast<std::size_t>(prediction);
  return i < samples.size() ? samples[i] : nullptr;
}

Told tell(store::Run run, const Hooks& hooks) {
  Told out;
  out.run = std::move(run);
  out.repeats = answers_told(out.run);
  if (out.run.predictions.empty()) return out;  // there is nothing to show samples for
  try {
    OldJob old = job_of(out.run);
    old.job.options.set("threads", "0");
    old.job.hooks.stop = hooks.stop;
    if (out.run.task == "forecast") {
      read_histories_told(old.job, out);
    } else {
      read_samples_told(old.job, out);
    }
  } catch (const Error& e) {
    out.why_not = {std::string("The samples are not shown: ") + e.what(),
                   std::string("未显示样本：") + e.what()};
  }
  return out;
}

base::Json job_member(const store::Run& run, const std::string& name) {
  const base::Json job = parse_object(run.job);
  return job.contains(name) ? job[name] : base::Json(nullptr);
}

base::Json told_member(const store::Run& run, const std::string& name) {
  const base::Json told = job_member(run, "told");
  return told.is_object() && told.contains(name) ? told[name] : base::Json(nullptr);
}

int length_of(const data::Sample& sample) {
  if (const auto* text = data::text_of(sample)) {
    return static_cast<int>(data::tokenise(*text, false).size());
  }
  if (sample.recording != nullptr) return static_cast<int>(sample.recording->samples.size());
  if (sample.streams.empty()) return 0;
  const auto* series = std::get_if<data::Series>(&sample.streams.front());
  return series != nullptr ? series->steps : 0;
}

}  // namespace refrain::api

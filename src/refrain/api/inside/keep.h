// What a finished training leaves for the experiment store; for the sources of this layer only.
#pragma once

#include "refrain/api/train.h"
#include "refrain/base/digest.h"
#include "refrain/base/json.h"
#include "refrain/store/run.h"
#include "refrain/task/model.h"

namespace refrain::api {

struct Kept {
  std::vector<store::Prediction> predictions;
  std::vector<store::Epoch> curve;
  base::Digest data, split, parameters;
};

// Which answers to add: those to the samples `chosen` of a dataset, by one model.
struct KeptAnswers {
  const data::Dataset& dataset;
  const std::vector<int>& chosen;
  const task::Predictions& said;
  int repeat = 0, fold = 0;
  std::vector<int> units = {};  // [n], what the intervals count as one; empty: each sample
};
void add_answers(const KeptAnswers& answers, Kept& kept);

void add_data(const data::Dataset& dataset, Kept& kept);
// Of several networks the first one's.
void add_curves(const std::vector<train::Outcome>& outcomes, int repeat, int fold, Kept& kept);

// `asked` are the options before any was chosen from the data.
store::Run make_run(const TrainJob& job, const task::Spec& asked, const task::Spec& resolved,
                    const Report& report, Kept kept);

// What a report says of a run, whatever was learned.
void put_report(const Report& report, store::Run& run);

// What a page tells of a run beyond its numbers, for the job of a run: the epoch that was kept, the
// test against the best simple method, findings of the doctor.
base::Json told_of(const Report& report);

// The path from the root; "" stays "".
std::string whole_path(const std::string& path);

// Trains and scores like train(), but keeps nothing in the store: the run is handed back.
Report train_run(const TrainJob& job, store::Run* run);

}  // namespace refrain::api

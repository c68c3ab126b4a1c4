// Writes a finished training into the experiment store; for the sources of this layer only.
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

// The answers of one model to the samples `chosen` of a dataset.
struct KeptAnswers {
  const data::Dataset& dataset;
  const std::vector<int>& chosen;
  const task::Predictions& said;
  int repeat = 0, fold = 0;
  std::vector<int> units = {};  // [n], what the intervals count as one; empty: each sample
};
void add_answers(const KeptAnswers& answers, Kept& kept);

void add_data(const data::Dataset& dataset, Kept& kept);
// Adds the training curves; of an ensemble those of its first network.
void add_curves(const std::vector<train::Outcome>& outcomes, int repeat, int fold, Kept& kept);

// `asked` are the options before any was chosen from the data.
store::Run make_run(const TrainJob& job, const task::Spec& asked, const task::Spec& resolved,
                    const Report& report, Kept kept);

// Copies the scores of a report, of any task, into a stored run.
void put_report(const Report& report, store::Run& run);

// Puts into the job of a run what pages tell of it beyond its numbers: the epoch that was kept, the
// test against the best simple method, findings of the doctor, remarks and tables.
void put_told(const Report& report, store::Run& run);

// The path from the root; "" stays "".
std::string whole_path(const std::string& path);

// Trains and scores like train(), but keeps nothing in the store: the run is handed back.
Report train_run(const TrainJob& job, store::Run* run);

}  // namespace refrain::api

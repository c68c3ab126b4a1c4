// The contents of a page: a stored run, its answers, and its samples if the data files are still
// those of the run. For the sources of this layer only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "refrain/api/inside/run_data.h"
#include "refrain/base/json.h"
#include "refrain/data/history/history.h"
#include "refrain/report/page.h"
#include "refrain/score/answers.h"
#include "refrain/store/run.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

// The answers of one repetition; which[i] is the number of sample i among the run's predictions.
struct ToldAnswers {
  std::unique_ptr<score::Answers> answers;
  std::vector<int> which;
};

struct Told {
  store::Run run;
  std::shared_ptr<const RunData> data;                    // null: the samples are not there, and
  std::shared_ptr<const data::Dataset> scored = nullptr;  // samples that no run read
  report::Words why_not;                                  // the reason
  std::vector<const data::Sample*> samples;               // one a prediction; null: not found
  std::shared_ptr<const data::Histories> histories;       // of a forecast
  std::shared_ptr<const transduce::Transducer> writer;    // of replies, where no run has it
  std::vector<ToldAnswers> repeats;                       // of what the task answers

  score::Repeats answers() const;
  // The sample of a prediction; null where it is not there.
  const data::Sample* sample(int prediction) const;
};

// Reads what there is. Throws nothing because of missing data; data where the answers are broken.
Told tell(store::Run run, const Hooks& hooks);

// A member of the run's job, or of what it was told with ("told"); null where there is none.
base::Json job_member(const store::Run& run, const std::string& name);
base::Json told_member(const store::Run& run, const std::string& name);

// The words of a sample's text, or the steps of its series; "" and 0 where neither is known.
int length_of(const data::Sample& sample);

}  // namespace refrain::api

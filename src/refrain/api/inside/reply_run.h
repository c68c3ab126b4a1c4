// A training run whose answers are texts (translate, transcribe); for the sources of this layer
// only.
#pragma once

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/run_data.h"
#include "refrain/data/reader.h"
#include "refrain/score/draws.h"
#include "refrain/score/replies.h"
#include "refrain/task/task.h"
#include "refrain/transduce/fit.h"
#include "refrain/transduce/transducer.h"

namespace refrain::api {

// True if the options ask for translations or transcripts.
bool wants_replies(const task::Spec& spec);
bool is_reply_task(const std::string& task);

// Trains and scores; the run is handed back for the store.
Report reply_run(const TrainJob& job, store::Run* kept);

// Names of the options that the task takes.
std::vector<std::string> reply_option_names(const std::string& task);

// Samples whose labels are the replies, as series where they are recordings. `trained`: the model
// that they are for; null: it is to be trained. Settles the sample rate in the options.
struct ReplySource {
  std::string path;
  std::string task;
  const transduce::Transducer* trained = nullptr;
  bool with_replies = true;
  bool heard = true;  // recordings become series
  // The form of the training file where there is no model yet; null: it is read first.
  const data::Expected* expected = nullptr;
};
data::Dataset read_replies(const ReplySource& source, task::Spec& spec, const base::Log& log);

// The files of a job, or the samples in their place. Throws data, usage, io.
RunData read_reply_files(RunState& run);

// Samples in memory whose labels are the replies, if there are any: recordings are not heard yet.
// Throws data where they have another form than the task's, or where a text is empty or too long.
data::Dataset reply_dataset(const Samples& samples, const task::Spec& spec);

// The steps of a training, as reply_run() takes them. Options that the task does not take: throws
// usage.
void refuse_idle_reply_options(const task::Spec& spec);
// The model of --init, if any.
std::optional<transduce::Transducer> begun_with(const task::Spec& spec);
// Divides `pool` into the training and the validation part, unless there is a validation file.
void hold_out_valid(const RunState& run, std::vector<int> pool, RunData& data);
transduce::FittedTransducer fit_reply_networks(const RunData& data, RunState& run,
                                               const transduce::Transducer* start);
// Version and columns, which the file of a model has.
void sign_replies(const data::Dataset& training, transduce::Transducer& model);

// All options of the task as the training settled them; `model` may be loaded.
base::Json reply_options_json(const transduce::Transducer& model);

// Replies beside the truths, with the units that intervals resample.
score::Replies replies_beside(const std::string& task, const data::Subset& samples,
                              std::vector<std::string> predicted);
// Fills metric, score, metrics, variation, units and tables.
void put_reply_scores(const score::Replies& answers, int seed, score::Stop stop, Report& report);

// Answers that a store kept.
std::unique_ptr<score::Answers> recall_translations(const task::Recalled& recalled);
std::unique_ptr<score::Answers> recall_transcripts(const task::Recalled& recalled);

}  // namespace refrain::api

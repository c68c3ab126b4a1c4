// A training run whose answers are texts (translate, transcribe); for the sources of this layer
// only.
#pragma once

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/run_data.h"
#include "refrain/score/draws.h"
#include "refrain/score/replies.h"
#include "refrain/task/task.h"
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
  // Of the training file, where `trained` has not learnt them yet; null: those of `trained`.
  const std::vector<data::StreamInfo>* streams = nullptr;
};
data::Dataset read_replies(const ReplySource& source, task::Spec& spec, const base::Log& log);

// The files of a job, or the samples in their place. Throws data, usage, io.
RunData read_reply_files(RunState& run);

// Replies beside the truths, with the units that intervals resample.
score::Replies replies_beside(const std::string& task, const data::Subset& samples,
                              std::vector<std::string> predicted);
// Fills metric, score, metrics, variation, units and tables.
void put_reply_scores(const score::Replies& answers, int seed, score::Stop stop, Report& report);

// Answers that a store kept.
std::unique_ptr<score::Answers> recall_translations(const task::Recalled& recalled);
std::unique_ptr<score::Answers> recall_transcripts(const task::Recalled& recalled);

}  // namespace refrain::api

// The experiment store as a front end sees it: runs that were kept, the board of a data set,
// export. `store` is a file; "" means the environment variable REFRAIN_STORE or else
// ~/.refrain/runs.db, and "none" no store. Reading makes no file: where there is none, there are no
// runs. All functions throw Error: io (the file cannot be used), data (it is something else, or of
// a newer version), usage (no such run). Standard library only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/api/report.h"

namespace refrain::api {

// The file, or "" for "none".
std::string store_path(const std::string& store);

// Makes the store where there is none; throws where it cannot be written.
void check_store(const std::string& store);

// True if the score has an interval; else its ends are NaN or, where nothing is known of them,
// infinite.
bool has_interval(const Score& score);

struct RunFilter {
  std::string data, model;  // exact names; "" = any
  int limit = 0;            // at most this many, the newest first; 0 = all
};

struct RunSummary {
  std::string id;       // ten hexadecimal digits; four are enough where no other run begins so
  std::string created;  // UTC: 2026-11-24T09:30:00.123Z
  std::string data, model, protocol, metric;
  Score score;  // the value is NaN where nothing was scored
  long long seed = 0;
};

// Newest first.
std::vector<RunSummary> list_runs(const std::string& store, const RunFilter& filter);

struct BaselineRow {
  std::string model, metric;
  Score score;
  double seconds = 0;
};

struct RunDetails {
  RunSummary summary;
  std::vector<std::pair<std::string, std::string>> facts;  // name, description
  std::vector<std::pair<std::string, Score>> scores;
  std::vector<BaselineRow> baselines;
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<Curve> curves;
  std::string made;                  // what the model is; as the next four of a Report
  std::string other;                 // which options led to another kind of model
  std::string verdict;               // of the test against the best simple method
  std::vector<std::string> remarks;  // of the training
  std::vector<Table> tables;         // none of runs of versions before 2026-11-29

  std::vector<Section> sections() const;  // as those of a report
};

// Returns the run whose id begins with `id`.
RunDetails show_run(const std::string& store, const std::string& id);

// One JSON object: everything without predictions and curve, or everything.
std::string run_json(const std::string& store, const std::string& id, bool everything);

// CSV: repeat, fold, id, group, truth, prediction, probability_<class> ...
std::string predictions_csv(const std::string& store, const std::string& id);

// Removes all of these, or none where one is not there.
void delete_runs(const std::string& store, const std::vector<std::string>& ids);

// Keeps the rows of a TSV to stand beside the runs and returns how many: see store/published.h for
// its columns. Throws data with all bad rows.
int load_published(const std::string& store, const std::string& tsv);

enum class Origin { kRun, kBaseline, kPublished };

// One method with one set of options; its score is the mean over seeds.
struct BoardRow {
  int rank = 0;       // rows whose interval meets that of the first of their rank share it
  bool tied = false;  // with another row
  Origin origin = Origin::kRun;
  std::string method;
  std::string settings;  // the options in which it differs from others of the same method
  Score score;
  int seeds = 0;       // 0 = not known
  double seconds = 0;  // of one run, mean; NaN = not known
  std::string leak_check, source;
  std::string id;  // the newest run; "" of published rows
};

struct Board {
  std::string data, data_hash, protocol, metric;
  bool smaller_is_better = false;
  std::vector<BoardRow> rows;  // best first
};

struct BoardFilter {
  std::string data, model;  // published rows and baselines of a board stay, whatever the model
  std::string metric;       // "" = the main one of each run
};

// One board for each data set (name and content), protocol and metric. Runs of one method, options
// and seed count once, the newest. Over several seeds the interval joins the runs' own intervals
// with Student's interval of the mean over seeds, as independent errors. Sets with published rows
// only are left out unless filter.data names them.
std::vector<Board> boards(const std::string& store, const BoardFilter& filter);

// One JSON object each: {"runs": [...]}, {"boards": [...]}; unknown numbers are null.
std::string runs_json(const std::vector<RunSummary>& runs);
std::string boards_json(const std::vector<Board>& boards);

}  // namespace refrain::api

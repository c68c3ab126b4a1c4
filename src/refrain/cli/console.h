// What is said on standard error while a command works: progress and remarks. A terminal has one
// line of progress that is written again and again; a file gets some fifteen lines for a whole
// training, however many epochs, networks and folds it has. Of the remarks the first few are shown
// and the others counted, unless details are wanted.
#pragma once

#include <memory>

#include "refrain/api/hooks.h"

namespace refrain::cli {

class Console {
 public:
  struct Wanted {
    bool quiet = false;    // warnings alone
    bool details = false;  // every remark
  };
  explicit Console(Wanted wanted);
  ~Console();

  // Sets message and, unless quiet, progress. They may be called from several threads, also when
  // the Console is gone.
  void listen(api::Hooks& hooks) const;

  // Ends the line of progress. Nothing is drawn on it any more.
  void finish();

  int hidden() const;  // remarks that were not shown

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// Which epochs of a training are a line in a file; counted over its phases, which begin where the
// number of the epoch goes back or the number of all epochs changes.
class LineBudget {
 public:
  // Whether this one is a line; `seconds` since the training began.
  bool take(const api::TrainProgress& p, double seconds);

 private:
  bool is_due(const api::TrainProgress& p, double seconds) const;

  int phase_ = 0, epoch_ = 0, epochs_ = 0, lines_ = 0;
  double next_ = 60;  // seconds: a slow training shows that it lives
};

}  // namespace refrain::cli

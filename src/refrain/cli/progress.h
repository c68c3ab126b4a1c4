// Progress of a training on standard error: a bar with epoch, loss, score, speed and time left on a
// terminal, one plain line an epoch otherwise.
#pragma once

#include <chrono>

#include "refrain/api/hooks.h"

namespace refrain::cli {

class ProgressPrinter {
 public:
  ProgressPrinter();
  void operator()(const api::TrainProgress& p);

 private:
  void draw_bar(const api::TrainProgress& p);
  void print_line(const api::TrainProgress& p) const;

  using Clock = std::chrono::steady_clock;
  bool terminal_;
  Clock::time_point start_, last_draw_;
  double done_at_start_ = -1;  // share of the work that a resumed run found done
  api::TrainProgress last_epoch_;
};

}  // namespace refrain::cli

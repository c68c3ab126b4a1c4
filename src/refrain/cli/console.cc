#include "refrain/cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>

#include "refrain/cli/command.h"
#include "refrain/cli/screen.h"

namespace refrain::cli {

using namespace api;

namespace {

constexpr int kBarWidth = 20;
constexpr int kMostRemarks = 5, kMostInfos = 3;  // that are shown
constexpr std::size_t kLongestRemark = 195;      // columns: two lines

constexpr int kAllOf = 12;  // a training of no more epochs has a line for each
constexpr int kFirst = 4;   // of the first phase: the first ones tell how fast it is
constexpr int kParts = 8;   // and then so many parts of it
constexpr int kLaterParts = 2;
constexpr int kMostLines = 16;

std::string duration(double seconds) {
  const double s = std::min(seconds, 1e7);
  const int whole = static_cast<int>(s + 0.5);
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}h{:02}m", whole / 3600, whole % 3600 / 60);
}

std::string valid_text(const TrainProgress& p) {
  if (!p.has_valid) return "";
  if (p.score_name.empty()) return fmt::format("  valid loss {:.4f}", p.valid_loss);
  return fmt::format("  valid {} {:.3f} loss {:.4f}", p.score_name, p.valid_score, p.valid_loss);
}

std::string loss_text(const TrainProgress& p) {
  return std::isnan(p.loss) ? "" : fmt::format("  loss {:.4f}", p.loss);
}

// Whether another n-th part of the epochs ends with this one.
bool ends_part(const TrainProgress& p, int parts) {
  const auto part = [&](long long epoch) { return epoch * parts / std::max(1, p.epochs); };
  return part(p.epoch) > part(p.epoch - 1);
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

// The line of a terminal.
class ProgressBar {
 public:
  // What is to be written, or "" where it is too early again.
  std::string draw(const TrainProgress& p, int width) {
    const auto now = Clock::now();
    const double done = done_of(p);
    if (p.unit != last_.unit || p.epochs != last_.epochs || done < done_) {  // another phase
      begin_ = now;
      done_at_begin_ = done;
    }
    done_ = done;
    if (p.epoch_done || p.epochs != last_.epochs) last_ = p;
    if (done < 1 && now - drawn_ < std::chrono::milliseconds(80)) return "";
    drawn_ = now;
    const int filled = std::clamp(static_cast<int>(done * kBarWidth), 0, kBarWidth);
    const std::string bar(static_cast<std::size_t>(filled), '=');
    return cut_to(fmt::format("[{:<{}}] {} {}/{}{}{}{}", bar, kBarWidth, p.unit, p.epoch, p.epochs,
                              loss_text(p), valid_text(last_), speed_text(done, p.epochs)),
                  static_cast<std::size_t>(width - 1));
  }

 private:
  static double done_of(const TrainProgress& p) {
    const double part = static_cast<double>(p.batch) / std::max(1, p.batches);
    return (p.epoch_done ? p.epoch : p.epoch - 1 + part) / std::max(1, p.epochs);
  }

  // Nothing in the first half second: it would be a guess.
  std::string speed_text(double done, int epochs) const {
    const double seconds = seconds_since(begin_), gained = done - done_at_begin_;
    if (seconds < 0.5 || gained <= 0) return "";
    const double speed = gained * epochs / seconds;
    return fmt::format("  {:.{}f}/s  {} left", speed, speed < 10 ? 1 : 0,
                       duration(seconds * std::max(0.0, 1 - done) / gained));
  }

  Clock::time_point begin_ = Clock::now(), drawn_;
  double done_ = 2, done_at_begin_ = 0;
  TrainProgress last_;
};

bool LineBudget::is_due(const TrainProgress& p, double seconds) const {
  if (lines_ >= kMostLines) return false;
  if (seconds >= next_) return true;
  if (phase_ > 1) return ends_part(p, kLaterParts);
  return p.epochs <= kAllOf || p.epoch <= kFirst || ends_part(p, kParts);
}

bool LineBudget::take(const TrainProgress& p, double seconds) {
  if (phase_ == 0 || p.epoch <= epoch_ || p.epochs != epochs_) ++phase_;
  epoch_ = p.epoch;
  epochs_ = p.epochs;
  if (!is_due(p, seconds)) return false;
  while (next_ <= seconds) next_ *= 2;
  ++lines_;
  return true;
}

struct Console::State {
  Wanted wanted;
  bool terminal = ::isatty(2) == 1;
  Screen screen = screen_of(2);
  std::mutex mutex;
  Clock::time_point begin = Clock::now();
  LineBudget budget;
  ProgressBar bar;
  bool drawn = false, ended = false;
  int shown = 0, infos = 0, hidden = 0;

  void progress(const TrainProgress& p) {
    const std::lock_guard lock(mutex);
    if (ended) return;
    if (terminal) return draw(bar.draw(p, screen.width));
    if (!p.epoch_done || !budget.take(p, seconds_since(begin))) return;
    fmt::print(stderr, "{} {}/{}{}{}\n", p.unit, p.epoch, p.epochs, loss_text(p), valid_text(p));
  }

  void draw(const std::string& line) {
    if (line.empty()) return;
    fmt::print(stderr, "\r\x1b[K{}", line);
    std::fflush(stderr);
    drawn = true;
  }

  void remark(const std::string& sentence, bool warning) {
    const std::lock_guard lock(mutex);
    if (wanted.quiet && !warning) return;
    const bool stopped = stop_flag().load();  // what is said then tells how to go on
    const bool room = stopped || (shown < kMostRemarks && (warning || infos < kMostInfos));
    if (!room && !wanted.details) {
      ++hidden;
      return;
    }
    ++shown;
    infos += warning ? 0 : 1;
    std::string text = (warning ? "warning: " : "") + sentence;
    if (!wanted.details && columns_of(text) > kLongestRemark) {
      text = cut_to(text, kLongestRemark);
      ++hidden;
    }
    fmt::print(stderr, "{}{}\n", drawn && !ended ? "\r\x1b[K" : "", folded(text, screen.width, 2));
  }
};

Console::Console(Wanted wanted) : state_(std::make_shared<State>()) { state_->wanted = wanted; }

Console::~Console() { finish(); }

void Console::listen(Hooks& hooks) const {
  hooks.message = [state = state_](const std::string& sentence, bool warning) {
    state->remark(sentence, warning);
  };
  if (state_->wanted.quiet) return;
  hooks.progress = [state = state_](const TrainProgress& p) { state->progress(p); };
}

void Console::finish() {
  const std::lock_guard lock(state_->mutex);
  if (state_->drawn && !state_->ended) fmt::print(stderr, "\n");
  state_->ended = true;
}

int Console::hidden() const {
  const std::lock_guard lock(state_->mutex);
  return state_->hidden;
}

}  // namespace refrain::cli

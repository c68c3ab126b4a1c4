#include "refrain/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace refrain::cli {

using namespace api;

namespace {

constexpr int kBarWidth = 24;

std::string duration(double seconds) {
  const int s = static_cast<int>(seconds + 0.5);
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  return fmt::format("{}h{:02}m", s / 3600, s % 3600 / 60);
}

std::string valid_text(const TrainProgress& p) {
  if (!p.has_valid) return "";
  if (p.score_name.empty()) return fmt::format("  valid loss {:.4f}", p.valid_loss);
  return fmt::format("  valid {} {:.3f} loss {:.4f}", p.score_name, p.valid_score, p.valid_loss);
}

}  // namespace

ProgressPrinter::ProgressPrinter() : terminal_(::isatty(2) == 1), start_(Clock::now()) {}

void ProgressPrinter::operator()(const TrainProgress& p) {
  if (terminal_) {
    draw_bar(p);
  } else if (p.epoch_done) {
    print_line(p);
  }
}

void ProgressPrinter::draw_bar(const TrainProgress& p) {
  const auto now = Clock::now();
  const double epochs_done =
      p.epoch_done ? p.epoch : p.epoch - 1 + static_cast<double>(p.batch) / std::max(1, p.batches);
  const double done = epochs_done / std::max(1, p.epochs);
  if (done_at_start_ < 0) {
    done_at_start_ = done;
    start_ = now;
  }
  if (p.epoch_done) last_epoch_ = p;
  const bool last = p.epoch_done && p.epoch == p.epochs;
  if (!last && now - last_draw_ < std::chrono::milliseconds(80)) return;
  last_draw_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double gained = done - done_at_start_;
  const double left = gained > 0 ? seconds * (1 - done) / gained : 0;
  const double speed = seconds > 0 ? gained * p.epochs / seconds : 0;
  const int filled = static_cast<int>(done * kBarWidth);
  fmt::print(stderr, "\r\x1b[K[{}{}] epoch {}/{}  loss {:.4f}{}  {:.1f} epochs/s  {} left{}",
             std::string(static_cast<std::size_t>(filled), '='),
             std::string(static_cast<std::size_t>(kBarWidth - filled), ' '), p.epoch, p.epochs,
             p.loss, valid_text(last_epoch_), speed, duration(left), last ? "\n" : "");
  std::fflush(stderr);
}

void ProgressPrinter::print_line(const TrainProgress& p) const {
  fmt::print(stderr, "epoch {}/{}  loss {:.4f}{}\n", p.epoch, p.epochs, p.loss, valid_text(p));
}

}  // namespace refrain::cli

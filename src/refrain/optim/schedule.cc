#include "refrain/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace refrain::optim {
namespace {

double constant(double) { return 1; }

// From 1 to 0 on half a cosine wave.
double cosine(double progress) { return 0.5 * (1 + std::cos(std::numbers::pi * progress)); }

double one_cycle(double progress) {
  constexpr double kRise = 0.3, kStart = 0.04;
  if (progress < kRise) return 1 - (1 - kStart) * cosine(progress / kRise);
  return 1e-4 + (1 - 1e-4) * cosine((progress - kRise) / (1 - kRise));
}

// A tenth at half time, a hundredth after three quarters (as He et al. 2016).
double step(double progress) { return progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01; }

double slanted_triangle(double progress) {
  constexpr double kRise = 0.1, kEnds = 1.0 / 32;
  const double height = progress < kRise ? progress / kRise : (1 - progress) / (1 - kRise);
  return kEnds + (1 - kEnds) * height;
}

}  // namespace

const base::Registry<Schedule>& schedules() {
  static const base::Registry<Schedule> list(
      "schedule",
      {{"one_cycle", "up over the first 30 %, then down to nearly zero (Smith 2018)", one_cycle},
       {"cosine", "from the full rate to zero on half a cosine (Loshchilov and Hutter 2017)",
        cosine},
       {"slanted_triangle",
        "straight up over the first 10 %, then straight down to 1/32 (Howard and Ruder 2018)",
        slanted_triangle},
       {"step", "a tenth from half time on, a hundredth from three quarters on", step},
       {"plateau", "half whenever the validation loss has not fallen for --plateau-epochs epochs",
        constant},
       {"constant", "the same rate throughout", constant}});
  return list;
}

double factor_at(Schedule schedule, double warmup, const Progress& p) {
  const double progress = p.done / p.planned;
  const double rising = warmup * p.planned;  // updates
  if (p.done < rising) return schedule(0) * (p.done + 1) / (std::floor(rising) + 1);
  return schedule(std::min(1.0, (progress - warmup) / (1 - warmup)));
}

}  // namespace refrain::optim

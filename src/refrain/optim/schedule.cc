#include "refrain/optim/schedule.h"

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

}  // namespace

const base::Registry<Schedule>& schedules() {
  static const base::Registry<Schedule> list(
      "schedule",
      {{"one_cycle", "up over the first 30 %, then down to nearly zero (Smith 2018)", one_cycle},
       {"cosine", "from the full rate to zero on half a cosine (Loshchilov and Hutter 2017)",
        cosine},
       {"constant", "the same rate throughout", constant}});
  return list;
}

}  // namespace refrain::optim

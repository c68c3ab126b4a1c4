// Wall time of a piece of work, repeated.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace refrain::bench {

struct Timing {
  double median_ms = 0;
  double best_ms = 0;
  int repeats = 0;
};

inline double now_seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// Runs `work` twice for warmth, then for about `seconds`, at least three times.
template <class Work>
Timing measure(double seconds, Work&& work) {
  work();
  work();
  std::vector<double> times;
  const double end = now_seconds() + seconds;
  do {
    const double start = now_seconds();
    work();
    times.push_back(now_seconds() - start);
  } while (times.size() < 3 || now_seconds() < end);
  std::sort(times.begin(), times.end());
  return {1e3 * times[times.size() / 2], 1e3 * times.front(), static_cast<int>(times.size())};
}

}  // namespace refrain::bench

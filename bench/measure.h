// Time of a piece of work, repeated: wall time, or processor time on a machine that others use too.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace refrain::bench {

struct Timing {
  double median_ms = 0;
  double best_ms = 0;
  int repeats = 0;
  double cores = 0;  // processor time of the whole process / wall time
};

inline double now_seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

inline double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

using Clock = double (*)();  // now_seconds or processor_seconds

// Runs `work` twice for warmth, then for about `seconds`, at least three times.
template <class Work>
Timing measure(double seconds, Clock clock, Work&& work) {
  work();
  work();
  std::vector<double> times;
  const double begin = now_seconds(), processor = processor_seconds();
  do {
    const double start = clock();
    work();
    times.push_back(clock() - start);
  } while (times.size() < 3 || now_seconds() - begin < seconds);
  const double cores = (processor_seconds() - processor) / (now_seconds() - begin);
  std::sort(times.begin(), times.end());
  return {1e3 * times[times.size() / 2], 1e3 * times.front(), static_cast<int>(times.size()),
          cores};
}

}  // namespace refrain::bench

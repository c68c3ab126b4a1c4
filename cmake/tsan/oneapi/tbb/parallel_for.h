// Thread-sanitizer build only; see task_arena.h here.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "oneapi/tbb/task_arena.h"

namespace oneapi::tbb {

// Calls body(i) for i in [first, last) on the arena's number of threads; the first exception is
// thrown again after all have stopped.
template <class F>
void parallel_for(int first, int last, const F& body) {
  std::atomic<int> next = first;
  std::exception_ptr error;
  std::mutex error_mutex;
  const auto work = [&] {
    try {
      for (int i = next++; i < last; i = next++) body(i);
    } catch (...) {
      next = last;
      const std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < stand_in::concurrency; ++t) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace oneapi::tbb

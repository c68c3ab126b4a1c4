// Stands in for oneTBB in the thread-sanitizer build only. The system's oneTBB is compiled without
// the sanitizer, which therefore cannot see its synchronisation and reports races that are none;
// plain threads it can see through. Only what base/threads.cc uses.
#pragma once

namespace oneapi::tbb {

namespace stand_in {
inline thread_local int concurrency = 1;
}

class task_arena {
 public:
  explicit task_arena(int threads) : threads_(threads) {}

  template <class F>
  void execute(const F& work) {
    const int before = stand_in::concurrency;
    stand_in::concurrency = threads_;
    try {
      work();
    } catch (...) {
      stand_in::concurrency = before;
      throw;
    }
    stand_in::concurrency = before;
  }

 private:
  int threads_;
};

}  // namespace oneapi::tbb

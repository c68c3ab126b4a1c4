#include "refrain/base/threads.h"

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <map>
#include <memory>
#include <mutex>

namespace refrain::base {

namespace {

// One arena for each number of threads, kept: making one costs more than a small batch.
oneapi::tbb::task_arena& arena_of(int threads) {
  static std::mutex mutex;
  static std::map<int, std::unique_ptr<oneapi::tbb::task_arena>> arenas;
  const std::lock_guard lock(mutex);
  auto& arena = arenas[threads];
  if (arena == nullptr) arena = std::make_unique<oneapi::tbb::task_arena>(threads);
  return *arena;
}

}  // namespace

void parallel_for(int count, int threads, const std::function<void(int)>& body) {
  if (threads <= 1 || count <= 1) {
    for (int i = 0; i < count; ++i) body(i);
    return;
  }
  arena_of(threads).execute([&] { oneapi::tbb::parallel_for(0, count, [&](int i) { body(i); }); });
}

int core_count() { return oneapi::tbb::info::default_concurrency(); }

}  // namespace refrain::base

#include "refrain/base/threads.h"

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace refrain::base {

void parallel_for(int count, int threads, const std::function<void(int)>& body) {
  if (threads <= 1 || count <= 1) {
    for (int i = 0; i < count; ++i) body(i);
    return;
  }
  oneapi::tbb::task_arena arena(threads);
  arena.execute([&] { oneapi::tbb::parallel_for(0, count, [&](int i) { body(i); }); });
}

int core_count() { return oneapi::tbb::info::default_concurrency(); }

}  // namespace refrain::base

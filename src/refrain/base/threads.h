// Parallel work on one shared pool (oneTBB). What a task computes may depend on its index only,
// never on the thread or on how many there are: then one thread and two give the same bits.
#pragma once

#include <functional>

namespace refrain::base {

// Calls body(i) for i in [0, count), on at most `threads` threads (1 = in place, in order). The
// first exception is thrown again here after all have stopped.
void parallel_for(int count, int threads, const std::function<void(int)>& body);

// The number of cores this process may use.
int core_count();

}  // namespace refrain::base

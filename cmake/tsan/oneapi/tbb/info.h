// Thread-sanitizer build only; see task_arena.h here.
#pragma once

#include <thread>

namespace oneapi::tbb::info {

inline int default_concurrency() { return static_cast<int>(std::thread::hardware_concurrency()); }

}  // namespace oneapi::tbb::info

#include "refrain/base/threads.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace refrain::base {
namespace {

TEST(Threads, every_index_is_called_once_whatever_the_number_of_threads) {
  for (const int threads : {0, 1, 2, 4}) {
    std::vector<std::atomic<int>> calls(500);
    parallel_for(500, threads, [&](int i) { ++calls[static_cast<std::size_t>(i)]; });
    for (const auto& count : calls) EXPECT_EQ(count.load(), 1);
  }
}

TEST(Threads, nothing_is_called_for_a_count_of_nothing) {
  parallel_for(0, 2, [](int) { FAIL(); });
  parallel_for(-1, 1, [](int) { FAIL(); });
}

TEST(Threads, one_thread_keeps_the_order) {
  std::vector<int> order;
  parallel_for(4, 1, [&](int i) { order.push_back(i); });
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3));
}

TEST(Threads, two_threads_are_at_work_at_once) {
  if (core_count() < 2) GTEST_SKIP() << "one processor";
  std::atomic<int> begun{0}, met{0};
  parallel_for(2, 2, [&](int) {  // each waits for the other
    ++begun;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (begun < 2 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
    met += begun == 2 ? 1 : 0;
  });
  EXPECT_EQ(met.load(), 2);
}

TEST(Threads, an_exception_comes_back_to_the_caller) {
  for (const int threads : {1, 2}) {
    const auto throwing = [](int i) {
      if (i == 3) throw std::runtime_error("three");
    };
    EXPECT_THROW(parallel_for(8, threads, throwing), std::runtime_error);
  }
}

TEST(Threads, calls_may_be_nested) {
  std::atomic<int> sum{0};
  parallel_for(4, 2, [&](int i) { parallel_for(4, 2, [&](int j) { sum += i * j; }); });
  EXPECT_EQ(sum.load(), 36);
}

TEST(Threads, there_is_at_least_one_core) { EXPECT_GE(core_count(), 1); }

}  // namespace
}  // namespace refrain::base

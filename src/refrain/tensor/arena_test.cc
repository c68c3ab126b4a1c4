#include "refrain/tensor/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace refrain::tensor {
namespace {

bool aligned(const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 == 0; }

TEST(Arena, every_block_is_aligned_to_64_bytes) {
  Arena arena;
  for (const std::size_t count : {1u, 63u, 64u, 65u, 1000u, 5000000u, 3u}) {
    EXPECT_TRUE(aligned(arena.bytes(count))) << count;
  }
}

TEST(Arena, blocks_do_not_overlap_even_when_the_arena_grows) {
  Arena arena;
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t size = 1 + i * i * 100;
    auto* p = arena.array<unsigned char>(size);
    std::memset(p, static_cast<int>(i), size);
    blocks.emplace_back(p, size);
  }
  ASSERT_GT(arena.capacity(), std::size_t{1} << 20);  // it did grow
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto [p, size] = blocks[i];
    EXPECT_TRUE(std::all_of(p, p + size, [i](unsigned char c) { return c == i; })) << i;
  }
}

TEST(Arena, a_steady_step_finds_the_memory_of_the_one_before) {
  Arena arena;
  const auto step = [&] {
    arena.reset();
    void* first = arena.bytes(700000);
    arena.bytes(900000);
    arena.bytes(2500000);
    return first;
  };
  step();
  void* second = step();
  const std::size_t capacity = arena.capacity();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(step(), second);
  EXPECT_EQ(arena.capacity(), capacity);
  EXPECT_GE(capacity, 4100000u);
}

TEST(Arena, reset_of_an_unused_arena_does_nothing) {
  Arena arena;
  arena.reset();
  EXPECT_EQ(arena.capacity(), 0u);
}

TEST(Arena, zeros_are_zero_in_used_memory_too) {
  Arena arena;
  auto t = arena.tensor({10, 20});
  std::fill(t.span().begin(), t.span().end(), real{5});
  arena.reset();
  const auto z = arena.zeros({10, 20});
  EXPECT_EQ(z.data, t.data);  // the same memory
  EXPECT_EQ(z.shape, (Shape{10, 20}));
  EXPECT_TRUE(std::all_of(z.span().begin(), z.span().end(), [](real x) { return x == 0; }));
}

TEST(Arena, tensors_without_elements_are_allowed) {
  Arena arena;
  EXPECT_EQ(arena.tensor({0, 7}).count(), 0u);
  EXPECT_EQ(arena.zeros({0}).rows(), 0);
}

}  // namespace
}  // namespace refrain::tensor

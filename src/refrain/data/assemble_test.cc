#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/data/batch.h"
#include "refrain/data/bucket.h"

// Under the address sanitizer allocation is left to it, and the test that counts is skipped.
#if defined(__SANITIZE_ADDRESS__)
#define REFRAIN_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REFRAIN_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef REFRAIN_COUNTS_ALLOCATIONS
#define REFRAIN_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<long> allocations{0};
}  // namespace

#if REFRAIN_COUNTS_ALLOCATIONS
// Not inlined: GCC would take new and free for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A sample of one series [length,F] whose value at step t, channel f is 100 index + 10 t + f.
EncodedSample series_sample(std::int64_t index, int length, int features) {
  EncodedSample out;
  out.index = index;
  out.target = static_cast<int>(index) % 3;
  auto& stream = out.streams.emplace_back();
  stream.length = length;
  for (int t = 0; t < length; ++t) {
    for (int f = 0; f < features; ++f) {
      stream.values.push_back(static_cast<real>(100 * index + 10 * t + f));
    }
  }
  return out;
}

void add_text(EncodedSample& sample, std::vector<int> ids) {
  auto& stream = sample.streams.emplace_back();
  stream.length = static_cast<int>(ids.size());
  stream.ids = std::move(ids);
}

std::vector<StreamInfo> infos(const std::vector<StreamKind>& kinds) {
  std::vector<StreamInfo> out;
  for (const auto kind : kinds) out.push_back({"", kind, 0, {}});
  return out;
}
const auto kSeriesOnly = infos({StreamKind::kSeries});

TEST(Assemble, values_stand_step_by_step_longest_row_first) {
  const std::vector<EncodedSample> samples = {series_sample(0, 1, 2), series_sample(1, 3, 2),
                                              series_sample(2, 2, 2)};
  const int chosen[] = {0, 1, 2};
  Batch batch;
  assemble(samples, chosen, 3, kSeriesOnly, batch);
  const auto& stream = batch.streams.at(0);
  EXPECT_EQ(stream.features, 2);
  EXPECT_THAT(stream.values, ElementsAre(100, 101, 200, 201, 0, 1,  // t = 0
                                         110, 111, 210, 211,        // t = 1
                                         120, 121));                // t = 2
  EXPECT_TRUE(stream.ids.empty());
}

TEST(Assemble, targets_and_keys_stand_in_batch_order) {
  const std::vector<EncodedSample> samples = {series_sample(0, 1, 1), series_sample(1, 5, 1),
                                              series_sample(2, 2, 1), series_sample(50, 9, 1)};
  const int chosen[] = {2, 3, 0};
  Batch batch;
  assemble(samples, chosen, 3, kSeriesOnly, batch);
  EXPECT_EQ(batch.B, 3);
  EXPECT_THAT(batch.targets, ElementsAre(2, 50 % 3, 0));
  EXPECT_THAT(batch.key, ElementsAre(2u, 50u, 0u));
}

TEST(Assemble, every_value_of_a_ragged_batch_is_found_through_its_steps) {
  base::Rng rng(3);
  std::vector<EncodedSample> samples;
  for (int i = 0; i < 40; ++i) {
    samples.push_back(series_sample(i, 1 + static_cast<int>(rng.below(9)), 3));
  }
  std::vector<int> chosen(40);
  std::iota(chosen.begin(), chosen.end(), 0);
  rng.shuffle(chosen);
  Batch batch;
  assemble(samples, chosen.data(), 40, kSeriesOnly, batch);
  const auto& stream = batch.streams[0];
  const auto& steps = stream.table.steps();
  int seen = 0;
  for (int b = 0; b < steps.B; ++b) {
    const auto& sample = samples[static_cast<std::size_t>(chosen[steps.position[b]])];
    ASSERT_EQ(steps.length[b], sample.streams[0].length);
    for (int t = 0; t < steps.length[b]; ++t, ++seen) {
      const real* row = stream.values.data() + 3 * steps.row(t, b);
      ASSERT_EQ(row[0], 100 * sample.index + 10 * t);
      ASSERT_EQ(row[2], 100 * sample.index + 10 * t + 2);
    }
  }
  EXPECT_EQ(seen, steps.N);
  EXPECT_EQ(stream.values.size(), static_cast<std::size_t>(3 * steps.N));
}

TEST(Assemble, each_stream_sorts_its_own_rows) {
  std::vector<EncodedSample> samples = {series_sample(0, 2, 1), series_sample(1, 1, 1)};
  add_text(samples[0], {7});
  add_text(samples[1], {4, 5, 6});
  const int chosen[] = {0, 1};
  Batch batch;
  assemble(samples, chosen, 2, infos({StreamKind::kSeries, StreamKind::kText}), batch);
  EXPECT_THAT(batch.streams[0].values, ElementsAre(0, 100, 10));
  EXPECT_THAT(batch.streams[1].ids, ElementsAre(4, 7, 5, 6));
  EXPECT_EQ(batch.streams[1].kind, StreamKind::kText);
  EXPECT_EQ(batch.streams[1].features, 0);
  EXPECT_THAT(batch.streams[1].values, IsEmpty());
  EXPECT_EQ(batch.streams[1].table.steps().position[0], 1);
}

TEST(Assemble, a_batch_that_is_filled_again_forgets_what_it_held) {
  std::vector<EncodedSample> samples = {series_sample(0, 9, 4), series_sample(1, 1, 4)};
  std::vector<EncodedSample> texts(1);
  add_text(texts[0], {3});
  const int chosen[] = {0, 1};
  Batch batch;
  assemble(samples, chosen, 2, kSeriesOnly, batch);
  assemble(samples, chosen + 1, 1, kSeriesOnly, batch);
  EXPECT_EQ(batch.B, 1);
  EXPECT_THAT(batch.streams[0].values, ElementsAre(100, 101, 102, 103));
  EXPECT_EQ(batch.targets.size(), 1u);
  assemble(texts, chosen, 1, infos({StreamKind::kText}), batch);
  EXPECT_THAT(batch.streams[0].ids, ElementsAre(3));
  EXPECT_THAT(batch.streams[0].values, IsEmpty());
  EXPECT_THAT(batch.targets, ElementsAre(-1));
}

TEST(Assemble, a_steady_epoch_allocates_nothing) {
  if (!REFRAIN_COUNTS_ALLOCATIONS) GTEST_SKIP() << "the address sanitizer allocates";
  std::vector<EncodedSample> samples;
  std::vector<int> lengths;
  for (int i = 0; i < 200; ++i) {
    lengths.push_back(1 + i * 37 % 60);
    samples.push_back(series_sample(i, lengths.back(), 2));
    add_text(samples.back(), std::vector<int>(static_cast<std::size_t>(1 + i % 5), 3));
  }
  const auto streams = infos({StreamKind::kSeries, StreamKind::kText});
  Batcher batcher(lengths, 16);
  Batch batch;
  const auto pass = [&] {
    std::span<const int> chosen;
    while (batcher.next(chosen)) {
      assemble(samples, chosen.data(), static_cast<int>(chosen.size()), streams, batch);
    }
  };
  batcher.begin_ordered();  // the largest batch first
  pass();
  const long before = allocations;
  for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
    batcher.begin_epoch(base::Rng(epoch));
    pass();
  }
  EXPECT_EQ(allocations - before, 0);
  ::operator delete(::operator new(1));
  EXPECT_EQ(allocations - before, 1) << "the counter does not count";
}

TEST(Assemble, samples_that_do_not_belong_together_are_refused) {
  const int chosen[] = {0, 1};
  Batch batch;
  const auto refused = [&](const std::vector<EncodedSample>& samples, int count) {
    try {
      assemble(samples, chosen, count, kSeriesOnly, batch);
    } catch (const Error& e) {
      return e.code() == Code::kShape;
    }
    return false;
  };
  auto no_steps = series_sample(1, 1, 2);
  no_steps.streams[0].length = 0;
  auto cut = series_sample(1, 3, 2);
  cut.streams[0].values.pop_back();
  const auto good = series_sample(0, 2, 2);
  EXPECT_TRUE(refused({good, good}, 0));
  EXPECT_TRUE(refused({good, EncodedSample{}}, 2));
  EXPECT_TRUE(refused({good, series_sample(1, 2, 3)}, 2));
  EXPECT_TRUE(refused({good, cut}, 2));
  EXPECT_TRUE(refused({good, no_steps}, 2));
  EXPECT_TRUE(refused({no_steps, good}, 2));
  EXPECT_FALSE(refused({good, good}, 2));
}

}  // namespace
}  // namespace refrain::data

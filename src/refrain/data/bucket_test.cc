#include "refrain/data/bucket.h"

#include <gmock/gmock.h>

#include <numeric>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using Batches = std::vector<std::vector<int>>;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int> random_lengths(std::size_t count, std::uint64_t most) {
  base::Rng rng(count);
  std::vector<int> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(1 + static_cast<int>(rng.below(most)));
  return out;
}

void expect_each_once(const Batches& batches, std::size_t count) {
  std::vector<int> seen(count, 0);
  for (const auto& batch : batches) {
    for (const int i : batch) ++seen.at(static_cast<std::size_t>(i));
  }
  EXPECT_THAT(seen, testing::Each(1));
}

// Steps computed, were each batch padded to its longest sample.
std::int64_t padded_steps(const Batches& batches, const std::vector<int>& lengths) {
  std::int64_t total = 0;
  for (const auto& batch : batches) {
    int longest = 0;
    for (const int i : batch) longest = std::max(longest, lengths[static_cast<std::size_t>(i)]);
    total += static_cast<std::int64_t>(longest) * static_cast<std::int64_t>(batch.size());
  }
  return total;
}

TEST(Bucket, every_sample_is_in_exactly_one_batch_of_at_most_the_wanted_size) {
  for (const std::size_t count : {1u, 7u, 8u, 9u, 256u, 257u, 1000u}) {
    for (const int size : {1, 8, 5000}) {
      for (const std::uint64_t most : {1u, 60u}) {
        const auto lengths = random_lengths(count, most);
        for (const auto& batches :
             {bucket_batches(lengths, size, base::Rng(1)), ordered_batches(lengths, size)}) {
          expect_each_once(batches, count);
          EXPECT_EQ(batches.size(), (count + size - 1) / size);
          for (const auto& batch : batches) {
            EXPECT_FALSE(batch.empty());
            EXPECT_LE(batch.size(), static_cast<std::size_t>(size));
          }
        }
      }
    }
  }
}

TEST(Bucket, batches_hold_samples_of_similar_length) {
  const auto lengths = random_lengths(2000, 100);
  const auto real_steps = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
  const auto batches = bucket_batches(lengths, 16, base::Rng(1));
  EXPECT_LT(static_cast<double>(padded_steps(batches, lengths)), 1.06 * real_steps);
}

TEST(Bucket, batches_and_their_company_change_with_the_generator_only) {
  for (const std::uint64_t most : {1u, 50u}) {
    const auto lengths = random_lengths(300, most);
    const auto first = bucket_batches(lengths, 8, base::Rng(1));
    EXPECT_EQ(bucket_batches(lengths, 8, base::Rng(1)), first);
    const auto second = bucket_batches(lengths, 8, base::Rng(2));
    auto a = first, b = second;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    EXPECT_NE(a, b);  // not only the order of the batches
  }
}

TEST(Bucket, the_order_of_batches_is_not_by_length) {
  std::vector<int> lengths(320);
  std::iota(lengths.begin(), lengths.end(), 1);
  const auto batches = bucket_batches(lengths, 10, base::Rng(1));
  std::vector<int> longest;
  for (const auto& batch : batches)
    longest.push_back(*std::max_element(batch.begin(), batch.end()));
  EXPECT_FALSE(std::is_sorted(longest.begin(), longest.end()));
  EXPECT_FALSE(std::is_sorted(longest.rbegin(), longest.rend()));
}

TEST(Bucket, equal_lengths_are_in_random_order) {
  std::vector<int> first(20, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    ++first[static_cast<std::size_t>(
        bucket_batches(std::vector<int>(20, 9), 5, base::Rng(seed))[0][0])];
  }
  for (const int count : first) EXPECT_NEAR(count, 100, 50);  // 5 standard deviations
}

TEST(Bucket, the_ordered_pass_goes_from_long_to_short) {
  EXPECT_EQ(ordered_batches({3, 9, 1, 9, 4}, 2), (Batches{{1, 3}, {4, 0}, {2}}));
  EXPECT_EQ(ordered_batches({5, 5, 5}, 2), (Batches{{0, 1}, {2}}));
}

TEST(Bucket, no_samples_give_no_batches_and_no_batch_size_is_refused) {
  EXPECT_THAT(bucket_batches({}, 4, base::Rng(1)), IsEmpty());
  EXPECT_THAT(ordered_batches({}, 4), IsEmpty());
  EXPECT_THROW(Batcher({1, 2}, 0), Error);
  EXPECT_THROW(Batcher({1, 2}, -3), Error);
}

TEST(Batcher, an_epoch_depends_on_its_generator_and_not_on_earlier_epochs) {
  const auto lengths = random_lengths(100, 20);
  Batcher batcher(lengths, 8);
  EXPECT_EQ(batcher.batches(), 13);
  std::span<const int> batch;
  for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
    batcher.begin_epoch(base::Rng(1).fork(epoch));
    Batches all;
    while (batcher.next(batch)) all.emplace_back(batch.begin(), batch.end());
    EXPECT_EQ(all, bucket_batches(lengths, 8, base::Rng(1).fork(epoch)));
    EXPECT_FALSE(batcher.next(batch));
  }
  batcher.begin_ordered();
  ASSERT_TRUE(batcher.next(batch));
  EXPECT_EQ(std::vector<int>(batch.begin(), batch.end()), ordered_batches(lengths, 8)[0]);
}

TEST(Batcher, an_epoch_may_be_left_early) {
  Batcher batcher({1, 2, 3, 4, 5}, 2);
  std::span<const int> batch;
  batcher.begin_epoch(base::Rng(1));
  batcher.next(batch);
  batcher.begin_epoch(base::Rng(1));
  int count = 0;
  while (batcher.next(batch)) count += static_cast<int>(batch.size());
  EXPECT_EQ(count, 5);
}

}  // namespace
}  // namespace refrain::data

#include "refrain/task/variants.h"

#include <gmock/gmock.h>

namespace refrain::task {
namespace {

data::Dataset ramps(int n) {
  data::Dataset d;
  d.has_labels = true;
  data::StreamInfo info;
  info.name = "series";
  info.channels = 1;
  d.streams.push_back(std::move(info));
  for (int i = 0; i < n; ++i) {
    data::Sample sample;
    sample.id = std::to_string(i);
    sample.label = i % 2 == 0 ? "even" : "odd";
    sample.streams.push_back(data::Series{4, 1, {1, 2, 3, static_cast<float>(i)}});
    d.samples.push_back(std::move(sample));
  }
  return d;
}

const std::vector<float>& values(const data::Sample& sample) {
  return std::get<data::Series>(sample.streams.front()).values;
}

TEST(Variants, eight_of_each_sample_that_know_their_source_and_its_label) {
  const auto d = ramps(6);
  const auto v = with_variants(d, {1, 3, 4}, "jitter(p=1)", 7, 1);
  ASSERT_EQ(v.dataset.samples.size(), 27U);
  ASSERT_EQ(v.chosen.size(), 27U);
  for (std::size_t i = 0; i < 27; ++i) {
    const auto& sample = v.dataset.samples[i];
    const auto& given = v.dataset.samples[i % 3];
    EXPECT_EQ(v.source[i], static_cast<int>(i % 3));
    EXPECT_EQ(sample.label, given.label);
    EXPECT_EQ(sample.source, i < 3 ? -1 : static_cast<std::int64_t>(i % 3));
    EXPECT_EQ(values(sample) == values(given), i < 3);
  }
  EXPECT_EQ(values(v.dataset.samples[0]), values(d.samples[1]));
  EXPECT_NE(values(v.dataset.samples[3]), values(v.dataset.samples[6])) << "each round draws anew";
}

TEST(Variants, the_same_for_any_number_of_threads_and_others_for_another_seed) {
  const auto d = ramps(9);
  const std::vector<int> all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  const auto made = [&](std::int64_t seed, int threads) {
    std::vector<std::vector<float>> out;
    for (const auto& s : with_variants(d, all, "jitter(p=1)", seed, threads).dataset.samples) {
      out.push_back(values(s));
    }
    return out;
  };
  EXPECT_EQ(made(1, 1), made(1, 2));
  EXPECT_NE(made(1, 1), made(2, 1));
}

TEST(Variants, of_a_derived_sample_belong_to_its_source_where_that_is_there) {
  auto d = ramps(4);
  d.samples[2].source = 1;
  EXPECT_EQ(with_variants(d, {1, 2}, "jitter(p=1)", 1, 1).source[3], 0);
  EXPECT_EQ(with_variants(d, {0, 2}, "jitter(p=1)", 1, 1).source[3], 1);
}

TEST(Variants, sources_of_sources_are_followed_to_the_first_and_circles_are_cut) {
  auto d = ramps(5);
  d.samples[1].source = 0;
  d.samples[2].source = 1;
  d.samples[3].source = 4;
  d.samples[4].source = 3;
  const auto source = with_variants(d, {0, 1, 2, 3, 4}, "jitter(p=1)", 1, 1).source;
  EXPECT_EQ(std::vector<int>(source.begin(), source.begin() + 5),
            (std::vector<int>{0, 0, 0, 3, 3}));
  EXPECT_EQ(source[7], 0);
}

TEST(Variants, are_fewer_of_more_samples) {
  EXPECT_EQ(variant_rounds(0), 0);
  EXPECT_EQ(variant_rounds(1), 8);
  EXPECT_EQ(variant_rounds(500), 8);
  EXPECT_EQ(variant_rounds(1000), 3);
  EXPECT_EQ(variant_rounds(2250), 1);
  EXPECT_EQ(variant_rounds(2251), 0);
  EXPECT_EQ(variant_rounds(1'000'000), 0);
}

TEST(Variants, there_are_none_where_labels_would_be_shared_or_samples_are_many) {
  const auto d = ramps(4);
  EXPECT_EQ(with_variants(d, {0, 1, 2}, "mixup(p=1)", 1, 1).dataset.samples.size(), 3U);
  const auto many = ramps(3000);
  std::vector<int> all;
  for (int i = 0; i < 3000; ++i) all.push_back(i);
  EXPECT_EQ(with_variants(many, all, "jitter(p=1)", 1, 1).dataset.samples.size(), 3000U);
}

}  // namespace
}  // namespace refrain::task

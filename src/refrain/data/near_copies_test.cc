#include "refrain/data/near_copies.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::data {
namespace {

using testing::IsEmpty;

Series walk(int steps, int channels, int seed) {
  Series out{steps, channels, {}};
  base::Rng rng(static_cast<std::uint64_t>(seed));
  std::vector<double> at(static_cast<std::size_t>(channels), 0);
  for (int t = 0; t < steps; ++t) {
    for (double& x : at) out.values.push_back(static_cast<float>(x += rng.normal()));
  }
  return out;
}

Dataset walks(int count, int channels, int seed) {
  Dataset d;
  for (int i = 0; i < count; ++i) {
    Sample s;
    s.streams.emplace_back(walk(80, channels, 1000 * seed + i));
    d.samples.push_back(std::move(s));
  }
  return d;
}

std::vector<int> numbers(const Dataset& d) {
  std::vector<int> out(d.samples.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

std::vector<NearCopy> found(const Dataset& a, const Dataset& b) {
  const auto first = numbers(a), second = numbers(b);
  return near_copies({a, first}, {b, second}, true);
}

Series& first_series(Dataset& d, int i) {
  return std::get<Series>(d.samples[static_cast<std::size_t>(i)].streams[0]);
}

TEST(NearCopies, of_series_are_found_whatever_their_place_and_scale) {
  const Dataset a = walks(30, 2, 1);
  Dataset b = a;
  for (int i = 0; i < 30; ++i) {
    Series& s = first_series(b, i);
    for (std::size_t k = 0; k < s.values.size(); ++k) {
      s.values[k] = k % 2 == 0 ? 3.7F * s.values[k] - 20 : 0.01F * s.values[k];
    }
  }
  const auto copies = found(a, b);
  ASSERT_EQ(copies.size(), 30U);
  for (const auto& c : copies) EXPECT_TRUE(c.known == c.judged && !c.part);
}

TEST(NearCopies, of_series_are_found_where_they_were_cut_or_moved_in_time) {
  const Dataset a = walks(30, 2, 1);
  Dataset b = a;
  for (int i = 0; i < 30; ++i) {
    Series& s = first_series(b, i);
    const auto begin = s.values.begin() + 2 * (5 + i % 10);
    s.values = std::vector<float>(begin, begin + 2 * 55);
    s.steps = 55;
    for (float& x : s.values) x = 2 * x + 1;
  }
  const auto copies = found(a, b);
  EXPECT_GE(copies.size(), 29U);
  for (const auto& c : copies) EXPECT_TRUE(c.known == c.judged && c.part);
}

TEST(NearCopies, are_not_seen_in_samples_of_their_own) {
  EXPECT_THAT(found(walks(60, 1, 1), walks(60, 1, 2)), IsEmpty());
  const Dataset a = walks(60, 1, 1);
  EXPECT_THAT(found(a, a), IsEmpty());
}

TEST(NearCopies, exact_ones_are_none) {
  const Dataset a = walks(5, 1, 1);
  Dataset b = a;
  EXPECT_THAT(found(a, b), IsEmpty());
}

// Spectra of one substance are alike within 1 % of their spread, and still no copies.
TEST(NearCopies, are_judged_by_what_the_data_usually_differ_by) {
  Dataset a;
  for (int i = 0; i < 40; ++i) {
    Series s = walk(200, 1, 7);
    base::Rng rng(static_cast<std::uint64_t>(i));
    for (float& x : s.values) x += static_cast<float>(0.05 * rng.normal());
    Sample sample;
    sample.streams.emplace_back(std::move(s));
    a.samples.push_back(std::move(sample));
  }
  EXPECT_THAT(found(a, a), IsEmpty());
}

TEST(NearCopies, of_texts_have_equal_letters) {
  EXPECT_EQ(bare_text("Don't  STOP!"), "dontstop");
  EXPECT_EQ(bare_text("ＡＢＣ　１２３，好！"), "abc123好");
  EXPECT_EQ(bare_text("Straße"), bare_text("STRASSE"));
  EXPECT_EQ(bare_text("cafe\xcc\x81"), bare_text("café"));
  EXPECT_NE(bare_text("🙂"), bare_text("🙁"));
}

TEST(NearCopies, of_recordings_are_found_in_another_rate_and_depth) {
  Dataset a, b;
  for (int i = 0; i < 8; ++i) {
    Sound sound{16000, {}};
    base::Rng rng(static_cast<std::uint64_t>(i));
    double pitch = rng.uniform(0.03, 0.2), phase = 0;
    for (int t = 0; t < 12000; ++t) {
      if (t % 1500 == 0) pitch = rng.uniform(0.03, 0.3);
      phase += pitch;
      sound.samples.push_back(static_cast<float>(0.4 * std::sin(phase) * std::sin(3.1 * t / 12000) +
                                                 0.002 * rng.normal()));
    }
    Sample s;
    s.streams.emplace_back(sound);
    a.samples.push_back(s);
    Sound other{16000, {}};
    for (const float x : sound.samples) other.samples.push_back(0.5F * std::round(x * 127) / 127);
    s.streams[0] = other;
    b.samples.push_back(s);
  }
  const auto copies = found(a, b);
  ASSERT_EQ(copies.size(), 8U);
  for (const auto& c : copies) EXPECT_EQ(c.known, c.judged);
  EXPECT_THAT(found(a, a), IsEmpty());
}

}  // namespace
}  // namespace refrain::data

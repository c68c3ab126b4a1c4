// Checks the operations on series with numbers whose result is known.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/augment/derive.h"
#include "refrain/augment/series/partner.h"
#include "refrain/augment/series/waves.h"

namespace refrain::augment {
namespace {

using testing::Each;
using testing::ElementsAre;
using Floats = std::vector<float>;

struct Labelled {
  std::string label;
  Floats values;
};

class SeriesOperations : public testing::Test {
 protected:
  void set(int channels, const std::vector<Labelled>& samples) {
    dataset_ = {};
    dataset_.path = "made.ts";
    dataset_.has_labels = true;
    dataset_.streams = {{"series", data::StreamKind::kSeries, channels, {}}};
    training_.clear();
    for (const auto& [label, values] : samples) {
      data::Sample sample;
      sample.label = label;
      sample.streams = {data::Series{static_cast<int>(values.size()) / channels, channels, values}};
      training_.push_back(static_cast<int>(dataset_.samples.size()));
      dataset_.samples.push_back(std::move(sample));
    }
  }
  data::Sample sample(const std::string& spec, int epoch) const {
    const Pool pool(dataset_, training_);
    return derive(Pipeline::from(spec), pool, 0, epoch_rng(1, epoch));
  }
  // The first sample, varied.
  Floats varied(const std::string& spec, int epoch = 0) const {
    return std::get<data::Series>(sample(spec, epoch).streams[0]).values;
  }

  data::Dataset dataset_;
  std::vector<int> training_;
};

const Floats kRamp = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

Floats alternating(float height, std::size_t count) {
  Floats out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(i % 2 == 0 ? height : -height);
  return out;
}

TEST_F(SeriesOperations, one_channel_is_left_where_all_are_lost) {
  set(3, {{"a", {0, 10, 20, 2, 14, 26}}});
  std::set<int> left;
  for (int epoch = 0; epoch < 50; ++epoch) {
    const Floats out = varied("channel_dropout(share=1, p=1)", epoch);
    int kept = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      if (out[c] != out[c + 3]) ++kept, left.insert(static_cast<int>(c));
    }
    EXPECT_EQ(kept, 1);
  }
  EXPECT_THAT(left, ElementsAre(0, 1, 2));
}

TEST_F(SeriesOperations, a_crop_is_steps_in_a_row) {
  set(1, {{"a", kRamp}});
  EXPECT_EQ(varied("crop(keep=1, p=1)"), kRamp);
  std::set<float> begins;
  for (int epoch = 0; epoch < 100; ++epoch) {
    const Floats out = varied("crop(keep=0.5, p=1)", epoch);
    ASSERT_EQ(out.size(), 5u);
    for (std::size_t i = 1; i < out.size(); ++i) EXPECT_EQ(out[i], out[i - 1] + 1);
    begins.insert(out[0]);
  }
  EXPECT_THAT(begins, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(SeriesOperations, cutmix_shares_the_label_as_it_shares_the_steps) {
  set(1, {{"a", Floats(10, 0)}, {"b", Floats(10, 1)}});
  for (int epoch = 0; epoch < 50; ++epoch) {
    const auto out = sample("cutmix(alpha=1, p=1)", epoch);
    const auto& values = std::get<data::Series>(out.streams[0]).values;
    const auto pasted = std::count(values.begin(), values.end(), 1.0F);
    EXPECT_LE(pasted, 5) << "the larger part stays";
    if (pasted == 0) continue;
    ASSERT_EQ(out.shares.size(), 2u);
    EXPECT_NEAR(out.shares[0].second, 1 - static_cast<double>(pasted) / 10, 1e-12);
    EXPECT_NEAR(out.shares[1].second, static_cast<double>(pasted) / 10, 1e-12);
  }
}

TEST_F(SeriesOperations, mixup_shares_the_label_as_it_shares_the_values) {
  set(1, {{"a", Floats(10, 0)}, {"b", Floats(10, 1)}});
  for (int epoch = 0; epoch < 50; ++epoch) {
    const auto out = sample("mixup(alpha=1, p=1)", epoch);
    const auto& values = std::get<data::Series>(out.streams[0]).values;
    EXPECT_THAT(values, Each(values[0]));
    EXPECT_LE(values[0], 0.5F) << "the larger part stays";
    ASSERT_EQ(out.shares.size(), 2u);
    EXPECT_NEAR(out.shares[1].second, static_cast<double>(values[0]), 1e-6);
  }
}

TEST_F(SeriesOperations, dba_is_a_mean_in_which_the_sample_has_its_weight) {
  set(1, {{"a", Floats(8, 0)}, {"a", Floats(8, 1)}, {"a", Floats(8, 1)}, {"b", Floats(8, 9)}});
  for (int epoch = 0; epoch < 20; ++epoch) {
    for (const float value : varied("dba(others=2, own=0.25, p=1)", epoch)) {
      EXPECT_NEAR(value, 0.75, 1e-6);
    }
  }
}

TEST_F(SeriesOperations, drift_without_knots_goes_one_way) {
  set(1, {{"a", Floats(30, 0)}});
  for (int epoch = 0; epoch < 20; ++epoch) {
    const Floats out = varied("drift(sigma=1, knots=0, p=1)", epoch);
    for (std::size_t t = 2; t < out.size(); ++t) {
      EXPECT_GT((out[t] - out[t - 1]) * (out[1] - out[0]), 0) << t;
    }
  }
}

TEST_F(SeriesOperations, a_frequency_mask_takes_its_share_out_and_no_more_than_64) {
  base::Rng rng(3);
  Floats noise;
  for (int t = 0; t < 400; ++t) noise.push_back(static_cast<float>(rng.normal()));
  set(1, {{"a", noise}});
  for (const auto& [band, count] : {std::pair{"0.1", 20}, {"1", 64}}) {
    data::Series out{400, 1, varied(std::string("frequency_mask(p=1, band=") + band + ")")};
    const Waves waves(out);
    int gone = 0;
    for (int k = 1; k <= waves.highest(); ++k) gone += std::abs(waves.at(0, k)) < 1e-5 ? 1 : 0;
    EXPECT_EQ(gone, count) << band;
  }
}

TEST(Waves, of_a_series_that_alternates_are_the_highest_alone) {
  data::Series series{8, 1, alternating(3, 8)};
  Waves waves(series);
  ASSERT_EQ(waves.highest(), 4);
  for (int k = 1; k < 4; ++k) EXPECT_NEAR(std::abs(waves.at(0, k)), 0, 1e-12) << k;
  EXPECT_NEAR(waves.at(0, 4).real(), 3, 1e-12);
  waves.add(-waves.at(0, 4), 0, 4);
  for (const float value : series.values) EXPECT_NEAR(value, 0, 1e-6);
}

TEST_F(SeriesOperations, partners_are_all_others_and_never_the_sample) {
  set(1, {{"a", kRamp}, {"b", kRamp}, {"a", kRamp}, {"a", kRamp}});
  const Pool pool(dataset_, training_);
  std::set<int> any, same;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Draw draw{base::Rng(seed), pool, 2};
    any.insert(draw_partner(dataset_.samples[2], draw, false));
    same.insert(draw_partner(dataset_.samples[2], draw, true));
  }
  EXPECT_THAT(any, ElementsAre(0, 1, 3));
  EXPECT_THAT(same, ElementsAre(0, 3));
}

// Two channels, one a hundred times as large; half of the others are near by the measure of each
// channel, half by that of the small one.
TEST_F(SeriesOperations, smote_goes_towards_the_nearest_by_the_deviations_of_the_channels) {
  Floats own, near, far;
  for (int t = 0; t < 20; ++t) {
    const float sign = t % 2 == 0 ? 1.0F : -1.0F;
    own.insert(own.end(), {100 * sign, sign});
    near.insert(near.end(), {100 * sign + 50, sign});
    far.insert(far.end(), {100 * sign, sign + 2});
  }
  std::vector<Labelled> samples = {{"a", own}};
  for (int i = 0; i < 16; ++i) samples.push_back({"a", near}), samples.push_back({"a", far});
  set(2, samples);
  for (int epoch = 0; epoch < 20; ++epoch) {
    const Floats out = varied("smote(neighbours=1, most=0.1, p=1)", epoch);
    EXPECT_GT(out[0], 100);
    EXPECT_LE(out[0], 100 + 0.1F * 50);
    EXPECT_EQ(out[1], 1);
  }
}

TEST_F(SeriesOperations, noise_is_measured_by_the_deviation_of_its_channel) {
  Floats values;
  for (int t = 0; t < 200; ++t) {
    const float sign = t % 2 == 0 ? 1.0F : -1.0F;
    values.insert(values.end(), {100 * sign, sign});
  }
  set(2, {{"a", values}});
  const Floats out = varied("jitter(sigma=0.5, p=1)");
  double squares[2] = {};
  for (std::size_t i = 0; i < out.size(); ++i) {
    squares[i % 2] += std::pow(static_cast<double>(out[i] - values[i]), 2) / 200;
  }
  EXPECT_NEAR(std::sqrt(squares[0]), 50, 10);
  EXPECT_NEAR(std::sqrt(squares[1]), 0.5, 0.1);
}

TEST_F(SeriesOperations, a_time_mask_is_as_long_as_was_asked_for) {
  set(1, {{"a", kRamp}});
  for (const auto& [window, count] : {std::pair{"0.2", 2}, {"0.5", 5}}) {
    const Floats out = varied(std::string("time_mask(p=1, window=") + window + ")");
    EXPECT_EQ(std::count(out.begin(), out.end(), 4.5F), count);
  }
}

TEST_F(SeriesOperations, what_is_shifted_out_comes_in_again_or_the_end_goes_on) {
  set(1, {{"a", kRamp}});
  std::set<float> begins;
  for (int epoch = 0; epoch < 100; ++epoch) {
    const Floats wrapped = varied("time_shift(most=0.3, fill=wrap, p=1)", epoch);
    const Floats repeated = varied("time_shift(most=0.3, p=1)", epoch);
    const int by = static_cast<int>(wrapped[0] > 5 ? 10 - wrapped[0] : -wrapped[0]);
    for (int t = 0; t < 10; ++t) {
      const auto at = static_cast<std::size_t>(t);
      EXPECT_EQ(wrapped[at], static_cast<float>((t - by + 10) % 10)) << by;
      EXPECT_EQ(repeated[at], static_cast<float>(std::clamp(t - by, 0, 9))) << by;
    }
    begins.insert(wrapped[0]);
  }
  EXPECT_THAT(begins, ElementsAre(0, 1, 2, 3, 7, 8, 9));
}

TEST_F(SeriesOperations, pieces_are_cut_anywhere) {
  set(1, {{"a", kRamp}});
  std::set<float> begins;
  for (int epoch = 0; epoch < 300; ++epoch) {
    begins.insert(varied("permute(pieces=2, p=1)", epoch)[0]);
  }
  EXPECT_EQ(begins.size(), 10u);
  int changed = 0;
  for (int epoch = 0; epoch < 100; ++epoch) {
    changed += varied("permute(pieces=1..2, p=1)", epoch) != kRamp ? 1 : 0;
  }
  EXPECT_NEAR(changed, 25, 20) << "half of those with two pieces";
}

TEST_F(SeriesOperations, groups_take_as_many_steps_as_they_say) {
  set(1, {{"a", kRamp}});
  const Floats turned(kRamp.rbegin(), kRamp.rend());
  int once = 0;
  for (int epoch = 0; epoch < 100; ++epoch) {
    once += varied("repeat(reverse(p=1), n=1..2)", epoch) == turned ? 1 : 0;
    EXPECT_EQ(varied("some_of(reverse, channel_dropout(share=0), n=2, p=1)", epoch), turned)
        << "each once";
  }
  EXPECT_NEAR(once, 50, 25);
}

TEST_F(SeriesOperations, the_first_source_is_remembered) {
  set(1, {{"a", kRamp}, {"a", kRamp}});
  EXPECT_EQ(sample("scale(p=1)", 0).source, 0);
  dataset_.samples[0].source = 1;
  EXPECT_EQ(sample("scale(p=1)", 0).source, 1);
}

}  // namespace
}  // namespace refrain::augment

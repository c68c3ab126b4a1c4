// Checks the properties that every operation must have: the suite over the registry.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/augment/derive.h"
#include "refrain/augment/list.h"
#include "refrain/augment/text/lexicon.h"

namespace refrain::augment {
namespace {

using data::Dataset;
using data::Sample;
using data::Series;
using data::StreamKind;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr int kDraws = 20;

// Two classes of series of 2 channels and unequal lengths, tags counting the steps; one series of
// one step, one of none; a missing value in each third step of channel 1.
Series made_series(int i, int steps) {
  Series series{steps, 2, {}};
  for (int t = 0; t < steps; ++t) {
    series.values.push_back(std::sin(0.3F * static_cast<float>(t + i)) + 100);
    series.values.push_back(t % 3 == 1 ? kNan : 0.01F * static_cast<float>(t * (i + 1)));
  }
  return series;
}

Dataset series_set() {
  Dataset d;
  d.path = "made.ts";
  d.has_labels = true;
  d.streams = {{"series", StreamKind::kSeries, 2, {}}};
  for (int i = 0; i < 12; ++i) {
    const int steps = i == 10 ? 1 : i == 11 ? 0 : 20 + 3 * i;
    Sample sample;
    sample.id = std::to_string(i + 1);
    sample.label = i % 2 == 0 ? "a" : "b";
    sample.streams = {made_series(i, steps)};
    for (int t = 0; t < steps; ++t) sample.tags.push_back(std::to_string(t));
    d.samples.push_back(std::move(sample));
  }
  return d;
}

Dataset text_set() {
  Dataset d;
  d.path = "made.csv";
  d.has_labels = true;
  d.streams = {{"text", StreamKind::kText, 0, {}}};
  const std::vector<std::string> texts = {"The film was long, but we liked it. We would go again!",
                                          "a dull story of two men",
                                          "Übermut tut selten gut",
                                          "这 部 电影 很 好 看 。",
                                          "one",
                                          ""};
  for (const auto& text : texts) {
    Sample sample;
    sample.id = std::to_string(d.samples.size() + 1);
    sample.label = d.samples.size() % 2 == 0 ? "a" : "b";
    sample.streams = {text};
    d.samples.push_back(std::move(sample));
  }
  return d;
}

// Tones of two pitches and of several lengths, silence, one sample, none.
Dataset sound_set() {
  Dataset d;
  d.path = "made";
  d.has_labels = true;
  d.streams = {{"sound", StreamKind::kSound, 0, {}}};
  for (const int count : {1600, 900, 333, 64, 2, 1, 0, 700}) {
    Sample sample;
    sample.id = std::to_string(d.samples.size() + 1);
    sample.label = d.samples.size() % 2 == 0 ? "a" : "b";
    data::Sound sound{8000, {}};
    const float pitch = sample.label == "a" ? 0.2F : 0.5F, loud = count == 700 ? 0 : 0.5F;
    for (int i = 0; i < count; ++i) {
      sound.samples.push_back(loud * std::sin(pitch * static_cast<float>(i)));
    }
    sample.streams = {std::move(sound)};
    d.samples.push_back(std::move(sample));
  }
  return d;
}

std::vector<int> all_of(const Dataset& d) {
  std::vector<int> all(d.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

bool same_bits(const Series& a, const Series& b) {
  return a.steps == b.steps && a.channels == b.channels && a.values.size() == b.values.size() &&
         std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                    [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

bool same(const Sample& a, const Sample& b) {
  if (a.label != b.label || a.shares != b.shares || a.tags != b.tags) return false;
  if (const auto* series = std::get_if<Series>(&a.streams.at(0))) {
    return same_bits(*series, std::get<Series>(b.streams.at(0)));
  }
  if (const auto* sound = std::get_if<data::Sound>(&a.streams.at(0))) {
    return *sound == std::get<data::Sound>(b.streams.at(0));
  }
  return std::get<std::string>(a.streams.at(0)) == std::get<std::string>(b.streams.at(0));
}

class Suite : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const auto& field : kind().fields) {
      if (field.name == "lexicon" && !has_wordnet()) {
        GTEST_SKIP() << "WordNet (Debian's wordnet-base) is not installed";
      }
    }
  }
  const Kind& kind() const { return operations().at(GetParam()); }
  const Dataset series_ = series_set(), text_ = text_set(), sound_ = sound_set();
  const Dataset& dataset() const {
    if (kind().input == StreamKind::kSound) return sound_;
    return kind().input == StreamKind::kText ? text_ : series_;
  }
  Pipeline pipeline(const std::string& p) const {
    return Pipeline::from(GetParam() + "(p=" + p + ")");
  }
};

// Calls check(source, derived) for every sample and many draws.
void for_all(const Dataset& d, const Pipeline& pipeline, const auto& check) {
  const Pool pool(d, all_of(d));
  for (int draw = 0; draw < kDraws; ++draw) {
    for (int i = 0; i < pool.size(); ++i) {
      check(pool[i], derive(pipeline, pool, i, epoch_rng(7, draw)));
    }
  }
}

TEST_P(Suite, nothing_changes_at_p_0) {
  for_all(dataset(), pipeline("0"), [](const Sample& source, const Sample& derived) {
    EXPECT_TRUE(same(source, derived)) << source.id;
  });
}

TEST_P(Suite, the_same_seed_gives_the_same_sample_in_any_order) {
  const Dataset& d = dataset();
  const Pool pool(d, all_of(d));
  const Pipeline one = pipeline("1"), two = pipeline("1");
  std::vector<Sample> forth, back(d.samples.size());
  for (int i = 0; i < pool.size(); ++i) forth.push_back(derive(one, pool, i, epoch_rng(3, 5)));
  for (int i = pool.size() - 1; i >= 0; --i) {
    back[static_cast<std::size_t>(i)] = derive(two, pool, i, epoch_rng(3, 5));
  }
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_TRUE(same(forth[i], back[i]));
    EXPECT_EQ(content_digest(forth[i]), content_digest(back[i]));
  }
}

TEST_P(Suite, series_keep_legal_lengths_values_and_tags) {
  if (kind().input != StreamKind::kSeries) GTEST_SKIP() << "of series";
  for_all(dataset(), pipeline("1"), [](const Sample& source, const Sample& derived) {
    const auto& before = std::get<Series>(source.streams[0]);
    const auto& after = std::get<Series>(derived.streams[0]);
    EXPECT_EQ(after.channels, before.channels);
    EXPECT_EQ(after.values.size(), static_cast<std::size_t>(after.steps * after.channels));
    EXPECT_EQ(derived.tags.size(), static_cast<std::size_t>(after.steps));
    if (before.steps > 0) {
      EXPECT_GE(after.steps, 1);
    } else {
      EXPECT_EQ(after.steps, 0);
    }
    for (const float value : after.values) EXPECT_FALSE(std::isinf(value));
  });
}

TEST_P(Suite, recordings_keep_their_rate_and_legal_lengths_and_values) {
  if (kind().input != StreamKind::kSound) GTEST_SKIP() << "of recordings";
  for_all(dataset(), pipeline("1"), [](const Sample& source, const Sample& derived) {
    const auto& before = std::get<data::Sound>(source.streams[0]);
    const auto& after = std::get<data::Sound>(derived.streams[0]);
    EXPECT_EQ(after.rate, before.rate);
    EXPECT_EQ(after.samples.empty(), before.samples.empty());
    EXPECT_LE(after.samples.size(), 2 * before.samples.size() + 1);
    for (const float value : after.samples) EXPECT_LT(std::abs(value), 10);
  });
}

TEST_P(Suite, labels_stay_or_become_shares_that_sum_to_one) {
  for_all(dataset(), pipeline("1"), [this](const Sample& source, const Sample& derived) {
    EXPECT_EQ(source.label, derived.label);
    EXPECT_EQ(source.weight, derived.weight);
    EXPECT_EQ(source.group, derived.group);
    EXPECT_TRUE(kind().mixes || derived.shares.empty());
    double sum = derived.shares.empty() ? 1 : 0;
    for (const auto& [label, share] : derived.shares) {
      EXPECT_TRUE(label == "a" || label == "b");
      EXPECT_GE(share, 0);
      sum += share;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  });
}

TEST_P(Suite, the_source_is_remembered) {
  int i = 0;
  const auto n = static_cast<int>(dataset().samples.size());
  for_all(dataset(), pipeline("1"),
          [&](const Sample&, const Sample& derived) { EXPECT_EQ(derived.source, i++ % n); });
}

// Channel 1 misses each third step: what is there is never made of nothing.
TEST_P(Suite, missing_values_stay_missing) {
  if (kind().input != StreamKind::kSeries) GTEST_SKIP() << "of series";
  Dataset d = series_;
  for (Sample& sample : d.samples) {
    auto& series = std::get<Series>(sample.streams[0]);
    for (std::size_t i = 1; i < series.values.size(); i += 2) series.values[i] = kNan;
  }
  for_all(d, pipeline("1"), [](const Sample& source, const Sample& derived) {
    const auto& before = std::get<Series>(source.streams[0]);
    const auto& after = std::get<Series>(derived.streams[0]);
    for (std::size_t i = 0; i < after.values.size(); ++i) {
      EXPECT_EQ(std::isnan(after.values[i]), i % 2 == 1) << before.steps;
    }
  });
}

TEST_P(Suite, missing_steps_do_not_spread) {
  if (kind().input != StreamKind::kSeries) GTEST_SKIP() << "of series";
  for_all(dataset(), pipeline("1"), [](const Sample& source, const Sample& derived) {
    const auto& after = std::get<Series>(derived.streams[0]);
    if (after.steps < 12) return;
    int missing = 0;
    for (std::size_t i = 1; i < after.values.size(); i += 2) missing += std::isnan(after.values[i]);
    EXPECT_GT(missing, after.steps / 10) << source.id;
    EXPECT_LT(missing, 9 * after.steps / 10) << source.id;
  });
}

TEST_P(Suite, something_changes_at_p_1) {
  if (GetParam() == "entity_swap") GTEST_SKIP() << "changes tagged text alone";
  if (GetParam() == "back_translation") GTEST_SKIP() << "needs translators";
  if (GetParam() == "self_training") GTEST_SKIP() << "makes pairs in trainings of translations";
  int changed = 0;
  for_all(dataset(), pipeline("1"), [&](const Sample& source, const Sample& derived) {
    changed += same(source, derived) ? 0 : 1;
  });
  EXPECT_GT(changed, 0);
}

TEST_P(Suite, what_borrows_is_told_from_what_a_sample_alone_is_enough_for) {
  const auto specification = pipeline("1");
  if (GetParam() == "back_translation" || GetParam() == "entity_swap" ||
      GetParam() == "self_training") {
    GTEST_SKIP() << "it changes no sample of the suite";
  }
  EXPECT_EQ(specification.borrows(), kind().borrows);
  bool changed = false;
  for (const int i : all_of(dataset())) {
    const Pool alone(dataset(), {i});
    for (int draw = 0; draw < kDraws; ++draw) {
      changed |= !same(alone[0], vary(specification, alone, 0, epoch_rng(7, draw)));
    }
  }
  EXPECT_NE(changed, kind().borrows);
}

TEST_P(Suite, every_option_has_a_range_help_and_a_default_within_it) {
  const auto made = kind().make(base::Json::object());
  const base::Json options = made->options();
  for (const auto& field : kind().fields) {
    EXPECT_FALSE(field.help.empty()) << field.name;
    EXPECT_NO_THROW(base::check_value(field, options[field.name])) << field.name;
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& item : operations().items()) names.push_back(item.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(all, Suite, testing::ValuesIn(all_names()),
                         [](const auto& item) { return item.param; });

// Tags move with time: after an operation on time the tag of a step names the step (nearly) that
// its value came from. Values count the steps here.
TEST(Tags, move_with_the_values) {
  Dataset d;
  d.streams = {{"series", StreamKind::kSeries, 1, {}}};
  for (int i = 0; i < 3; ++i) {
    Sample sample;
    Series series{60, 1, {}};
    for (int t = 0; t < 60; ++t) {
      series.values.push_back(static_cast<float>(t));
      sample.tags.push_back(std::to_string(t));
    }
    sample.streams = {series};
    d.samples.push_back(std::move(sample));
  }
  for (const char* name : {"crop", "window_slice", "window_warp", "time_warp", "resample",
                           "permute", "time_shift", "reverse", "guided_warp"}) {
    const auto pipeline = Pipeline::from(std::string(name) + "(p=1)");
    for_all(d, pipeline, [&](const Sample&, const Sample& derived) {
      const auto& after = std::get<Series>(derived.streams[0]);
      for (std::size_t t = 0; t < after.values.size(); ++t) {
        EXPECT_NEAR(after.values[t], std::stof(derived.tags[t]), 0.51) << name;
      }
    });
  }
}

}  // namespace
}  // namespace refrain::augment

#include "refrain/score/intervals.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/base/rng.h"
#include "refrain/score/metrics.h"

namespace refrain::score {
namespace {

using base::Json;

constexpr double kDigits = 1e-9;  // the reference numbers are written with ten digits

Json golden() {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/metrics.json");
  return Json::parse(file);
}

TEST(Wilson, is_the_published_interval) {
  int cases = 0;
  const Json file = golden();
  for (const Json& item : file["wilson"]) {
    const Interval i = wilson(item["k"], item["n"]);
    EXPECT_NEAR(i.value, item["value"].get<double>(), kDigits);
    EXPECT_NEAR(i.low, item["low"].get<double>(), kDigits);
    EXPECT_NEAR(i.high, item["high"].get<double>(), kDigits);
    EXPECT_LE(i.low, i.value);
    EXPECT_GE(i.high, i.value);
    ++cases;
  }
  EXPECT_EQ(cases, 6);
}

TEST(Wilson, of_nothing_says_nothing) {
  const Interval i = wilson(0, 0);
  EXPECT_EQ(i.low, 0);
  EXPECT_EQ(i.high, 1);
}

// The work of a draw must not grow with the square of the classes.
TEST(SlowScores, many_classes_cost_no_table_of_all_pairs) {
  const auto seconds = [](int classes) {
    Classification c;
    c.classes = classes;
    for (int i = 0; i < 2 * classes; ++i) {
      c.truth.push_back(i % classes);
      c.predicted.push_back((i * 7) % classes);
    }
    const auto start = std::chrono::steady_clock::now();
    score_all(c, 1);
    class_scores({&c, 1}, 1);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  EXPECT_LT(seconds(2000), 5) << "a table of all pairs took more than a minute";
}

TEST(ScoreAll, nothing_gives_finite_numbers) {
  Classification c;
  c.classes = 3;
  for (const auto& [name, s] : score_all(c, 1)) {
    EXPECT_TRUE(std::isfinite(s.value)) << name;
    EXPECT_TRUE(std::isfinite(s.low)) << name;
    EXPECT_TRUE(std::isfinite(s.high)) << name;
  }
}

// n samples of three classes, four of five right.
Classification made_up(int n) {
  base::Rng rng(3);
  Classification c;
  c.classes = 3;
  for (int i = 0; i < n; ++i) {
    const int truth = static_cast<int>(rng.below(3));
    const int guess = rng.uniform() < 0.8 ? truth : static_cast<int>(rng.below(3));
    c.truth.push_back(truth);
    c.predicted.push_back(guess);
    for (int k = 0; k < 3; ++k) c.probability.push_back(k == guess ? 0.8 : 0.1);
  }
  return c;
}

TEST(ScoreAll, lists_every_metric_with_an_interval_around_its_value) {
  const Classification c = made_up(200);
  const auto scores = score_all(c, 1);
  ASSERT_EQ(scores.size(), classification_metrics().items().size());
  EXPECT_EQ(scores.front().name, "accuracy");
  for (const auto& [name, s] : scores) {
    EXPECT_EQ(s.value, classification_metrics().at(name)(c));
    EXPECT_LT(s.low, s.value) << name;
    EXPECT_GT(s.high, s.value) << name;
  }
  // with classes of equal size the bootstrap of macro F1 is about as wide as Wilson's interval
  const double wilson_width = scores[0].score.high - scores[0].score.low;
  const double f1_width = scores[2].score.high - scores[2].score.low;
  EXPECT_NEAR(f1_width / wilson_width, 1, 0.25);
}

TEST(ScoreAll, more_samples_give_a_narrower_interval) {
  const auto few = score_all(made_up(50), 1), many = score_all(made_up(2000), 1);
  for (std::size_t m = 0; m < few.size(); ++m) {
    const auto &a = few[m].score, &b = many[m].score;
    EXPECT_LT(b.high - b.low, 0.5 * (a.high - a.low)) << few[m].name;
  }
}

TEST(ScoreAll, is_repeatable_and_keyed_by_the_seed) {
  const Classification c = made_up(100);
  const auto first = score_all(c, 1), again = score_all(c, 1), other = score_all(c, 2);
  bool differs = false;
  for (std::size_t m = 0; m < first.size(); ++m) {
    EXPECT_EQ(first[m].score.low, again[m].score.low);
    EXPECT_EQ(first[m].score.high, again[m].score.high);
    differs = differs || first[m].score.low != other[m].score.low;
  }
  EXPECT_TRUE(differs);
}

TEST(ScoreAll, all_right_is_no_proof_of_no_errors) {
  Classification c = made_up(20);
  c.predicted = c.truth;
  for (const auto& [name, s] : score_all(c, 1)) {
    if (s.value < 1) continue;
    EXPECT_LT(s.low, 0.95) << name;
  }
}

TEST(ScoreAll, labels_alone_give_the_metrics_of_labels) {
  Classification c = made_up(50);
  c.probability.clear();
  EXPECT_EQ(score_all(c, 1).size(), 6u);
}

// Right exactly as often as the confidence says: what error is seen is noise.
TEST(ScoreAll, the_interval_of_the_calibration_error_is_freed_of_noise) {
  int held = 0;
  for (int i = 0; i < 100; ++i) {
    base::Rng rng = base::Rng(5).fork(static_cast<std::uint64_t>(i));
    Classification c;
    c.classes = 2;
    for (int k = 0; k < 60; ++k) {
      const double p = rng.uniform(0.5, 1);
      c.predicted.push_back(1);
      c.truth.push_back(rng.uniform() < p ? 1 : 0);
      c.probability.insert(c.probability.end(), {1 - p, p});
    }
    const Interval s = score_all(c, 1).back().score;
    EXPECT_GT(s.value, 0.02);
    EXPECT_GT(s.high, s.value);
    held += s.low < 0.001 ? 1 : 0;
  }
  EXPECT_GE(held, 93);
}

TEST(ScoreAll, groups_that_agree_make_intervals_wider) {
  Classification c = made_up(200);
  for (std::size_t i = 0; i < c.size(); ++i) {
    c.group.push_back(static_cast<int>(i / 10));
    c.truth[i] = c.truth[i / 10 * 10], c.predicted[i] = c.predicted[i / 10 * 10];
    for (std::size_t k = 0; k < 3; ++k) c.probability[i * 3 + k] = c.probability[i / 10 * 30 + k];
  }
  const auto grouped = score_all(c, 1);
  c.group.clear();
  const auto alone = score_all(c, 1);
  for (std::size_t m = 0; m < alone.size(); ++m) {
    const auto &a = alone[m].score, &g = grouped[m].score;
    EXPECT_GT(g.high - g.low, 1.5 * (a.high - a.low)) << alone[m].name;
  }
}

TEST(ScoreAll, copies_count_as_one) {
  const auto once = made_up(30);
  Classification often = once;
  for (int k = 0; k < 9; ++k) {
    often.truth.insert(often.truth.end(), once.truth.begin(), once.truth.end());
    often.predicted.insert(often.predicted.end(), once.predicted.begin(), once.predicted.end());
    often.probability.insert(often.probability.end(), once.probability.begin(),
                             once.probability.end());
  }
  for (int i = 0; i < 300; ++i) often.group.push_back(i % 30);
  const auto a = score_all(once, 1), b = score_all(often, 1);
  for (std::size_t m = 0; m < a.size(); ++m) {
    EXPECT_NEAR(a[m].score.value, b[m].score.value, 1e-9) << a[m].name;
    EXPECT_GE(b[m].score.high - b[m].score.low, 0.8 * (a[m].score.high - a[m].score.low))
        << a[m].name;
  }
}

TEST(ScoreAll, a_stop_flag_ends_the_draws) {
  const auto c = made_up(40);
  const std::atomic<bool> stop{true};
  EXPECT_THROW(score_repeats({&c, 1}, 1, {}, &stop), Stopped);
  EXPECT_THROW(class_scores({&c, 1}, 1, &stop), Stopped);
}

TEST(ScoreAll, one_group_says_nothing_about_others) {
  Classification c = made_up(30);
  c.group.assign(30, 7);
  const Interval accuracy = score_all(c, 1).front().score;
  EXPECT_EQ(accuracy.low, 0);
  EXPECT_EQ(accuracy.high, 1);
  EXPECT_EQ(sources_of_variation(c),
            "the choice of 30 samples in 1 group; not that of the seed, the split or the samples "
            "trained on");
}

TEST(WithinGroups, few_groups_are_taken_as_they_are) {
  Classification c = made_up(60);
  EXPECT_FALSE(interval_within_groups(c, 1)) << "without groups";
  const Interval alone = score_all(c, 1).front().score;
  for (const int groups : {1, 3, 9, 10}) {
    c.group.clear();
    for (int i = 0; i < 60; ++i) c.group.push_back(i % groups);
    const auto within = interval_within_groups(c, 1);
    EXPECT_EQ(within.has_value(), groups < static_cast<int>(kManyGroups)) << groups;
    if (!within) continue;
    EXPECT_EQ(within->value, alone.value);
    EXPECT_EQ(within->low, alone.low);
    EXPECT_EQ(within->high, alone.high);
  }
}

TEST(WithinGroups, groups_of_one_sample_have_no_others) {
  Classification c = made_up(6);
  for (int i = 0; i < 6; ++i) c.group.push_back(i);
  EXPECT_FALSE(interval_within_groups(c, 1));
}

TEST(WithinGroups, each_repeat_counts) {
  std::vector<Classification> repeats = {made_up(40), made_up(40)};
  repeats[1].predicted[0] = (repeats[1].predicted[0] + 1) % 3;
  const Interval alone = score_repeats(repeats, 1).front().score;
  for (auto& c : repeats) {
    for (int i = 0; i < 40; ++i) c.group.push_back(i % 4);
  }
  const auto within = interval_within_groups(repeats, 1);
  ASSERT_TRUE(within);
  EXPECT_EQ(within->value, alone.value);
  EXPECT_EQ(within->low, alone.low);
  EXPECT_EQ(within->high, alone.high);
}

TEST(ScoreAll, weights_of_two_change_no_interval) {
  Classification c = made_up(60);
  const auto plain = score_all(c, 1);
  c.weight.assign(60, 2.0);
  const auto doubled = score_all(c, 1);
  for (std::size_t m = 0; m < plain.size(); ++m) {
    EXPECT_NEAR(plain[m].score.low, doubled[m].score.low, 1e-12) << plain[m].name;
    EXPECT_NEAR(plain[m].score.high, doubled[m].score.high, 1e-12) << plain[m].name;
  }
}

TEST(ScoreRepeats, the_same_predictions_again_add_no_certainty) {
  const Classification c = made_up(80);
  const std::vector<Classification> five(5, c);
  const Interval once = score_all(c, 1).front().score, often = accuracy_interval(five);
  EXPECT_NEAR(often.value, once.value, 1e-12);
  EXPECT_NEAR((often.high - often.low) / (once.high - once.low), 1, 0.05);
}

TEST(ScoreRepeats, repeats_that_differ_as_a_whole_widen_the_interval) {
  const Classification good = made_up(400);
  Classification bad = good;
  for (std::size_t i = 0; i < 120; ++i) bad.predicted[i] = (good.truth[i] + 1) % 3;
  const std::vector<Classification> same(4, good), differ = {good, bad, good, bad};
  const auto a = score_repeats(same, 1), b = score_repeats(differ, 1);
  for (std::size_t m : {0u, 1u, 2u, 8u}) {
    const double narrow = a[m].score.high - a[m].score.low;
    EXPECT_GT(b[m].score.high - b[m].score.low, 1.5 * narrow) << a[m].name;
  }
}

TEST(ScoreRepeats, other_samples_are_refused) {
  const std::vector<Classification> mixed = {made_up(10), made_up(11)};
  EXPECT_THROW(score_repeats(mixed, 1), Error);
}

TEST(ScoreRepeats, what_is_asked_for_beside_the_metrics_follows_them) {
  const Classification c = made_up(60);
  const auto plain = score_all(c, 1);
  const auto more = score_repeats({&c, 1}, 1, class_metrics(1));
  ASSERT_EQ(more.size(), plain.size() + 3);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(more[i].score.value, plain[i].score.value);
    EXPECT_EQ(more[i].score.low, plain[i].score.low) << "others change nothing";
  }
  EXPECT_EQ(more.back().name, "f1");
  EXPECT_EQ(more.back().score.value, per_class(c)[1].f1);
}

TEST(ClassScores, have_the_values_of_per_class_and_intervals_around_them) {
  const Classification c = made_up(60);
  const auto rows = class_scores({&c, 1}, 1);
  const auto values = per_class(c);
  ASSERT_EQ(rows.size(), values.size());
  double support = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    EXPECT_DOUBLE_EQ(rows[k].precision.value, values[k].precision);
    EXPECT_DOUBLE_EQ(rows[k].recall.value, values[k].recall);
    EXPECT_DOUBLE_EQ(rows[k].f1.value, values[k].f1);
    EXPECT_EQ(rows[k].support, values[k].support);
    EXPECT_EQ(rows[k].predicted, values[k].predicted);
    for (const Interval& s : {rows[k].precision, rows[k].recall, rows[k].f1}) {
      EXPECT_LT(s.low, s.high);
      EXPECT_LE(s.low, s.value);
      EXPECT_GE(s.high, s.value);
    }
    support += rows[k].support;
  }
  EXPECT_EQ(support, 60);
}

TEST(ClassScores, three_of_three_right_say_little_among_hundreds_of_others) {
  Classification c;
  c.classes = 2;
  for (int i = 0; i < 300; ++i) c.truth.push_back(i < 3 ? 1 : 0);
  c.predicted = c.truth;
  const auto rows = class_scores({&c, 1}, 1);
  EXPECT_EQ(rows[1].recall.value, 1);
  for (const Interval& s : {rows[1].precision, rows[1].recall, rows[1].f1}) EXPECT_LT(s.low, 0.5);
  for (const Interval& s : {rows[0].precision, rows[0].recall, rows[0].f1}) EXPECT_GT(s.low, 0.98);
}

TEST(ClassScores, a_class_that_never_occurs_may_have_any_score) {
  Classification c;
  c.classes = 3;
  c.truth = {0, 1, 0, 1};
  c.predicted = {0, 1, 1, 1};
  const auto row = class_scores({&c, 1}, 1)[2];
  EXPECT_EQ(row.support, 0);
  for (const Interval& s : {row.precision, row.recall, row.f1}) {
    EXPECT_EQ(s.low, 0);
    EXPECT_EQ(s.high, 1);
  }
}

TEST(SourcesOfVariation, are_said_in_words) {
  Classification c = made_up(12);
  EXPECT_EQ(sources_of_variation({&c, 1}),
            "the choice of 12 samples; not that of the seed, the split or the samples trained on");
  for (int i = 0; i < 12; ++i) c.group.push_back(i / 3);
  const std::vector<Classification> both(2, c);
  EXPECT_EQ(
      sources_of_variation(both),
      "the choice of 12 samples in 4 groups and of 2 repeats (seeds, splits); not that of the "
      "samples trained on");
}

// 1000 draws of 2000 samples and 10 classes take about 0.2 s; a slow or shared machine gets ten
// times that.
}  // namespace
}  // namespace refrain::score

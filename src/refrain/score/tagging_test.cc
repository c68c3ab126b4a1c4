#include "refrain/score/tagging.h"

#include <gmock/gmock.h>

#include <sstream>

#include "refrain/base/rng.h"
#include "refrain/score/compare.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"
#include "refrain/score/spans.h"
#include "refrain/score/tag_scores.h"

namespace refrain::score {
namespace {

Tags tags_of(const std::string& text) {
  std::istringstream in(text);
  Tags out;
  for (std::string tag; in >> tag;) out.push_back(tag);
  return out;
}

Tagging tagging(bool spans, const std::vector<std::pair<std::string, std::string>>& samples) {
  Tagging t;
  t.spans = spans;
  for (const auto& [truth, predicted] : samples) {
    t.truth.push_back(tags_of(truth));
    t.predicted.push_back(tags_of(predicted));
  }
  return t;
}

double metric(const std::string& name, const Answers& answers) {
  return tagging_metrics().at(name)(answers);
}

// X: 2 true, 2 predicted, 1 found. Y: 2 true, 1 predicted and found. Z: 1 predicted.
Tagging entities() {
  return tagging(
      true,
      {{"B-X I-X O B-Y", "B-X I-X O O"}, {"B-Y O B-X O O", "B-Y O B-X I-X B-Z"}, {"O O", "O O"}});
}

TEST(Tagging, spans_are_counted_by_hand) {
  const Tagging t = entities();
  EXPECT_DOUBLE_EQ(metric("precision", t), 2.0 / 4);
  EXPECT_DOUBLE_EQ(metric("recall", t), 2.0 / 4);
  EXPECT_DOUBLE_EQ(metric("f1", t), 0.5);
  EXPECT_DOUBLE_EQ(metric("macro_f1", t), (0.5 + 2.0 / 3 + 0) / 3);
  EXPECT_DOUBLE_EQ(metric("token_accuracy", t), 8.0 / 11);
  EXPECT_DOUBLE_EQ(metric("exact", t), 1.0 / 3);
  EXPECT_THAT(*t.right(), testing::ElementsAre(false, false, true));
}

TEST(Tagging, a_span_needs_both_ends_and_its_type) {
  for (const char* wrong : {"O B-X I-X O", "B-X I-X I-X O", "O O B-X O", "O B-Y I-Y I-Y"}) {
    EXPECT_EQ(metric("f1", tagging(true, {{"O B-X I-X I-X", wrong}})), 0) << wrong;
  }
  EXPECT_EQ(metric("f1", tagging(true, {{"O B-X I-X I-X", "O I-X I-X I-X"}})), 1);
  EXPECT_EQ(metric("f1", tagging(true, {{"O B-X I-X I-X", "O B-X I-X E-X"}})), 1);
}

TEST(Tagging, without_predictions_precision_is_zero) {
  const Tagging t = tagging(true, {{"B-X O", "O O"}});
  for (const char* name : {"f1", "precision", "recall", "macro_f1"}) EXPECT_EQ(metric(name, t), 0);
  EXPECT_EQ(metric("precision", tagging(true, {{"O", "O"}})), 0);
}

TEST(Tagging, labels_are_counted_by_hand) {
  const Tagging t = tagging(false, {{"a a b", "a b b"}, {"c", "c"}});
  EXPECT_DOUBLE_EQ(metric("accuracy", t), 3.0 / 4);
  EXPECT_DOUBLE_EQ(metric("macro_f1", t), (2.0 / 3 + 2.0 / 3 + 1) / 3);
  EXPECT_DOUBLE_EQ(metric("exact", t), 0.5);
}

// Each row: one truth and prediction, and how many events are true, predicted and found.
TEST(Tagging, an_event_is_found_where_half_is_shared) {
  const auto f1 = [](const std::string& truth, const std::string& predicted) {
    return metric("event_f1", tagging(false, {{truth, predicted}, {"O", "O"}}));
  };
  EXPECT_EQ(f1("O a a O", "O a a O"), 1);
  EXPECT_EQ(f1("O a a O", "O a O O"), 1);      // 1 of 2
  EXPECT_EQ(f1("O a a a O", "O a O O O"), 0);  // 1 of 3
  EXPECT_EQ(f1("O a a a O", "a a a O O"), 1);  // 2 of 4
  EXPECT_EQ(f1("O a a O O", "a a O O O"), 0);  // 1 of 3
  EXPECT_EQ(f1("a a", "b b"), 0);
  EXPECT_DOUBLE_EQ(f1("a a a a a O b", "a a O a a O b"), 2.0 / 5);  // 2 of 5 each; b is found
  EXPECT_DOUBLE_EQ(f1("a a O a a", "a a a a a"), 0);                // 2 of 5
  EXPECT_DOUBLE_EQ(f1("a O a a a", "a a a a a"), 2.0 / 3);          // 3 of 5
}

TEST(Tagging, events_are_of_every_label_where_there_is_no_background) {
  EXPECT_DOUBLE_EQ(metric("event_f1", tagging(false, {{"a b", "a a"}})), 2.0 / 3);
  EXPECT_DOUBLE_EQ(metric("event_f1", tagging(false, {{"0 b", "0 0"}})), 0);
  // "O" is the background, so "0" is none.
  EXPECT_DOUBLE_EQ(metric("event_f1", tagging(false, {{"O 0 b", "O 0 0"}})), 2.0 / 3);
}

TEST(Tagging, calibration_is_of_steps) {
  Tagging t = tagging(false, {{"a b", "a a"}, {"a", "a"}});
  EXPECT_EQ(t.metrics().back().name, "exact");
  t.confidence = {{0.9, 0.9}, {0.5}};
  EXPECT_EQ(t.metrics().back().name, "calibration_error");
  EXPECT_NEAR(metric("calibration_error", t), (0.8 + 0.5) / 3, 1e-12);
}

TEST(Tagging, the_main_metric_comes_first) {
  EXPECT_EQ(tagging(true, {}).metrics().front().name, "f1");
  EXPECT_EQ(tagging(false, {}).metrics().front().name, "accuracy");
}

TEST(Tagging, no_samples_give_zero) {
  for (const bool spans : {true, false}) {
    const Tagging t = tagging(spans, {});
    for (const auto& [name, about, of] : t.metrics()) EXPECT_EQ(of(t), 0) << name;
  }
}

// Random tags, with everything that can be told.
Tagging drawn(bool spans, int n, int seed) {
  const std::vector<std::string> tags = {"O", "B-X", "I-X", "B-Y", "I-Y"};
  Tagging t;
  t.spans = spans;
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    t.truth.emplace_back();
    t.predicted.emplace_back();
    t.confidence.emplace_back();
    const auto steps = rng.below(9);
    for (std::size_t s = 0; s < steps; ++s) {
      t.truth.back().push_back(tags[rng.below(5)]);
      t.predicted.back().push_back(rng.uniform() < 0.7 ? t.truth.back().back()
                                                       : tags[rng.below(5)]);
      t.confidence.back().push_back(rng.uniform());
    }
    if (!spans) continue;
    t.seen.emplace_back(spans_of(t.truth.back()).size(), i % 2 == 0);
  }
  return t;
}

TEST(Tagging, a_weight_of_two_is_the_sample_twice_and_of_zero_its_absence) {
  for (const bool spans : {true, false}) {
    Tagging weighted = drawn(spans, 30, 1), twice = drawn(spans, 30, 1);
    weighted.weight.assign(30, 1);
    weighted.weight[4] = 2;
    weighted.weight[7] = 0;
    for (const auto erase : {7}) {
      twice.truth.erase(twice.truth.begin() + erase);
      twice.predicted.erase(twice.predicted.begin() + erase);
      twice.confidence.erase(twice.confidence.begin() + erase);
      if (spans) twice.seen.erase(twice.seen.begin() + erase);
    }
    twice.truth.push_back(twice.truth[4]);
    twice.predicted.push_back(twice.predicted[4]);
    twice.confidence.push_back(twice.confidence[4]);
    if (spans) twice.seen.push_back(twice.seen[4]);
    for (const auto& [name, about, of] : weighted.metrics()) {
      EXPECT_NEAR(of(weighted), of(twice), 1e-12) << name;
    }
  }
}

TEST(Tagging, one_followed_by_another_is_both) {
  for (const bool spans : {true, false}) {
    const Tagging all = drawn(spans, 20, 2);
    Tagging first = all, second = all;
    for (auto* part : {&first, &second}) {
      const auto cut = [&](auto& list) {
        if (list.empty()) return;
        part == &first ? list.erase(list.begin() + 8, list.end())
                       : list.erase(list.begin(), list.begin() + 8);
      };
      cut(part->truth);
      cut(part->predicted);
      cut(part->confidence);
      cut(part->seen);
    }
    const auto both = first.followed_by(second);
    EXPECT_TRUE(both->same_samples(all));
    for (const auto& [name, about, of] : all.metrics()) EXPECT_EQ(of(*both), of(all)) << name;
    EXPECT_FALSE(first.same_samples(all));
    EXPECT_TRUE(all.clone()->same_samples(all));
  }
}

std::string why_refused(const Tagging& t) {
  try {
    t.check();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kData);
    return error.what();
  }
  return "";
}

TEST(Tagging, wrong_input_is_named) {
  Tagging t = entities();
  EXPECT_EQ(why_refused(t), "");
  t.predicted[1].pop_back();
  EXPECT_EQ(why_refused(t), "scores: sample 2 has 5 true tags and 4 predicted ones");
  t = entities();
  t.predicted.pop_back();
  EXPECT_EQ(why_refused(t), "scores: as many predictions as truths are needed");
  t = drawn(true, 5, 3);
  t.confidence[2].push_back(1);
  EXPECT_THAT(why_refused(t), testing::HasSubstr("sample 3 has"));
  t = drawn(true, 5, 3);
  t.confidence[2].at(0) = 1.5;
  EXPECT_EQ(why_refused(t), "scores: a confidence is no probability");
  t = drawn(true, 5, 3);
  t.seen[2].push_back(true);
  EXPECT_EQ(why_refused(t), "scores: each true span is seen or unseen");
  t = entities();
  t.weight = {1, -1, 1};
  EXPECT_THAT(why_refused(t), testing::HasSubstr("a weight is negative"));
}

TEST(Tagging, of_another_kind_is_refused) {
  Classification c;
  c.classes = 2;
  c.truth = c.predicted = {0, 1};
  EXPECT_THROW(metric("f1", c), Error);
  EXPECT_FALSE(entities().same_samples(c));
}

TEST(TaggingIntervals, lie_around_the_value_and_widen_with_groups) {
  for (const bool spans : {true, false}) {
    Tagging t = drawn(spans, 200, 4);
    const auto alone = score_all(t, 1);
    for (const auto& [name, score] : alone) {
      EXPECT_LE(score.low, score.value) << name;
      EXPECT_GE(score.high, score.value) << name;
      EXPECT_GT(score.high, score.low) << name;
      EXPECT_LT(score.high - score.low, 0.25) << name;
    }
    for (int i = 0; i < 200; ++i) t.group.push_back(i / 20);
    EXPECT_NE(score_all(t, 1)[0].score.high, alone[0].score.high);
    EXPECT_EQ(score_all(t, 1)[0].score.high, score_all(t, 1)[0].score.high);
  }
}

// Copies of a sample in one group are worth one sample.
TEST(TaggingIntervals, copies_count_as_one) {
  const Tagging t = drawn(true, 60, 5);
  Tagging copies = t;
  for (int i = 0; i < 60; ++i) copies.group.push_back(i);
  const auto both = copies.followed_by(copies);
  const Interval one = score_all(t, 1)[0].score, two = score_all(*both, 1)[0].score;
  EXPECT_NEAR(one.value, two.value, 1e-12);
  EXPECT_NEAR(one.high - one.low, two.high - two.low, 0.01);
}

TEST(TaggingIntervals, a_better_tagger_is_told_from_a_worse_one) {
  const Tagging worse = drawn(true, 150, 6);
  Tagging better = worse;
  for (std::size_t i = 0; i < better.size(); i += 2) better.predicted[i] = better.truth[i];
  CompareOptions options;
  options.metric = "f1";
  const auto found = compare({worse, better}, options);
  EXPECT_TRUE(found.distinguishable);
  const auto same = compare({worse, worse}, options);
  EXPECT_FALSE(same.distinguishable);
}

// The share of spans that are found is known: each with a chance of 0.8.
TEST(SlowTaggingIntervals, hold_the_true_recall) {
  int held = 0;
  for (int problem = 0; problem < 200; ++problem) {
    Tagging t;
    base::Rng rng = base::Rng(7).fork(static_cast<std::uint64_t>(problem));
    for (int i = 0; i < 60; ++i) {
      t.truth.emplace_back();
      t.predicted.emplace_back();
      for (std::uint64_t k = 1 + rng.below(3); k > 0; --k) {
        for (const char* tag : {"B-X", "O"}) {
          t.truth.back().push_back(tag);
          t.predicted.back().push_back(rng.uniform() < 0.8 ? tag : "O");
        }
      }
    }
    const Interval found = score_all(t, problem)[2].score;
    held += found.low <= 0.8 && 0.8 <= found.high ? 1 : 0;
  }
  EXPECT_GE(held, 184);
  EXPECT_LE(held, 198);
}

TEST(TagScores, have_the_values_worked_out_by_hand) {
  const Tagging t = entities();
  const auto rows = tag_scores({&t, 1}, 1);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].type, "X");
  EXPECT_DOUBLE_EQ(rows[0].precision.value, 0.5);
  EXPECT_DOUBLE_EQ(rows[0].recall.value, 0.5);
  EXPECT_EQ(rows[0].support, 2);
  EXPECT_EQ(rows[0].predicted, 2);
  EXPECT_DOUBLE_EQ(rows[1].precision.value, 1);
  EXPECT_DOUBLE_EQ(rows[1].recall.value, 0.5);
  EXPECT_DOUBLE_EQ(rows[1].f1.value, 2.0 / 3);
  EXPECT_EQ(rows[1].support, 2);
  EXPECT_EQ(rows[1].predicted, 1);
  EXPECT_EQ(rows[2].type, "Z");
  EXPECT_EQ(rows[2].f1.value, 0);
  EXPECT_EQ(rows[2].support, 0);
  // One sample has to do with Z: it says nothing about others.
  EXPECT_EQ(rows[2].f1.low, 0);
  EXPECT_EQ(rows[2].f1.high, 1);
}

TEST(TagScores, of_labels_count_steps_and_repeats_are_averaged) {
  Tagging a = tagging(false, {{"x x y", "x y y"}, {"y", "y"}, {"x", "x"}});
  Tagging b = a;
  b.predicted[0] = tags_of("x x y");
  const std::vector<Tagging> both = {a, b};
  const auto rows = tag_scores(both, 1);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_DOUBLE_EQ(rows[0].recall.value, (2.0 / 3 + 1) / 2);
  EXPECT_EQ(rows[0].support, 3);
  EXPECT_EQ(rows[0].predicted, 2.5);
  EXPECT_LE(rows[0].recall.low, rows[0].recall.value);
}

TEST(SeenScores, tell_known_entities_from_new_ones) {
  Tagging t = tagging(true, {{"B-PER I-PER O B-LOC", "B-PER I-PER O O"},
                             {"B-LOC O B-PER", "B-LOC O O"},
                             {"B-LOC", "B-LOC"}});
  EXPECT_FALSE(seen_scores({&t, 1}, 1).has_value());
  std::set<Entity> known;
  collect_entities({"Ann", "Lee", "met", "Bob"}, tags_of("B-PER I-PER O B-PER"), known);
  collect_entities({"Rome"}, {"B-LOC"}, known);
  t.mark_seen({{"Ann", "Lee", "in", "Oslo"}, {"Bob", "and", "Bob"}, {"Rome"}}, known);
  // Bob was no place, so it is new as one.
  const std::vector<std::vector<bool>> expected = {{true, false}, {false, true}, {true}};
  EXPECT_EQ(t.seen, expected);
  const auto scores = seen_scores({&t, 1}, 1);
  ASSERT_TRUE(scores.has_value());
  EXPECT_DOUBLE_EQ(scores->seen.value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores->unseen.value, 0.5);
  EXPECT_EQ(scores->seen_support, 3);
  EXPECT_EQ(scores->unseen_support, 2);
  EXPECT_LE(scores->unseen.low, 0.5);
  EXPECT_THROW(t.mark_seen({{"Ann"}, {}, {}}, known), Error);
}

}  // namespace
}  // namespace refrain::score

#include "refrain/score/replies.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/fields.h"
#include "refrain/score/compare.h"
#include "refrain/score/intervals.h"
#include "refrain/score/simulated_replies.h"

namespace refrain::score {
namespace {

using base::Json;
using testing::ElementsAre;

Json golden_replies() {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/reply_scores.json");
  return Json::parse(file)["cases"];
}

Replies replies_from(const Json& item) {
  Replies r;
  r.kind = item["kind"] == "transcript" ? Replies::kTranscript : Replies::kTranslation;
  r.tokens = item["tokens"];
  r.truth = item["truth"].get<std::vector<std::string>>();
  r.predicted = item["predicted"].get<std::vector<std::string>>();
  r.weight = item["weight"].get<std::vector<double>>();
  return r;
}

double reply_value(const std::string& name, const Answers& answers) {
  return reply_metrics().at(name)(answers);
}

Replies translations(const std::vector<std::pair<std::string, std::string>>& samples) {
  Replies r;
  for (const auto& [truth, predicted] : samples) {
    r.truth.push_back(truth);
    r.predicted.push_back(predicted);
  }
  return r;
}

// Every fourth sentence is wrong in one word, every `every`-th has lost its last two.
Replies spoilt_lines(int every) {
  std::vector<std::pair<std::string, std::string>> samples;
  for (int i = 0; i < 60; ++i) {
    const std::string start = "line " + std::to_string(i) + (i % 4 == 0 ? " has " : " had ");
    const std::string truth = "line " + std::to_string(i) + " had five words or more";
    samples.emplace_back(truth, start + (i % every == 0 ? "five words" : "five words or more"));
  }
  return translations(samples);
}

TEST(Replies, are_scored_as_by_sacrebleu_and_jiwer) {
  const Json cases = golden_replies();
  EXPECT_EQ(cases.size(), 22u);
  for (const Json& item : cases) {
    const Replies r = replies_from(item);
    EXPECT_EQ(item["values"].size(), reply_metrics().items().size());
    for (const auto& [name, expected] : item["values"].items()) {
      const double value = expected;
      EXPECT_NEAR(reply_value(name, r), value, 1e-13 * std::max(1.0, value))
          << name << item["name"];
    }
  }
}

TEST(Replies, have_the_signatures_of_sacrebleu) {
  for (const Json& item : golden_replies()) {
    const Replies r = replies_from(item);
    for (const auto& [name, expected] : item["signatures"].items()) {
      EXPECT_EQ(signature(r, name), expected) << item["name"];
    }
    EXPECT_EQ(signature(r, "wer"), "");
  }
}

TEST(Replies, a_weight_of_two_is_the_sample_twice_and_of_zero_its_absence) {
  for (const Json& item : golden_replies()) {
    Replies plain = replies_from(item);
    plain.weight.clear();
    Replies weighted = plain, copied = plain;
    weighted.weight.assign(plain.size(), 1);
    weighted.weight[0] = 2;
    copied.truth.push_back(plain.truth[0]);
    copied.predicted.push_back(plain.predicted[0]);
    Replies absent = copied;
    absent.weight.assign(absent.size(), 1);
    absent.weight.back() = 0;
    for (const auto& [name, about, m] : reply_metrics().items()) {
      EXPECT_NEAR(m(weighted), m(copied), 1e-12 * (1 + m(copied))) << name << item["name"];
      EXPECT_NEAR(m(plain), m(absent), 1e-12 * (1 + m(plain))) << name << item["name"];
    }
  }
}

TEST(Replies, are_scored_by_hand) {
  const Replies r = translations({{"a b c d e", "a b c d"}, {"f g h i j", "f g h x j"}});
  // Matched 8 of 9 words, 5 of 7 pairs, 3 of 5 triples, 1 of 3 fours; 9 words for 10.
  const double precisions = 8.0 / 9 * 5 / 7 * 3 / 5 * 1 / 3;
  EXPECT_NEAR(reply_value("bleu", r), 100 * std::exp(1 - 10.0 / 9) * std::pow(precisions, 0.25),
              1e-12);
  EXPECT_DOUBLE_EQ(reply_value("wer", r), 2.0 / 10);
  EXPECT_DOUBLE_EQ(reply_value("cer", r), 3.0 / 18);
  EXPECT_DOUBLE_EQ(reply_value("edit_distance", r), 1.5);
  EXPECT_DOUBLE_EQ(reply_value("exact", r), 0);
}

TEST(Replies, are_named_by_their_kind) {
  const auto names = [](const Replies& r) {
    std::vector<std::string> out;
    for (const auto& item : r.metrics()) out.push_back(item.name);
    return out;
  };
  Replies r = translations({{"今天下午", "今天"}});
  EXPECT_THAT(names(r), ElementsAre("bleu", "bleu_lower", "chrf", "exact", "edit_distance"));
  r.kind = Replies::kTranscript;
  EXPECT_THAT(names(r), ElementsAre("cer", "wer", "exact"));  // no blanks between words
  r.truth = {"this afternoon"};
  EXPECT_THAT(names(r), ElementsAre("wer", "cer", "exact"));
}

TEST(Replies, an_error_rate_may_exceed_one) {
  EXPECT_DOUBLE_EQ(reply_value("wer", translations({{"one", "a b c"}})), 3);
}

TEST(Replies, white_space_of_transcripts_does_not_count) {
  Replies r = translations({{" a  b ", "a b"}, {"c", "d"}});
  EXPECT_EQ(reply_value("exact", r), 0);
  r.kind = Replies::kTranscript;
  EXPECT_EQ(reply_value("exact", r), 0.5);
  EXPECT_THAT(*r.right(), ElementsAre(true, false));
  EXPECT_EQ(reply_value("cer", r), 1.0 / 4);
}

TEST(Replies, without_samples_have_finite_scores) {
  const Replies r;
  for (const auto& [name, about, m] : reply_metrics().items()) EXPECT_EQ(m(r), 0) << name;
}

TEST(Replies, are_followed_by_others) {
  Replies a = spoilt_lines(3), b = spoilt_lines(5);
  a.group.assign(a.size(), 1);
  b.group.assign(b.size(), 2);
  const auto both = a.followed_by(b);
  EXPECT_EQ(both->size(), 120u);
  EXPECT_EQ(members(*both).size(), 2u);
  EXPECT_DOUBLE_EQ(reply_value("exact", *both),
                   (reply_value("exact", a) + reply_value("exact", b)) / 2);
  EXPECT_TRUE(a.same_samples(*a.clone()));
  EXPECT_FALSE(a.same_samples(b));
  b.group = a.group;
  EXPECT_TRUE(a.same_samples(b));
  b.kind = Replies::kTranscript;
  EXPECT_FALSE(a.same_samples(b));
}

TEST(Replies, intervals_hold_their_values) {
  Replies r = spoilt_lines(5);
  for (const auto kind : {Replies::kTranslation, Replies::kTranscript}) {
    r.kind = kind;
    const auto scores = score_all(r, 1);
    ASSERT_EQ(scores.size(), r.metrics().size());
    for (const auto& [name, score] : scores) {
      EXPECT_LT(score.low, score.value) << name;
      EXPECT_GT(score.high, score.value) << name;
      EXPECT_DOUBLE_EQ(score.value, reply_value(name, r)) << name;
    }
  }
}

TEST(Replies, groups_widen_the_interval_of_bleu) {
  Replies r = spoilt_lines(5);
  const auto alone = score_all(r, 1).front().score;
  for (int i = 0; i < 60; ++i) r.group.push_back(i % 4);  // those with a wrong word are one group
  const auto grouped = score_all(r, 1).front().score;
  EXPECT_GT(grouped.high - grouped.low, 1.5 * (alone.high - alone.low));
}

TEST(Replies, are_compared_in_pairs) {
  const Replies worse = spoilt_lines(3), better = spoilt_lines(30);
  const auto c = compare({worse, better}, {});
  EXPECT_EQ(c.metric, "bleu");
  EXPECT_TRUE(c.distinguishable);
  EXPECT_DOUBLE_EQ(c.decision.difference, reply_value("bleu", better) - reply_value("bleu", worse));
  EXPECT_GT(c.decision.low, 0);
  EXPECT_THAT(c.verdict, testing::ContainsRegex("B is better by [0-9]+\\.[0-9] points of bleu"));
  CompareOptions by_words;
  by_words.metric = "edit_distance";
  EXPECT_GT(compare({worse, better}, by_words).decision.difference, 0);  // smaller is better
  EXPECT_FALSE(compare({better, better}, {}).distinguishable);
}

TEST(Replies, wrong_input_is_named) {
  Replies r = translations({{"a", "b"}});
  r.tokens = "moses";
  EXPECT_THROW(r.check(), Error);
  r.tokens = "none";
  r.check();
  r.predicted.clear();
  EXPECT_THROW(r.weigher(false), Error);
  r.predicted = {"b"};
  r.weight = {-1};
  EXPECT_THROW(r.check(), Error);
}

// A line of 10,000 words takes a moment, not minutes.
TEST(Replies, may_be_very_long) {
  std::string truth, predicted;
  for (int i = 0; i < 10000; ++i) {
    truth += "w" + std::to_string(i % 97) + " ";
    predicted += "w" + std::to_string(i % 89) + " ";
  }
  const Replies r = translations({{truth, predicted}});
  EXPECT_GT(reply_value("wer", r), 0);
  EXPECT_LT(reply_value("wer", r), 1);
}

// Transcripts of 60 words by each of six speakers, with so many words wrong.
Interval word_errors(const std::vector<int>& wrong) {
  Replies r;
  r.kind = Replies::kTranscript;
  for (int group = 0; group < 6; ++group) {
    for (int i = 0; i < 20; ++i) {
      r.truth.emplace_back("one two three");
      r.predicted.emplace_back(i < wrong[static_cast<std::size_t>(group)] ? "one two"
                                                                          : "one two three");
      r.group.push_back(group);
    }
  }
  return score_repeats(Repeats(r), 1, {}, nullptr).front().score;
}

TEST(Replies, groups_without_errors_leave_an_interval_that_says_something) {
  const auto wer = word_errors({4, 2, 0, 0, 0, 0});
  EXPECT_NEAR(wer.value, 6.0 / 360, 1e-12);
  EXPECT_LT(wer.high, 0.5);
  EXPECT_GT(wer.low, 1e-5);
}

TEST(Replies, low_error_rates_have_intervals_below_one) {
  const auto one = word_errors({9, 0, 0, 0, 0, 0});  // hardly more than one speaker tells
  EXPECT_LT(one.high, 1);
  EXPECT_GT(one.high, 0.1);
  const auto all = word_errors({10, 8, 12, 9, 11, 10});
  EXPECT_LT(all.high, 0.22);
  EXPECT_GT(all.low, 0.12);
}

TEST(Replies, intervals_over_speakers_hold_the_true_word_error_rate) {
  const auto low = simulated::reply_intervals({8, 5, 0.02, 0.5}, 200, 1);
  EXPECT_GE(low.coverage, 0.91);  // and more: a handful of errors tells little
  EXPECT_LT(low.highest, 1);
  const auto high = simulated::reply_intervals({8, 5, 0.3, 0.5}, 200, 1);
  EXPECT_GE(high.coverage, 0.91);
  EXPECT_LE(high.coverage, 0.98);
  EXPECT_LT(high.highest, 0.9);
  EXPECT_GE(low.within, 0.91);
  EXPECT_GE(high.within, 0.91);
}

}  // namespace
}  // namespace refrain::score

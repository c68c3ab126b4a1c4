// Every simple method of the list holds these; a new one is tested by its line there.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "refrain/base/rng.h"
#include "refrain/method/accuracy.h"
#include "refrain/method/beside.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"

namespace refrain::method {
namespace {

struct Problem {
  data::Dataset data;
  std::vector<int> chosen, targets;
  int classes = 2;

  data::Subset view() const { return {data, chosen}; }
  Training training(int threads = 1) const { return {view(), targets, classes, 3, threads}; }
  void add(data::Value value, int target) {
    chosen.push_back(static_cast<int>(data.samples.size()));
    targets.push_back(target);
    data.samples.emplace_back();
    data.samples.back().label = std::to_string(target);
    data.samples.back().streams.push_back(std::move(value));
  }
};

// Slow or fast waves in the first of two channels; lengths differ; some values are missing.
Problem waves(int n) {
  Problem p;
  p.data.streams = {{"series", data::StreamKind::kSeries, 2, {}}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(8).fork(static_cast<std::uint64_t>(i));
    const int target = i % 2, steps = 30 + static_cast<int>(rng.below(5));
    const double start = rng.uniform(0, 6), speed = target == 0 ? 0.4 : 1.1;
    data::Series s{steps, 2, {}};
    for (int t = 0; t < steps; ++t) {
      s.values.push_back(static_cast<float>(std::sin(start + speed * t) + 0.1 * rng.normal()));
      s.values.push_back(static_cast<float>(rng.normal()));
    }
    if (i % 3 == 0) s.values[8] = std::numeric_limits<float>::quiet_NaN();
    p.add(std::move(s), target);
  }
  return p;
}

Problem sentences(int n) {
  Problem p;
  p.data.streams = {{"text", data::StreamKind::kText, 0, {}}};
  const char* words[2][3] = {{"good", "fine", "lovely"}, {"bad", "poor", "awful"}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(9).fork(static_cast<std::uint64_t>(i));
    const auto text = "The film no. " + std::to_string(i) + " is " + words[i % 2][rng.below(3)] +
                      " and " + words[i % 2][rng.below(3)];
    p.add(text, i % 2);
  }
  return p;
}

// Makes samples as an encoder could give them: each class has a mean of its own.
Problem encoded(int n) {
  Problem p;
  data::StreamInfo info{"text", data::StreamKind::kSeries, 3, {}};
  info.from_text = true;
  p.data.streams = {info};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(10).fork(static_cast<std::uint64_t>(i));
    const int steps = 2 + static_cast<int>(rng.below(5));
    data::Series s{steps, 3, {}};
    for (int k = 0; k < 3 * steps; ++k) {
      s.values.push_back(static_cast<float>(rng.normal() + (k % 3 == i % 2 ? 3 : 0)));
    }
    p.add(std::move(s), i % 2);
  }
  return p;
}

class EveryMethod : public testing::TestWithParam<std::string> {
 protected:
  bool text() const { return entry().kind == Reads::kText; }
  const MethodEntry& entry() const { return methods().at(GetParam()); }
  Problem problem(int n) const {
    if (entry().kind == Reads::kStates) return encoded(n);
    return text() ? sentences(n) : waves(n);
  }
  std::vector<double> run(const Problem& train, const Problem& test, int threads) const {
    const auto method = entry().make();
    method->fit(train.training(threads));
    return method->predict(test.view(), threads);
  }
};

void expect_probabilities(const std::vector<double>& p, std::size_t rows, std::size_t classes) {
  ASSERT_EQ(p.size(), rows * classes);
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      EXPECT_GE(p[i * classes + c], 0);
      sum += p[i * classes + c];
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
}

TEST_P(EveryMethod, probabilities_are_the_same_for_one_and_two_threads_and_in_every_run) {
  const auto train = problem(30), test = problem(12);
  const auto once = run(train, test, 1);
  expect_probabilities(once, 12, 2);
  EXPECT_EQ(once, run(train, test, 2));
  EXPECT_EQ(once, run(train, test, 1));
}

TEST_P(EveryMethod, learns_what_can_be_learned) {
  auto train = problem(80), test = problem(100);
  test.chosen.erase(test.chosen.begin(), test.chosen.begin() + 80);
  test.targets.erase(test.targets.begin(), test.targets.begin() + 80);
  const double score = accuracy(run(train, test, 2), test.targets, 2);
  if (GetParam() == "majority") {
    EXPECT_EQ(score, 0.5);
  } else {
    EXPECT_GE(score, GetParam() == "nn_euclidean" ? 0.6 : 0.9);
  }
}

// Words that no training text has; a table tells what they mean.
TEST_P(EveryMethod, words_of_known_meaning_are_understood_where_it_reads_that) {
  if (!entry().make()->reads_meanings()) GTEST_SKIP() << "it does not";
  Problem test;
  test.data.streams = {{"text", data::StreamKind::kText, 0, {}}};
  for (int i = 0; i < 40; ++i) test.add(std::string(i % 2 == 0 ? "nifty" : "dire"), i % 2);
  const augment::Meanings alike(
      {0,
       1,
       {"awful", "bad", "dire", "fine", "good", "lovely", "nifty", "poor"},
       {0, 1, 2, 3, 4, 5, 6, 7, 8},
       {1, 1, 1, 0, 0, 0, 0, 1},
       {1, 1},
       {-1, -1, -1, -1}});
  const auto train = sentences(60);
  const auto score = [&](const augment::Meanings* meanings) {
    const auto method = entry().make();
    auto training = train.training();
    training.meanings = meanings;
    method->fit(training);
    return accuracy(method->predict(test.view(), 1), test.targets, 2);
  };
  EXPECT_LT(score(nullptr), 0.8);
  EXPECT_EQ(score(&alike), 1);
}

TEST_P(EveryMethod, two_samples_of_two_classes_are_enough) {
  expect_probabilities(run(problem(2), problem(5), 1), 5, 2);
}

TEST_P(EveryMethod, a_class_with_one_sample_or_none_is_no_trouble) {
  auto train = problem(12);
  train.classes = 4;
  train.targets[5] = 3;  // and nothing has class 2
  expect_probabilities(run(train, problem(4), 1), 4, 4);
}

TEST_P(EveryMethod, one_class_alone_is_always_predicted) {
  auto train = problem(9);
  train.classes = 1;
  train.targets.assign(9, 0);
  EXPECT_THAT(run(train, problem(3), 1), testing::Each(testing::DoubleNear(1, 1e-12)));
}

TEST_P(EveryMethod, equal_and_empty_samples_are_no_trouble) {
  Problem p;
  p.data.streams = {{"x", text() ? data::StreamKind::kText : data::StreamKind::kSeries, 1, {}}};
  for (int i = 0; i < 10; ++i) {
    if (text()) {
      p.add(std::string(), i % 2);
    } else {
      p.add(i == 7 ? data::Series{0, 1, {}} : data::Series{4, 1, {2, 2, 2, 2}}, i % 2);
    }
  }
  expect_probabilities(run(p, p, 1), 10, 2);
}

TEST_P(EveryMethod, no_samples_are_an_error) {
  EXPECT_THROW(entry().make()->fit(problem(0).training()), Error);
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(AllMethods, EveryMethod, testing::ValuesIn(methods().names()), name_of);

TEST(InnerFolds, every_sample_is_held_out_once_and_groups_stay_together) {
  auto p = sentences(23);
  for (int i = 0; i < 23; ++i) {
    p.data.samples[static_cast<std::size_t>(i)].group = std::to_string(i / 3);
  }
  std::vector<int> held_out(23);
  for (const auto& fold : inner_folds(p.training(), 5, 100)) {
    EXPECT_EQ(fold.train.size() + fold.held_out.size(), 23U);
    for (const int place : fold.held_out) {
      ++held_out[static_cast<std::size_t>(place)];
      for (const int other : fold.train) EXPECT_NE(place / 3, other / 3);
    }
  }
  EXPECT_THAT(held_out, testing::Each(1));
}

TEST(InnerFolds, few_samples_give_few_folds_and_related_ones_none) {
  auto p = sentences(3);
  EXPECT_EQ(inner_folds(p.training(), 5, 100).size(), 3U);
  for (auto& sample : p.data.samples) sample.group = "one";
  EXPECT_TRUE(inner_folds(p.training(), 5, 100).empty());
}

TEST(RunMethods, those_that_apply_answer_in_order) {
  const auto train = sentences(20);
  const auto answers = run_methods(train.training(), train.view(), {});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0].name, "majority");
  EXPECT_EQ(accuracy(answers[0].numbers, train.targets, 2), 0.5);
  EXPECT_EQ(answers[1].name, "tfidf_logistic");
  EXPECT_EQ(accuracy(answers[1].numbers, train.targets, 2), 1.0);
  EXPECT_EQ(answers[2].name, "pieces_logistic");
  EXPECT_EQ(answers[3].name, "bayes_logistic");
}

TEST(RunMethods, texts_that_an_encoder_has_read_are_read_both_ways) {
  auto train = encoded(20);
  for (auto& sample : train.data.samples) {
    sample.text = std::make_shared<const std::string>(sample.label == "0" ? "good" : "bad");
  }
  std::vector<std::string> names;
  for (const auto& one : run_methods(train.training(), train.view(), {})) {
    names.push_back(one.name);
    EXPECT_GE(accuracy(one.numbers, train.targets, 2), one.name == "majority" ? 0.5 : 0.9)
        << one.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"majority", "tfidf_logistic", "pieces_logistic",
                                             "bayes_logistic", "mean_logistic"}));
}

TEST(RunMethods, one_that_fails_is_left_out_with_a_remark) {
  const auto train = waves(10);
  auto test = waves(4);
  for (auto& sample : test.data.samples) std::get<data::Series>(sample.streams[0]).channels = 1;
  std::vector<std::string> remarks;
  const base::Log log([&](base::Level, const std::string& text) { remarks.push_back(text); });
  const auto answers = run_methods(train.training(), test.view(), {log, nullptr, {}});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].name, "majority");
  ASSERT_EQ(remarks.size(), 5U);
  EXPECT_EQ(remarks[3], "baseline minirocket is left out: other channels than in training");
}

TEST(RunMethods, only_those_asked_for_are_run) {
  const auto train = sentences(6);
  const auto answers = run_methods(train.training(), train.view(), {{}, nullptr, {"majority"}});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].name, "majority");
}

TEST(RunMethods, a_stop_ends_the_list) {
  const auto train = sentences(6);
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(run_methods(train.training(), train.view(), {{}, &stop, {}}).empty());
}

}  // namespace
}  // namespace refrain::method

// Every simple method that predicts tags holds these; a new one is tested by its line in the list.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/rng.h"
#include "refrain/method/beside.h"
#include "refrain/method/list.h"
#include "refrain/method/tagged.h"

namespace refrain::method {
namespace {

struct TagProblem {
  data::Dataset data;
  std::vector<int> chosen;
  std::vector<std::vector<int>> tags;
  std::vector<std::string> names;

  data::Subset view() const { return {data, chosen}; }
  Training training(int threads = 1) const {
    Training out{view(), {}};
    out.seed = 3;
    out.threads = threads;
    out.tags = tags;
    out.tag_names = names;
    return out;
  }
  void add(data::Value value, std::vector<int> of_steps) {
    chosen.push_back(static_cast<int>(data.samples.size()));
    data.samples.emplace_back().streams.push_back(std::move(value));
    tags.push_back(std::move(of_steps));
  }
  std::size_t steps() const {
    std::size_t sum = 0;
    for (const auto& one : tags) sum += one.size();
    return sum;
  }
};

// People (known by "met") and places (known by "in"), of one word or two.
TagProblem journeys(int n) {
  TagProblem p;
  p.names = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
  p.data.streams = {{"text", data::StreamKind::kText, 0, {}}};
  const char* people[] = {"Anna", "Bert", "Cleo", "Dora"};
  const char* places[] = {"Oslo", "Rome", "Paris", "Bonn"};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(6).fork(static_cast<std::uint64_t>(i));
    std::string text = "they met";
    std::vector<int> tags = {0, 0};
    for (std::uint64_t k = 1 + rng.below(2), first = 1; k > 0; --k, first = 2) {
      text += std::string(" ") + people[rng.below(4)];
      tags.push_back(static_cast<int>(first));
    }
    text += std::string(" in ") + places[rng.below(4)];
    tags.insert(tags.end(), {0, 3});
    if (rng.below(2) == 0) {
      text += " City";
      tags.push_back(4);
    }
    p.add(text, tags);
  }
  return p;
}

// Slow and fast parts; some values are missing.
TagProblem phases(int n) {
  TagProblem p;
  p.names = {"slow", "fast"};
  p.data.streams = {{"series", data::StreamKind::kSeries, 2, {}}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(7).fork(static_cast<std::uint64_t>(i));
    data::Series s{40 + static_cast<int>(rng.below(5)), 2, {}};
    std::vector<int> tags;
    double at = rng.uniform(0, 6);
    for (int t = 0; t < s.steps; ++t) {
      tags.push_back(t / 15 % 2 == i % 2 ? 0 : 1);
      at += tags.back() == 0 ? 0.1 : 1.5;
      s.values.push_back(static_cast<float>(std::sin(at) * (tags.back() == 0 ? 1 : 3)));
      s.values.push_back(static_cast<float>(rng.normal()));
    }
    if (i % 3 == 0) s.values[6] = std::numeric_limits<float>::quiet_NaN();
    p.add(std::move(s), tags);
  }
  return p;
}

void expect_tag_shares(const std::vector<double>& p, std::size_t steps, std::size_t tags) {
  ASSERT_EQ(p.size(), steps * tags);
  for (std::size_t t = 0; t < steps; ++t) {
    double sum = 0;
    for (std::size_t k = 0; k < tags; ++k) {
      EXPECT_GE(p[t * tags + k], 0);
      sum += p[t * tags + k];
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
}

// The share of steps whose likeliest tag is right.
double tags_right(const std::vector<double>& p, const TagProblem& problem) {
  double right = 0;
  auto row = p.begin();
  for (const auto& tags : problem.tags) {
    for (const int tag : tags) {
      const auto next = row + static_cast<std::ptrdiff_t>(problem.names.size());
      right += std::max_element(row, next) - row == tag ? 1 : 0;
      row = next;
    }
  }
  return right / static_cast<double>(problem.steps());
}

class EveryTagMethod : public testing::TestWithParam<std::string> {
 protected:
  const MethodEntry& entry() const { return methods(Predicts::kTags).at(GetParam()); }
  bool text() const { return entry().kind != Reads::kSeries; }
  TagProblem problem(int n) const { return text() ? journeys(n) : phases(n); }
  std::vector<double> run(const TagProblem& train, const TagProblem& test, int threads) const {
    const auto method = entry().make();
    method->fit(train.training(threads));
    return method->predict(test.view(), threads);
  }
};

TEST_P(EveryTagMethod, shares_are_the_same_for_one_and_two_threads_and_in_every_run) {
  const auto train = problem(30), test = problem(12);
  const auto once = run(train, test, 1);
  expect_tag_shares(once, test.steps(), test.names.size());
  EXPECT_EQ(once, run(train, test, 2));
  EXPECT_EQ(once, run(train, test, 1));
}

TEST_P(EveryTagMethod, learns_what_can_be_learned) {
  const auto train = problem(40);
  auto test = problem(70);
  test.chosen.erase(test.chosen.begin(), test.chosen.begin() + 40);
  test.tags.erase(test.tags.begin(), test.tags.begin() + 40);
  EXPECT_GE(tags_right(run(train, test, 2), test), GetParam() == "frequent_tag" ? 0.7 : 0.9);
}

TEST_P(EveryTagMethod, reads_back_what_it_wrote) {
  const auto train = problem(30), test = problem(12);
  const int tags = static_cast<int>(train.names.size());
  const auto method = entry().make(), read = entry().make(), third = entry().make();
  method->fit(train.training());
  tensor::TensorFile file, again;
  Archive out(file, "", tags);
  method->archive(out);
  Archive in(file, "", tags, out.head());
  read->archive(in);
  const auto a = method->predict(test.view(), 1), b = read->predict(test.view(), 1);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-4);
  Archive second(again, "", tags);
  read->archive(second);
  EXPECT_EQ(second.head(), out.head());
  Archive narrow(file, "", tags - 1, out.head());
  EXPECT_THROW(third->archive(narrow), Error);
}

TEST_P(EveryTagMethod, one_sample_and_texts_without_words_are_no_trouble) {
  auto one = problem(1);
  one.names.push_back(text() ? "B-NEW" : "new");  // a tag that never occurs
  expect_tag_shares(run(one, problem(3), 1), problem(3).steps(), one.names.size());
  if (!text()) return;
  auto more = one;
  more.add(data::Value(std::string()), {0});  // answered as one word
  expect_tag_shares(run(one, more, 1), one.steps() + 1, one.names.size());
}

TEST_P(EveryTagMethod, one_tag_alone_is_always_predicted) {
  auto train = problem(6);
  train.names = {"O"};
  for (auto& tags : train.tags) std::fill(tags.begin(), tags.end(), 0);
  EXPECT_THAT(run(train, problem(3), 1), testing::Each(testing::DoubleNear(1, 1e-12)));
}

TEST_P(EveryTagMethod, no_samples_and_other_tags_than_steps_are_errors) {
  EXPECT_THROW(entry().make()->fit(problem(0).training()), Error);
  auto short_of_one = problem(3);
  short_of_one.tags[1].pop_back();
  EXPECT_THROW(entry().make()->fit(short_of_one.training()), Error);
}

std::string name_of_tagger(const testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(AllTagMethods, EveryTagMethod,
                         testing::ValuesIn(methods(Predicts::kTags).names()), name_of_tagger);

std::vector<std::string> tagged_by(const std::string& name, const TagProblem& train,
                                   const std::string& text) {
  const auto method = methods(Predicts::kTags).at(name).make();
  method->fit(train.training());
  TagProblem test;
  test.add(text, {});
  const auto p = method->predict(test.view(), 1);
  std::vector<std::string> out;
  for (auto row = p.begin(); row != p.end();) {
    const auto next = row + static_cast<std::ptrdiff_t>(train.names.size());
    out.push_back(train.names[static_cast<std::size_t>(std::max_element(row, next) - row)]);
    row = next;
  }
  return out;
}

TEST(FrequentTag, gives_the_shares_of_each_word) {
  TagProblem p;
  p.names = {"O", "B-X"};
  p.add(std::string("a b a"), {0, 0, 1});
  p.add(std::string("a"), {1});
  const auto method = make_frequent_tag();
  method->fit(p.training());
  TagProblem test;
  test.add(std::string("a b new"), {});
  EXPECT_THAT(method->predict(test.view(), 1),
              testing::ElementsAre(1.0 / 3, 2.0 / 3, 1, 0, 0.5, 0.5));
}

TEST(EntityDictionary, takes_the_longest_entity_and_its_usual_type) {
  TagProblem p;
  p.names = {"O", "B-LOC", "I-LOC", "B-PER"};
  p.add(std::string("New York"), {1, 2});
  p.add(std::string("York in York and York"), {3, 0, 3, 0, 1});
  EXPECT_THAT(tagged_by("entity_dictionary", p, "to New York York new York City"),
              testing::ElementsAre("O", "B-LOC", "I-LOC", "B-PER", "O", "B-PER", "O"));
}

TEST(EntityDictionary, closes_entities_where_the_tags_do) {
  TagProblem p;
  p.names = {"O", "B-X", "I-X", "E-X", "S-X"};
  p.add(std::string("a b c and d"), {1, 2, 3, 0, 4});
  EXPECT_THAT(tagged_by("entity_dictionary", p, "d a b c a b"),
              testing::ElementsAre("S-X", "B-X", "I-X", "E-X", "O", "O"));
}

TEST(EntityDictionary, does_not_apply_to_labels_that_mark_no_spans) {
  TagProblem p;
  p.names = {"noun", "verb"};
  p.add(std::string("birds fly"), {0, 1});
  EXPECT_THROW(make_entity_dictionary()->fit(p.training()), Error);
}

// A name that was never seen is known by its shape and the words before it.
TEST(FeatureCrf, understands_words_that_it_never_saw) {
  const auto train = journeys(60);
  EXPECT_THAT(tagged_by("feature_crf", train, "they met Zeno in Ghent City"),
              testing::ElementsAre("O", "O", "B-PER", "O", "B-LOC", "I-LOC"));
}

TEST(FeatureCrf, reads_texts_of_single_characters) {
  TagProblem p;
  p.names = {"O", "B-LOC", "I-LOC"};
  for (int i = 0; i < 8; ++i) {
    p.add(std::string(i % 2 == 0 ? "我 在 北 京" : "他 去 上 海 了"),
          i % 2 == 0 ? std::vector<int>{0, 0, 1, 2} : std::vector<int>{0, 0, 1, 2, 0});
  }
  EXPECT_THAT(tagged_by("feature_crf", p, "他 在 上 海"),
              testing::ElementsAre("O", "O", "B-LOC", "I-LOC"));
}

TEST(RunTagMethods, those_that_apply_answer_in_order) {
  const auto train = journeys(20);
  std::vector<std::string> names;
  for (const auto& one : run_methods(train.training(), train.view(), {})) names.push_back(one.name);
  EXPECT_THAT(names, testing::ElementsAre("frequent_tag", "entity_dictionary", "feature_crf"));
}

}  // namespace
}  // namespace refrain::method

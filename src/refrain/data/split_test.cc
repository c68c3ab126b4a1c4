#include "refrain/data/split.h"

#include <gmock/gmock.h>

#include <map>
#include <numeric>
#include <set>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Samples with distinct contents; labels as given, groups optional.
Dataset make_set(const std::vector<std::string>& labels,
                 const std::vector<std::string>& groups = {}) {
  Dataset out;
  out.has_labels = true;
  out.streams.push_back({"text", StreamKind::kText, 0, {}});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Sample sample;
    sample.label = labels[i];
    if (!groups.empty()) sample.group = groups[i];
    sample.streams.emplace_back("text " + std::to_string(i));
    out.samples.push_back(std::move(sample));
  }
  return out;
}

std::vector<std::string> repeated(const std::vector<std::pair<std::string, int>>& classes) {
  std::vector<std::string> out;
  for (const auto& [name, count] : classes) out.insert(out.end(), count, name);
  return out;
}

std::vector<int> whole(const Dataset& set) {
  std::vector<int> out(set.samples.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

std::map<std::string, int> class_counts(const Dataset& set, const std::vector<int>& part) {
  std::map<std::string, int> out;
  for (const int i : part) ++out[set.samples[static_cast<std::size_t>(i)].label];
  return out;
}

// True if the two parts share no value of `key`.
template <class Key>
bool disjoint(const Dataset& set, const std::vector<int>& a, const std::vector<int>& b, Key key) {
  std::set<std::string> seen;
  for (const int i : a) seen.insert(key(set.samples[static_cast<std::size_t>(i)]));
  return std::none_of(b.begin(), b.end(), [&](int i) {
    return seen.count(key(set.samples[static_cast<std::size_t>(i)])) > 0;
  });
}

std::string group_of(const Sample& sample) { return sample.group; }
std::string first_text_of(const Sample& sample) { return std::get<std::string>(sample.streams[0]); }

void expect_partition(const std::vector<int>& pool, const std::vector<std::vector<int>>& parts) {
  std::vector<int> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(pool));
}

TEST(SplitOff, each_class_gives_its_rounded_share) {
  const auto set = make_set(repeated({{"a", 100}, {"b", 14}, {"c", 15}, {"d", 4}}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto split = split_off(set, whole(set), 0.1, base::Rng(seed));
    EXPECT_THAT(class_counts(set, split.held_out),
                ElementsAre(testing::Pair("a", 10), testing::Pair("b", 1), testing::Pair("c", 2)));
    EXPECT_THAT(split.kept_whole, ElementsAre("d"));
    expect_partition(whole(set), {split.train, split.held_out});
  }
}

TEST(SplitOff, a_class_of_one_sample_is_kept_whole_and_named) {
  const auto set = make_set(repeated({{"one", 1}, {"many", 20}, {"single", 1}}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto split = split_off(set, whole(set), 0.9, base::Rng(seed));
    EXPECT_THAT(class_counts(set, split.held_out), ElementsAre(testing::Pair("many", 18)));
    EXPECT_THAT(split.kept_whole, ElementsAre("one", "single"));
  }
}

TEST(SplitOff, the_last_sample_of_a_class_is_never_taken) {
  const auto set = make_set(repeated({{"a", 2}, {"b", 3}}));
  const auto split = split_off(set, whole(set), 0.99, base::Rng(1));
  EXPECT_EQ(class_counts(set, split.train)["a"], 1);
  EXPECT_EQ(class_counts(set, split.train)["b"], 1);
}

TEST(SplitOff, at_least_one_sample_is_held_out_where_possible) {
  const auto two = make_set({"a", "a"});
  EXPECT_EQ(split_off(two, {0, 1}, 0.001, base::Rng(1)).held_out.size(), 1u);
  const auto apart = make_set({"a", "b"});
  const auto split = split_off(apart, {0, 1}, 0.5, base::Rng(1));
  EXPECT_THAT(split.held_out, IsEmpty());
  EXPECT_THAT(split.kept_whole, ElementsAre("a", "b"));
  EXPECT_THAT(split_off(two, {1}, 0.5, base::Rng(1)).train, ElementsAre(1));
  EXPECT_THAT(split_off(two, {}, 0.5, base::Rng(1)).train, IsEmpty());
}

TEST(SplitOff, many_small_classes_still_give_the_wanted_total) {
  std::vector<std::pair<std::string, int>> classes;
  for (int c = 0; c < 50; ++c) classes.emplace_back("class " + std::to_string(c), 4);
  const auto set = make_set(repeated(classes));
  const auto split = split_off(set, whole(set), 0.1, base::Rng(3));
  EXPECT_EQ(split.held_out.size(), 20u);
  EXPECT_EQ(split.kept_whole.size(), 30u);
  for (const auto& [name, count] : class_counts(set, split.held_out)) EXPECT_EQ(count, 1) << name;
  EXPECT_NE(split_off(set, whole(set), 0.1, base::Rng(4)).kept_whole, split.kept_whole);
}

TEST(SplitOff, the_same_generator_gives_the_same_split_and_another_one_another) {
  const auto set = make_set(repeated({{"a", 40}, {"b", 40}}));
  const auto first = split_off(set, whole(set), 0.25, base::Rng(9));
  EXPECT_EQ(split_off(set, whole(set), 0.25, base::Rng(9)).held_out, first.held_out);
  EXPECT_NE(split_off(set, whole(set), 0.25, base::Rng(10)).held_out, first.held_out);
}

TEST(SplitOff, only_samples_of_the_pool_are_used_and_their_order_is_kept) {
  const auto set = make_set(repeated({{"a", 30}}));
  const std::vector<int> pool = {29, 3, 17, 5, 11, 2, 8, 23, 19, 4};
  const auto split = split_off(set, pool, 0.3, base::Rng(5));
  EXPECT_EQ(split.held_out.size(), 3u);
  expect_partition(pool, {split.train, split.held_out});
  const auto place = [&](int i) { return std::find(pool.begin(), pool.end(), i); };
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end(),
                             [&](int a, int b) { return place(a) < place(b); }));
}

TEST(SplitOff, every_sample_is_held_out_equally_often) {
  const auto set = make_set(repeated({{"a", 10}, {"b", 20}}));
  std::vector<int> times(30, 0);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    for (const int i : split_off(set, whole(set), 0.2, base::Rng(seed)).held_out) {
      ++times[static_cast<std::size_t>(i)];
    }
  }
  for (const int count : times) EXPECT_NEAR(count, 600, 110);  // 5 standard deviations
}

TEST(SplitOff, unlabelled_samples_are_split_at_random) {
  auto set = make_set(std::vector<std::string>(50, ""));
  set.has_labels = false;
  const auto split = split_off(set, whole(set), 0.2, base::Rng(5));
  EXPECT_EQ(split.held_out.size(), 10u);
  EXPECT_THAT(split.kept_whole, IsEmpty());
}

TEST(SplitOff, groups_never_straddle_and_classes_keep_their_proportions) {
  base::Rng draw(11);
  for (std::uint64_t round = 0; round < 300; ++round) {
    std::vector<std::string> labels, groups;
    const auto count = 40 + draw.below(100);
    for (std::uint64_t i = 0; i < count; ++i) {
      labels.push_back(draw.uniform() < 0.3 ? "sick" : "well");
      groups.push_back(draw.uniform() < 0.1 ? "" : "patient " + std::to_string(draw.below(20)));
    }
    const auto set = make_set(labels, groups);
    const auto split = split_off(set, whole(set), 0.2, base::Rng(round));
    expect_partition(whole(set), {split.train, split.held_out});
    const auto key = [](const Sample& s) { return s.group.empty() ? first_text_of(s) : s.group; };
    ASSERT_TRUE(disjoint(set, split.train, split.held_out, key));
    const auto all = class_counts(set, whole(set)), held = class_counts(set, split.held_out);
    for (const auto& [name, n] : all) {
      ASSERT_NEAR(held.count(name) > 0 ? held.at(name) : 0, 0.2 * n, 4) << round;
    }
  }
}

TEST(SplitOff, a_group_larger_than_wanted_is_taken_when_there_is_no_other) {
  const auto set = make_set(repeated({{"a", 30}}), repeated({{"p1", 12}, {"p2", 10}, {"p3", 8}}));
  const auto split = split_off(set, whole(set), 0.1, base::Rng(2));
  EXPECT_EQ(split.held_out.size(), 8u);
}

TEST(SplitOff, a_group_with_all_samples_of_a_class_stays_in_training) {
  const auto set = make_set({"a", "a", "a", "b", "b", "b"}, {"p", "p", "q", "r", "r", "r"});
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto split = split_off(set, whole(set), 0.4, base::Rng(seed));
    EXPECT_FALSE(split.held_out.empty());
    EXPECT_EQ(class_counts(set, split.train)["b"], 3);
    EXPECT_THAT(split.kept_whole, ElementsAre("b"));
  }
}

TEST(SplitOff, duplicates_never_straddle) {
  base::Rng draw(12);
  for (std::uint64_t round = 0; round < 100; ++round) {
    auto set = make_set(repeated({{"a", 60}, {"b", 60}}));
    for (auto& sample : set.samples) {
      sample.streams[0] = "text " + std::to_string(draw.below(70));
    }
    const auto split = split_off(set, whole(set), 0.2, base::Rng(round));
    ASSERT_TRUE(disjoint(set, split.train, split.held_out, first_text_of));
    EXPECT_NEAR(static_cast<double>(split.held_out.size()), 24, 3);
  }
}

TEST(SplitOff, equal_series_are_duplicates_only_if_their_shapes_are_equal) {
  Dataset set;
  const auto add = [&](int steps, int channels, std::vector<float> values) {
    set.samples.emplace_back().streams.emplace_back(Series{steps, channels, std::move(values)});
  };
  add(2, 2, {1, 2, 3, 4});
  add(2, 2, {1, 2, 3, 4});
  add(4, 1, {1, 2, 3, 4});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto split = split_off(set, {0, 1, 2}, 0.33, base::Rng(seed));
    EXPECT_THAT(split.held_out, ElementsAre(2));
  }
}

TEST(SplitOff, what_was_made_from_one_sample_stays_with_it) {
  auto set = make_set(repeated({{"a", 40}}));
  for (std::size_t i = 20; i < 40; ++i) set.samples[i].source = static_cast<std::int64_t>(i) - 20;
  set.samples[39].source = 38;  // made from a made one: 39 <- 38 <- 18
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto split = split_off(set, whole(set), 0.3, base::Rng(seed));
    const std::set<int> held(split.held_out.begin(), split.held_out.end());
    for (int i = 20; i < 39; ++i) EXPECT_EQ(held.count(i), held.count(i - 20));
    EXPECT_EQ(held.count(39), held.count(18));
  }
  // Siblings stay together even where their source is not of the pool.
  set.samples[30].source = set.samples[31].source = 0;
  const auto split = split_off(set, {30, 31, 5}, 0.4, base::Rng(1));
  EXPECT_THAT(split.held_out, ElementsAre(5));
}

TEST(SplitOff, broken_lineage_does_no_harm) {
  auto set = make_set(repeated({{"a", 4}}));
  set.samples[0].source = 1;
  set.samples[1].source = 0;
  set.samples[2].source = 77;
  EXPECT_EQ(split_off(set, whole(set), 0.25, base::Rng(1)).held_out.size(), 1u);
}

TEST(SplitOff, fractions_outside_0_to_1_are_refused_and_0_holds_out_nothing) {
  const auto set = make_set({"a", "a"});
  EXPECT_THAT(split_off(set, {1, 0}, 0, base::Rng(1)).train, ElementsAre(1, 0));
  for (const double bad : {-0.1, 1.0, 3.0, std::nan("")}) {
    EXPECT_THROW(split_off(set, {0, 1}, bad, base::Rng(1)), Error) << bad;
  }
  EXPECT_THROW(split_off(set, {0, 2}, 0.5, base::Rng(1)), Error);
}

TEST(Folds, each_sample_is_in_one_fold_and_classes_differ_by_at_most_one) {
  const auto set = make_set(repeated({{"a", 23}, {"b", 11}, {"c", 3}, {"d", 1}}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto parts = folds(set, whole(set), 5, base::Rng(seed));
    ASSERT_EQ(parts.size(), 5u);
    expect_partition(whole(set), parts);
    const std::map<std::string, int> sizes = {{"a", 23}, {"b", 11}, {"c", 3}, {"d", 1}};
    for (const auto& part : parts) {
      EXPECT_THAT(part.size(), testing::AnyOf(7u, 8u));  // 38 samples
      auto counts = class_counts(set, part);
      for (const auto& [name, n] : sizes) {
        EXPECT_GE(counts[name], n / 5);
        EXPECT_LE(counts[name], n / 5 + 1);
      }
    }
  }
}

TEST(Folds, groups_and_duplicates_never_straddle) {
  base::Rng draw(13);
  for (std::uint64_t round = 0; round < 100; ++round) {
    std::vector<std::string> labels, groups;
    for (int i = 0; i < 120; ++i) {
      labels.push_back(draw.uniform() < 0.4 ? "a" : "b");
      groups.push_back("patient " + std::to_string(draw.below(30)));
    }
    const auto set = make_set(labels, groups);
    const auto parts = folds(set, whole(set), 4, base::Rng(round));
    expect_partition(whole(set), parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(parts[i].size()), 30, 8);
      for (std::size_t j = 0; j < i; ++j) {
        ASSERT_TRUE(disjoint(set, parts[i], parts[j], group_of));
      }
    }
  }
}

TEST(Folds, as_many_folds_as_samples_leave_one_out) {
  const auto set = make_set(repeated({{"a", 3}, {"b", 4}}));
  for (const auto& part : folds(set, whole(set), 7, base::Rng(1))) EXPECT_EQ(part.size(), 1u);
}

TEST(Folds, small_groups_even_out_large_ones) {
  std::vector<std::string> groups = repeated({{"large", 6}});
  for (int i = 0; i < 6; ++i) groups.push_back("small " + std::to_string(i));
  const auto set = make_set(repeated({{"a", 12}}), groups);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const auto& part : folds(set, whole(set), 2, base::Rng(seed))) EXPECT_EQ(part.size(), 6u);
  }
}

TEST(Folds, no_fold_is_empty_even_with_one_huge_group) {
  const auto set = make_set(repeated({{"a", 50}, {"b", 2}}), repeated({{"p", 50}, {"", 2}}));
  for (const auto& part : folds(set, whole(set), 3, base::Rng(1))) EXPECT_FALSE(part.empty());
}

TEST(Folds, the_same_generator_gives_the_same_folds) {
  const auto set = make_set(repeated({{"a", 23}, {"b", 11}}));
  EXPECT_EQ(folds(set, whole(set), 3, base::Rng(4)), folds(set, whole(set), 3, base::Rng(4)));
  EXPECT_NE(folds(set, whole(set), 3, base::Rng(4)), folds(set, whole(set), 3, base::Rng(5)));
}

TEST(Folds, too_many_folds_are_a_usage_error_that_says_why) {
  const auto message = [](const Dataset& set, int k) -> std::string {
    try {
      folds(set, whole(set), k, base::Rng(1));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kUsage);
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message(make_set({"a", "b", "a"}), 4), "cannot make 4 folds of 3 samples");
  EXPECT_THAT(message(make_set({"a", "b", "a"}, {"p", "p", "q"}), 3),
              testing::StartsWith("cannot make 3 folds of 2 groups"));
  EXPECT_EQ(message(make_set({"a", "b"}), 1), "--folds must be at least 2, got 1");
}

TEST(UnitCount, counts_what_is_never_cut) {
  const auto set = make_set({"a", "b", "a", "b"}, {"p", "p", "q", ""});
  EXPECT_EQ(unit_count(set, whole(set)), 3);
  EXPECT_EQ(unit_count(set, {0, 1}), 1);
  EXPECT_EQ(unit_count(set, {}), 0);
}

}  // namespace
}  // namespace refrain::data

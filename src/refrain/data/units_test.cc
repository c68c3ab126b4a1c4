#include "refrain/data/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <set>

#include "refrain/data/content.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;

struct Row {
  std::string text, label, group;
};

Dataset related_set(const std::vector<Row>& rows) {
  Dataset set;
  set.has_labels = true;
  for (const auto& row : rows) {
    Sample sample;
    sample.id = std::to_string(set.samples.size() + 1);
    sample.line = static_cast<std::int64_t>(set.samples.size()) + 2;
    sample.label = row.label;
    sample.group = row.group;
    sample.streams.emplace_back(row.text);
    set.samples.push_back(std::move(sample));
  }
  return set;
}

std::vector<int> whole_set(const Dataset& set) {
  std::vector<int> all(set.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(Units, equal_sentences_of_two_tagged_documents_make_no_one_of_them) {
  Dataset set = related_set({{"a", "", "p"}, {"a", "", "q"}, {"b", "", ""}, {"b", "", ""}});
  EXPECT_EQ(find_units(set, whole_set(set)).count, 2);
  set.has_tags = true;
  EXPECT_EQ(find_units(set, whole_set(set)).count, 2) << "labels are learned";
  set.has_labels = false;
  EXPECT_EQ(find_units(set, whole_set(set)).count, 3);
}

TEST(Units, groups_copies_and_what_was_made_of_one_sample_are_one) {
  Dataset set = related_set({{"a", "x", "p"},
                             {"b", "x", "p"},
                             {"c", "x", "q"},
                             {"d", "x", ""},
                             {"c", "x", ""},
                             {"e", "x", ""}});
  set.samples[5].source = 3;
  const Units units = find_units(set, whole_set(set));
  EXPECT_THAT(units.of, ElementsAre(0, 0, 1, 2, 1, 2));
  EXPECT_EQ(units.count, 3);
  EXPECT_EQ(units.copies, 1);
  EXPECT_EQ(units.made, 1);
  EXPECT_EQ(units.without_group, 3);
  EXPECT_FALSE(units.alone());
}

TEST(DatasetHash, knows_contents_labels_groups_tags_and_shapes) {
  const Dataset set = related_set({{"a b", "x", "p"}, {"c d", "y", "q"}});
  std::set<std::uint64_t> hashes = {dataset_hash(set)};
  const auto add_changed = [&](const std::function<void(Sample&)>& change) {
    Dataset changed = set;
    change(changed.samples[0]);
    hashes.insert(dataset_hash(changed));
  };
  add_changed([](Sample& s) { s.streams[0] = std::string("a c"); });
  add_changed([](Sample& s) { s.label = "y"; });
  add_changed([](Sample& s) { s.group = "q"; });
  add_changed([](Sample& s) { s.tags = {"O", "B-X"}; });
  add_changed([](Sample& s) { s.streams[0] = Series{1, 2, {1, 2}}; });
  add_changed([](Sample& s) { s.streams[0] = Series{2, 1, {1, 2}}; });
  EXPECT_EQ(hashes.size(), 7U);
  Dataset same = set;
  same.samples[0].id = "other";
  EXPECT_EQ(dataset_hash(same), dataset_hash(set)) << "names of samples do not matter";
}

TEST(Units, samples_without_any_relation_are_alone) {
  const Dataset set = related_set({{"a", "x", ""}, {"b", "x", ""}});
  const Units units = find_units(set, whole_set(set));
  EXPECT_TRUE(units.alone());
  EXPECT_EQ(units.without_group, 0);
}

TEST(Units, a_missing_group_leaves_the_other_groups_whole) {
  const Dataset set = related_set({{"a", "x", "p"}, {"b", "x", ""}, {"c", "x", "p"}});
  EXPECT_THAT(find_units(set, whole_set(set)).of, ElementsAre(0, 1, 0));
}

TEST(Units, equal_samples_with_different_labels_are_named_with_their_lines) {
  const Dataset set = related_set({{"a", "x", ""}, {"b", "x", ""}, {"a", "y", ""}, {"b", "x", ""}});
  int samples = 0;
  EXPECT_THAT(conflicting_labels(set, &samples), ElementsAre("line 2 'x', line 4 'y'"));
  EXPECT_EQ(samples, 2);
}

TEST(Units, a_class_within_one_unit_is_named) {
  const Dataset set = related_set({{"a", "x", "p"},
                                   {"b", "x", "q"},
                                   {"c", "rare", "p"},
                                   {"d", "twice", "q"},
                                   {"e", "twice", "q"}});
  EXPECT_THAT(classes_of_one_unit(set),
              ElementsAre("rare (1 sample)", "twice (2 samples that belong together)"));
}

}  // namespace
}  // namespace refrain::data

#include "refrain/inspect/label_errors.h"

#include <gmock/gmock.h>

#include <set>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::inspect {
namespace {

// Probabilities of a model that is sure of the true class; every tenth label is another one.
OutOfFold planted(int n, double sureness) {
  OutOfFold out{3, {}, {}};
  base::Rng rng(5);
  for (int i = 0; i < n; ++i) {
    const int truth = i % 3;
    out.label.push_back(i % 10 == 0 ? (truth + 1) % 3 : truth);
    const double p = sureness + (1 - sureness) * 0.5 * rng.uniform();
    for (int c = 0; c < 3; ++c) out.probability.push_back(c == truth ? p : (1 - p) / 2);
  }
  return out;
}

TEST(LabelErrors, that_were_planted_come_first_and_are_flagged) {
  const auto found = rank_labels(planted(300, 0.95));
  ASSERT_EQ(found.size(), 300U);
  for (int i = 0; i < 300; ++i) {
    const Suspect& s = found[static_cast<std::size_t>(i)];
    EXPECT_EQ(s.sample % 10 == 0, i < 30);
    EXPECT_EQ(s.flagged, i < 30);
    if (i < 30) {
      EXPECT_EQ(s.suggested, s.sample % 3);
    }
  }
}

TEST(LabelErrors, are_not_flagged_where_the_model_is_unsure) {
  for (const Suspect& s : rank_labels(planted(300, 0.4))) EXPECT_FALSE(s.flagged);
}

TEST(LabelErrors, of_one_class_or_none_are_none) {
  EXPECT_TRUE(rank_labels({3, {}, {}}).empty());
  for (const Suspect& s : rank_labels({1, {0, 0}, {1, 1}})) EXPECT_FALSE(s.flagged);
}

TEST(LabelErrors, need_probabilities_of_every_label) {
  EXPECT_THROW(rank_labels({2, {0, 1}, {1, 0}}), Error);
  EXPECT_THROW(rank_labels({2, {0, 2}, {1, 0, 0, 1}}), Error);
}

TEST(LabelErrors, of_numbers_are_far_from_what_was_predicted) {
  std::vector<double> truth, predicted;
  base::Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    predicted.push_back(i);
    truth.push_back(i + rng.normal() + (i == 50 || i == 120 ? 30 : 0));
  }
  const auto found = rank_numbers(truth, predicted);
  const std::set<int> first = {found[0].sample, found[1].sample};
  EXPECT_EQ(first, (std::set<int>{50, 120}));
  EXPECT_TRUE(found[0].flagged && found[1].flagged && !found[2].flagged);
}

}  // namespace
}  // namespace refrain::inspect

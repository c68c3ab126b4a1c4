#include "refrain/tape/dropout.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "refrain/kernels/elementwise.h"

namespace refrain::tape {
namespace {

constexpr int kColumns = 19;

// A batch of ones through one kind of dropout; what comes out is the mask.
class DropoutMasks : public testing::Test {
 protected:
  using Rows = std::vector<std::vector<real>>;
  using Operation = Var (*)(Tape&, Var, const Dropout&, const tensor::Steps&);

  // [B] of [rows * kColumns] in batch order; sequence i of the batch has key keys[i].
  Rows masks(Operation f, const std::vector<int>& lengths, const std::vector<std::uint64_t>& keys,
             bool one_row_each = false) {
    tensor::StepTable table;
    table.assign(lengths);
    const tensor::Steps& s = table.steps();
    std::vector<std::uint64_t> row_key;
    for (int b = 0; b < s.B; ++b) row_key.push_back(keys[static_cast<std::size_t>(s.position[b])]);
    std::vector<real> ones(static_cast<std::size_t>(s.N * kColumns), real{1});
    Tape tape;
    tape.reset(false);
    const Var x = tape.constant({{one_row_each ? s.B : s.N, kColumns}, ones.data()});
    const Tensor y = tape.value(f(tape, x, {real{0.5f}, row_key.data()}, s));
    Rows out(lengths.size());
    for (int b = 0; b < s.B; ++b) {
      auto& to = out[static_cast<std::size_t>(s.position[b])];
      for (int t = 0; t < (one_row_each ? 1 : s.length[b]); ++t) {
        const real* row = y.row(one_row_each ? s.position[b] : s.row(t, b));
        to.insert(to.end(), row, row + kColumns);
      }
    }
    return out;
  }
};

TEST_F(DropoutMasks, belong_to_the_sample_and_not_to_its_place_in_the_batch) {
  for (const Operation f : {dropout_elements, dropout_variational}) {
    const Rows a = masks(f, {3, 6, 1, 4}, {1, 2, 3, 4});
    const Rows b = masks(f, {4, 1, 2, 3, 6}, {4, 3, 9, 1, 2});
    EXPECT_EQ(a[0], b[3]);
    EXPECT_EQ(a[1], b[4]);
    EXPECT_EQ(a[2], b[1]);
    EXPECT_EQ(a[3], b[0]);
  }
  const Rows a = masks(dropout_rows, {3, 6, 1}, {1, 2, 3}, true);
  const Rows b = masks(dropout_rows, {6, 5, 1, 3}, {2, 7, 3, 1}, true);
  EXPECT_EQ(a[0], b[3]);
  EXPECT_EQ(a[1], b[0]);
  EXPECT_EQ(a[2], b[2]);
}

TEST_F(DropoutMasks, differ_between_samples) {
  for (const Operation f : {dropout_elements, dropout_variational}) {
    const Rows m = masks(f, {2, 2, 2}, {1, 2, 3});
    EXPECT_EQ((std::set<std::vector<real>>(m.begin(), m.end()).size()), 3u);
  }
}

TEST_F(DropoutMasks, hold_zeros_and_the_reciprocal_of_the_kept_share) {
  std::map<real, int> count;
  for (const auto& m : masks(dropout_elements, {50, 50}, {1, 2})) {
    for (const real x : m) ++count[x];
  }
  EXPECT_EQ(count.size(), 2u);
  EXPECT_GT(count[0], 800);  // of 1900
  EXPECT_GT(count[2], 800);
}

TEST_F(DropoutMasks, are_the_same_at_all_steps_only_where_variational) {
  const auto steps_differ = [](const std::vector<real>& m) {
    return !std::equal(m.begin(), m.begin() + kColumns, m.begin() + kColumns);
  };
  EXPECT_TRUE(steps_differ(masks(dropout_elements, {2}, {5})[0]));
  EXPECT_FALSE(steps_differ(masks(dropout_variational, {2}, {5})[0]));
}

TEST(VariationalMask, is_what_variational_dropout_multiplies_with) {
  const std::uint64_t keys[] = {8, 9};
  tensor::StepTable table;
  table.assign({1, 1});
  Tape tape;
  tape.reset(false);
  std::vector<real> ones(2 * kColumns, real{1});
  const Dropout half{real{0.5f}, keys};
  const Tensor mask = variational_mask(tape, kColumns, half, 2);
  const Var x = tape.constant({{2, kColumns}, ones.data()});
  const Tensor y = tape.value(dropout_variational(tape, x, half, table.steps()));
  EXPECT_EQ(mask.shape, (Shape{2, kColumns}));
  EXPECT_TRUE(std::equal(y.span().begin(), y.span().end(), mask.data));
}

TEST(DropoutWeights, multiplies_with_the_mask_of_its_key) {
  constexpr std::size_t kCount = 200;
  std::vector<real> ones(kCount, real{1}), mask(kCount);
  Tape tape;
  tape.reset(false);
  const Var w = tape.constant({{10, 20}, ones.data()});
  for (const std::uint64_t key : {0, 7, 8}) {
    kernels::dropout_mask(key, 0, real{0.3f}, kCount, mask.data());
    const Tensor y = tape.value(dropout_weights(tape, w, real{0.3f}, key));
    EXPECT_EQ(std::vector<real>(y.data, y.data + kCount), mask) << key;
  }
}

TEST(ZoneoutMask, is_one_where_dropout_of_the_same_share_is_zero) {
  constexpr int kUnits = 40;
  const std::uint64_t keys[] = {3, 4};
  tensor::StepTable table;
  table.assign({50, 20});
  const tensor::Steps& s = table.steps();
  std::vector<real> zone(static_cast<std::size_t>(s.N * kUnits)), row(kUnits);
  zoneout_mask({real{0.25f}, keys}, s, 0, s.T, kUnits, zone.data());
  int kept = 0;
  for (int t = 0; t < s.T; ++t) {
    for (int b = 0; b < s.live[t]; ++b) {
      kernels::dropout_mask(keys[b], static_cast<std::uint32_t>(t * kUnits), real{0.25f}, kUnits,
                            row.data());
      for (int f = 0; f < kUnits; ++f) {
        const real keeps = zone[static_cast<std::size_t>(s.row(t, b) * kUnits + f)];
        EXPECT_EQ(keeps, row[static_cast<std::size_t>(f)] == 0 ? 1 : 0) << t << " " << b;
        kept += keeps == 1 ? 1 : 0;
      }
    }
  }
  EXPECT_NEAR(kept / 2800.0, 0.25, 0.04);
}

TEST(DropoutWords, drops_every_occurrence_of_a_word_in_one_text_and_whole_vectors) {
  constexpr int kWords = 40, kTimes = 3;
  tensor::StepTable table;
  table.assign({kWords * kTimes, kWords * kTimes});
  const tensor::Steps& s = table.steps();
  std::vector<int> ids;
  for (int n = 0; n < s.N; ++n) ids.push_back(n / 2 % kWords);
  const std::uint64_t keys[] = {3, 4};
  Tape tape;
  tape.reset(false);
  std::vector<real> ones(static_cast<std::size_t>(s.N * 5), real{1});
  const Var x = tape.constant({{s.N, 5}, ones.data()});
  const Tensor y = tape.value(dropout_words(tape, x, ids.data(), {real{0.5f}, keys}, s));
  std::map<std::pair<int, int>, std::set<real>> seen;
  for (int n = 0; n < s.N; ++n) {
    for (int e = 0; e < 5; ++e) {
      seen[{s.sequence[n], ids[static_cast<std::size_t>(n)]}].insert(y.row(n)[e]);
    }
  }
  int dropped = 0, differing = 0;
  for (int word = 0; word < kWords; ++word) {
    ASSERT_EQ((seen[{0, word}].size()), 1u) << word;
    const real first = *seen[{0, word}].begin(), second = *seen[{1, word}].begin();
    dropped += first == 0 ? 1 : 0;
    differing += first != second ? 1 : 0;
  }
  EXPECT_GT(dropped, 8);
  EXPECT_LT(dropped, 32);
  EXPECT_GT(differing, 8);
}

}  // namespace
}  // namespace refrain::tape
